"""職場適応援助者養成研修修了者配置体制加算 of an office's month: what was notified, beside who has the training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.enums import NotifiedItem
from billing.models import OfficeNotification
from billing.queries.office_month import office_month
from billing.rules.trained_worker import NAMES, Lack, Training, lack_on
from teikyaku.accounts.models import Membership, Office, OfficeStart, StaffQualification
from teikyaku.accounts.roles import Role
from teikyaku.money import floor_yen, yen
from teikyaku.periods import Month, Period

ITEM = NotifiedItem.JOB_COACH_TRAINED


@dataclass(frozen=True, slots=True)
class TrainingFinding:
    """The addition in a month: whether it was notified, and what it lacks by the facts."""

    month: Month
    is_notified: bool
    lack: Lack | None
    is_known: bool = True
    """False of a month whose staff are not on file: the office moved in since."""

    @property
    def is_contradiction(self) -> bool:
        """Whether it is billed though the facts do not carry it."""
        return self.is_notified and self.lack is not None

    @property
    def is_unused(self) -> bool:
        """Whether the facts would carry it, but nobody notified it."""
        return self.is_known and not self.is_notified and self.lack is None

    @property
    def mark(self) -> str:
        """What is ticked to close all the same; another one where something else is lacking."""
        return f"{ITEM}-{self.lack or ''}"

    @property
    def text(self) -> str:
        """What was notified and what the facts say, in words."""
        words = {"month": self.month.label, "item": ITEM.label}
        if self.is_unused:
            text = _(
                "%(month)s：記録では、職場適応援助者の研修を修了した就労定着支援員がいますが、"
                "「%(item)s」の届出がありません。届出がない月は、加算しません。"
            )
            return text % words
        head = _("%(month)s：「%(item)s」の届出がありますが、") % words
        return head + _why(self.lack) if self.lack else head + _("記録も同じです。")

    def items_by_facts(self, items: Iterable[str]) -> list[str]:
        """The office's items of the month, as the facts would have them."""
        return [each for each in items if not (each == ITEM and self.lack)]


def _why(lack: Lack) -> str:
    return {
        Lack.NO_TRAINING: _("職場適応援助者の研修を修了した職員の記録がありません。"),
        Lack.NOT_IN_POST: _(
            "記録では、職場適応援助者の研修を修了した職員が、月末に就労定着支援員ではありません。"
        ),
        Lack.RAN_OUT: _(
            "記録では、就労定着支援員の職場適応援助者の研修は、月末に有効期限が過ぎています。"
        ),
    }[lack]


def training_finding(office: Office, month: Month) -> TrainingFinding:
    """The addition of one office in `month` (four queries at most)."""
    notified = _notified([office], month)
    return TrainingFinding(month, bool(notified), *_facts([office.pk], month)[office.pk])


def trainings_of_month(offices: Sequence[Office], month: Month) -> dict[int, TrainingFinding]:
    """By office the addition where it was notified (four queries at most, one where nobody notified it)."""
    notified = _notified(offices, month)
    facts = _facts(notified, month) if notified else {}
    return {office: TrainingFinding(month, True, *facts[office]) for office in notified}


def lacks_before_notice(office: Office, item: str, first: date) -> tuple[str, ...]:
    """What the facts say against a 届出 of `item` from the month `first` on, with what it earns.

    () where they say nothing, and of every other item (seven queries at most).
    """
    if item != ITEM:
        return ()
    month = Month.of(first)
    lack, _is_known = _facts([office.pk], month)[office.pk]
    if lack is None:
        return ()
    return (f"{month.label}：{_why(lack)}{_worth(office, month)}",)


def _worth(office: Office, month: Month) -> str:
    own = office_month(office, month)
    item = own.tariff.item(ITEM, month) if own.tariff else None
    if item is None or own.unit_price is None:
        return _("このまま届け出て請求すると、あとで返すことになります。")
    words = _(
        "このまま請求すると、一人につき月に%(yen)s（%(units)s単位。処遇改善加算の分は別）を、あとで返すことになります。"
    )
    amount = floor_yen(int(item.amount) * own.unit_price)
    return words % {"yen": yen(amount), "units": int(item.amount)}


def _notified(offices: Sequence[Office], month: Month) -> list[int]:
    day = month.first_day
    rows = OfficeNotification.objects.filter(
        Q(last_month=None) | Q(last_month__gte=day), office__in=offices, item=ITEM,
        first_month__lte=day,
    )  # fmt: skip
    return list(rows.values_list("office", flat=True))


def _facts(offices: Sequence[int], month: Month) -> dict[int, tuple[Lack | None, bool]]:
    """By office what the month lacks, and whether its staff are on file at all; if not, nothing is said to lack."""
    trainings, workers = _trainings(offices), _workers(offices, month.last_day)
    lacks = {each: lack_on(trainings[each], workers[each], month.last_day) for each in offices}
    lacking = [each for each, lack in lacks.items() if lack]
    here = _first_months(lacking) if lacking else {}
    found: dict[int, tuple[Lack | None, bool]] = {}
    for each, lack in lacks.items():
        # Who was invited when the office moved in stands in post from that day on, and not before it.
        is_bare = lack is Lack.NOT_IN_POST and not workers[each]
        is_known = each not in here or (month >= here[each] and not is_bare)
        found[each] = (lack if is_known else None, is_known)
    return found


def _first_months(offices: Collection[int]) -> dict[int, Month]:
    """Of offices that moved in, the first month that they bill here."""
    rows = OfficeStart.objects.filter(office__in=offices).values_list("office", "first_month")
    return {office: Month.of(first) for office, first in rows if first is not None}


def _trainings(offices: Sequence[int]) -> dict[int, list[Training]]:
    named = Q()
    for name in NAMES:
        named |= Q(kind__contains=name)
    columns = ("membership__office", "membership__user", "obtained_on", "valid_until")
    rows = StaffQualification.objects.filter(named, membership__office__in=offices)
    found: dict[int, list[Training]] = defaultdict(list)
    for office, *training in rows.values_list(*columns):
        found[office].append(Training(*training))
    return found


def _workers(offices: Sequence[int], on: date) -> dict[int, set[int]]:
    """Users in post as 就労定着支援員 on `on`: also who holds the training by an earlier membership."""
    rows = Membership.objects.filter(office__in=offices)
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows.only("office_id", "user_id", "roles", "starts_on", "ends_on"):
        if row.has_role(Role.SUPPORT_WORKER) and Period(row.starts_on, row.ends_on).contains(on):
            found[row.office_id or 0].add(row.user_id)
    return found
