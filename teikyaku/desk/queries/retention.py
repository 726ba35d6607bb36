"""就労定着率 as its page shows it: everybody a line, the fee, and what the open answers can change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from billing.queries.tier_basis import TierBasis, tier_words
from clients.queries.retention import OfficeUser
from clients.rules.retention import Counted, PersonCounted
from teikyaku.reasons import Reason


class How(TextChoices):
    """数え方 of one person."""

    EMPLOYED = Counted.EMPLOYED.value, _("働いている")
    NOT_EMPLOYED = Counted.NOT_EMPLOYED.value, _("働いていない")
    UNANSWERED = Counted.UNANSWERED.value, _("まだ確かめていない")
    LEFT_OUT = Counted.LEFT_OUT.value, _("数えない")


TONES = {
    Counted.EMPLOYED: "success", Counted.NOT_EMPLOYED: "neutral", Counted.UNANSWERED: "warning",
    Counted.LEFT_OUT: "neutral",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CountedLine:
    """One person behind the rate."""

    user: OfficeUser
    how: Counted
    reason: Reason

    @property
    def client_id(self) -> UUID:
        """For links."""
        return self.user.client_id

    @property
    def label(self) -> str:
        """How the person counts."""
        return str(How(self.how.value).label)

    @property
    def tone(self) -> str:
        """The colour of the pill."""
        return TONES[self.how]


@dataclass(frozen=True, slots=True)
class ErasedLine:
    """People whose file is erased and who count alike: a number, no name and no link."""

    people: int
    how: Counted
    reason: Reason

    @property
    def label(self) -> str:
        """How they count."""
        return str(How(self.how.value).label)

    @property
    def tone(self) -> str:
        """The colour of the pill."""
        return TONES[self.how]

    @property
    def words(self) -> str:
        """In the place of the name."""
        return erased_words(self.people)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A span of months: the base fee of the rate."""

    months: str
    table: str
    is_sample: bool
    tier: str
    units: int | None
    yen: int | None
    problem: str


def lines_of(basis: TierBasis) -> list[CountedLine]:
    """Everybody, as the page lists them."""
    pairs = zip(basis.users, basis.people, strict=True)
    return [CountedLine(user, person.how, person.reason) for user, person in pairs]


def erased_lines(people: Iterable[PersonCounted]) -> list[ErasedLine]:
    """Those whose file is erased, one line for each way to count them."""
    found = Counter((person.how, person.reason) for person in people)
    rows = (ErasedLine(n, how, reason) for (how, reason), n in found.items())
    return sorted(rows, key=lambda line: (line.how, line.reason.code))


@dataclass(frozen=True, slots=True)
class BeforeLine(ErasedLine):
    """As `ErasedLine`, of whom the office told a number from before it wrote here."""

    @property
    def words(self) -> str:
        """In the place of the name."""
        return _t("移行前の方 %(n)d人") % {"n": self.people}


def before_lines(people: Iterable[PersonCounted]) -> list[ErasedLine]:
    """Those of whom a number was told, one line for each way to count them."""
    lines = erased_lines(people)
    return [BeforeLine(line.people, line.how, line.reason) for line in lines]


def erased_words(people: int) -> str:
    """記録を消去した方, how many: in the place of names."""
    return _t("記録を消去した方 %(n)d人") % {"n": people}


def fees_of(basis: TierBasis) -> list[FeeLine]:
    """The base fee of the year, by table; empty without a rate."""
    rate = basis.found.rate
    if rate is None:
        return []
    found = []
    for span in basis.spans:
        tier, table = span.tier_for(rate), span.tariff
        months = span.first.label
        if span.last != span.first:
            months = f"{months}〜{span.last.label}"
        found.append(
            FeeLine(
                months=months,
                table=f"{table.title}（{table.source}）" if table else "",
                is_sample=table is not None and table.is_sample,
                tier=tier_words(table, tier) if tier else "",
                units=tier.units if tier else None,
                yen=span.yen_for(rate),
                problem=span.problem,
            )
        )
    return found


def reach_words(basis: TierBasis) -> list[str]:
    """What the open answers can still change, one sentence each."""
    return [
        _t("あと%(n)d人が働いていると分かると、%(tier)sになります。")
        % {"n": reach.answers, "tier": tier_words(basis.first_tariff, reach.tier)}
        for reach in basis.reaches[1:]
    ]
