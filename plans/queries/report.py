"""One report: its text, its versions, and who may get, got and received what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from clients.enums import ReportItem
from clients.models import Consent, Employment, Enrolment, RelatedPerson
from clients.queries.consent import consents_for, withdrawn_on
from clients.queries.no_contact import must_not_contact
from clients.rules.names import search_key
from plans.models import Interview, ReportShare, ReportVersion, SupportReport
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome
from plans.rules.report import EMPLOYER, PERSON, Given, Sharing, is_after_death, sharing
from plans.rules.report_handed import handed_on
from teikyaku.periods import Month, in_force

Recipient = ReportShare.Recipient
MONTHS_LOOKED_AT = 3


def report_of(enrolment: Enrolment, month: Month) -> SupportReport | None:
    """The report of a month, whether issued or only begun."""
    found = SupportReport.objects.select_related(
        "enrolment__client", "enrolment__office", "recorded_by__user"
    )
    return found.filter(enrolment=enrolment, month=month.first_day).first()


def sharing_with(
    enrolment: Enrolment, recipient: str, name: str, on: date, told_on: date
) -> Sharing:
    """What of a report may go to a recipient on `on`, when it is recorded on `told_on`.

    A workplace that must not know today gets nothing recorded for yesterday either (three queries).
    """
    client = enrolment.client
    is_closed = recipient == EMPLOYER and (
        must_not_contact(client, on) or must_not_contact(client, told_on)
    )
    is_dead = is_after_death(recipient, client.died_on, on)
    given = _given(_consents(enrolment), on)
    return sharing(recipient, search_key(name), given, must_not_contact=is_closed, is_dead=is_dead)


def last_day_to_share(enrolment: Enrolment, recipient: str, on: date) -> date:
    """`on`, or the day of the person's death: until then they may have had a report."""
    died_on = enrolment.client.died_on
    return min(on, died_on) if recipient == PERSON and died_on is not None else on


def _consents(enrolment: Enrolment) -> list[Consent]:
    found = Consent.objects.filter(enrolment=enrolment, scope=Consent.ConsentScope.REPORT)
    return list(found.order_by("starts_on", "pk"))


def _given(consents: Sequence[Consent], on: date) -> list[Given]:
    return [
        Given(row.pk, row.recipient, search_key(row.recipient_name), _items(row))
        for row in consents
        if row.is_given(on)
    ]


def _items(row: Consent) -> tuple[Any, ...]:
    return row.allowed_items


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """One possible recipient of a report: what may go, and what they have."""

    key: str
    """"person", or the consent that allows it; "" where nothing may go."""
    recipient: str
    name: str
    label: str
    sharing: Sharing
    shares: tuple[ReportShare, ...]
    """What stands, oldest first."""
    is_behind: bool
    """They have a version, and not the newest."""
    withdrawn_on: date | None = None

    @property
    def item_labels(self) -> list[str]:
        """The items that may go, in words."""
        return [str(ReportItem(item.value).label) for item in self.sharing.items]

    @property
    def has_version(self) -> int | None:
        """The newest version that they have."""
        return max((row.version.number for row in self.shares), default=None)

    @property
    def has_received(self) -> bool:
        """Whether the newest that they have is known to have arrived."""
        newest = [row for row in self.shares if row.version.number == self.has_version]
        return any(row.received_on for row in newest)


def recipient_rows(
    enrolment: Enrolment, report: SupportReport | None, shares: Sequence[ReportShare], on: date
) -> list[RecipientRow]:
    """The person, the workplace, and everybody for whom a consent or a share is on file.

    `shares` are the report's with their versions (three queries).
    """
    consents = _consents(enrolment)
    given = _given(consents, on)
    is_closed = must_not_contact(enrolment.client, on)
    died_on = enrolment.client.died_on
    # Today nothing goes any more; what went before is recorded from the page's own button.
    is_dead = died_on is not None and died_on <= on
    standing = [row for row in shares if row.taken_back_at is None]
    newest = report.versions.count() if report else 0
    newest += 1 if report and (newest == 0 or report.correction_reason) else 0
    rows = []
    for recipient, name in _whom(consents, standing):
        allowed = sharing(
            recipient, search_key(name), given, must_not_contact=is_closed, is_dead=is_dead
        )
        key = search_key(name)
        theirs = tuple(
            row
            for row in standing
            if row.recipient == recipient and (search_key(row.recipient_name) == key or not key)
        )
        had = max((row.version.number for row in theirs), default=None)
        rows.append(
            RecipientRow(
                key=_key(recipient, allowed, consents),
                recipient=recipient,
                name=name,
                label=_label(recipient, name),
                sharing=allowed,
                shares=theirs,
                is_behind=had is not None and had < newest,
                withdrawn_on=withdrawn_on(consents_for(consents, recipient, name), on),
            )
        )
    return rows


def _whom(consents: Sequence[Consent], shares: Sequence[ReportShare]) -> list[tuple[str, str]]:
    """Kind and name of everybody to show, each once; names that only a share holds stand under
    the consent for their kind, where there is one without a name."""
    found = {(PERSON, ""): None}
    consented = {(row.recipient, row.recipient_name): None for row in consents}
    kinds = {recipient for recipient, name in consented if not name}
    for recipient, name in (*consented, *((row.recipient, row.recipient_name) for row in shares)):
        shown = name if (recipient, name) in consented or recipient not in kinds else ""
        found.setdefault((recipient, shown if recipient != PERSON else ""), None)
    if EMPLOYER not in {recipient for recipient, _name in found}:
        found[(EMPLOYER, "")] = None
    order = list(Recipient.values)
    return sorted(found, key=lambda pair: (order.index(pair[0]), pair[1]))


def _key(recipient: str, allowed: Sharing, consents: Sequence[Consent]) -> str:
    if allowed.refusal is not None:
        return ""
    if recipient == PERSON:
        return PERSON
    return next(str(row.public_id) for row in consents if row.pk == allowed.consent)


def _label(recipient: str, name: str) -> str:
    kind = str(Recipient(recipient).label)
    return f"{kind}（{name}）" if name else kind


def proposed_name(enrolment: Enrolment, recipient: str, on: date) -> str:
    """Whom a consent without a name most likely means: today's workplace, the one relative."""
    if recipient == EMPLOYER:
        jobs = Employment.objects.filter(in_force(on), client=enrolment.client_id)
        names = list(jobs.values_list("employer__name", flat=True)[:2])
    elif recipient == Recipient.FAMILY:
        related = RelatedPerson.objects.filter(
            in_force(on), client=enrolment.client_id,
            recorded_by__office=enrolment.office_id,
        )  # fmt: skip
        names = list(related.values_list("name", flat=True)[:2])
    else:
        names = []
    return str(names[0]) if len(names) == 1 else ""


def earlier_version(report: SupportReport, recipient: str, name: str, before: int) -> int | None:
    """The newest version below `before` that this recipient has.

    A share of this kind without a name may have gone to whoever is named now, and the other way
    round: who got the wrong words is told of the correction rather once too often.
    """
    is_theirs = Q(recipient_name=name) | Q(recipient_name="") if name else Q()
    rows = report.shares.filter(
        ReportShare.standing(), is_theirs, recipient=recipient, version__number__lt=before
    ).order_by("-version__number")
    found = rows.values_list("version__number", flat=True).first()
    return int(found) if found is not None else None


def shares_of(report: SupportReport) -> list[ReportShare]:
    """All shares of a report, taken back ones too, oldest first (one query)."""
    rows = report.shares.select_related(
        "version", "recorded_by__user", "receipt_by__user", "taken_back_by__user", "consent"
    )
    return list(rows.order_by("shared_on", "pk"))


def unshared_months(enrolments: Iterable[int], on: date) -> dict[int, tuple[Month, ...]]:
    """Enrolment → months of the last three, today's included, met in and not reported to the person.

    Of those that have one, oldest first (two queries).
    """
    keys = list(enrolments)
    first = (Month.of(on) - (MONTHS_LOOKED_AT - 1)).first_day
    held = Interview.objects.standing().filter(
        enrolment__in=keys, outcome=ContactOutcome.MET, held_on__range=(first, on),
        way__in=[way.value for way in MEETING_WAYS],
    )  # fmt: skip
    shared = ReportShare.with_person(
        report__enrolment__in=keys, report__month__gte=first, shared_on__lte=on
    )
    met = _by_month(held.by_support_workers().values_list("enrolment", "held_on", "held_on"))
    given = _by_month(shared.values_list("report__enrolment", "report__month", "shared_on"))
    found: dict[int, list[Month]] = defaultdict(list)
    for key, month in sorted(met):
        if handed_on(given[key, month], met[key, month]) is None:
            found[key].append(month)
    return {key: tuple(months) for key, months in found.items()}


def _by_month(rows: Iterable[tuple[int, date, date]]) -> defaultdict[tuple[int, Month], list[date]]:
    """(enrolment, a day of the month, the day that is meant) as days by enrolment and month."""
    found: defaultdict[tuple[int, Month], list[date]] = defaultdict(list)
    for key, of_month, day in rows:
        found[key, Month.of(of_month)].append(day)
    return found


def versions_of(report: SupportReport) -> list[ReportVersion]:
    """The versions of a report, newest first (one query)."""
    return list(report.versions.select_related("report", "recorded_by__user").order_by("-number"))
