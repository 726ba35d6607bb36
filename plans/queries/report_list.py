"""月のレポート: of everybody in use in a month, how far the report has come.

Each state is one condition on enrolments, so that counts, links and lists agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from clients.models import ClientName, Enrolment
from clients.queries.subject import names_of
from plans.models import ReportShare, ReportVersion, SupportReport
from plans.queries.caseload import met_in_q, staff_names
from plans.queries.month import used_in
from plans.queries.report_handed import after_meeting_q, handed
from teikyaku.periods import Month


class Stage(TextChoices):
    """段階 of a month's report. The first five part the people, the last two are about some."""

    MISSING = "missing", _("書いていない")
    WRITTEN = "written", _("書いて、本人に渡していない")
    SHARED = "shared", _("渡して、受領の確認待ち")
    RECEIVED = "received", _("受領まで済んだ")
    NOT_MET = "not_met", _("面談のない月")
    BEHIND = "behind", _("訂正版をまだ渡していない相手がいる")
    ALL = "all", _("この月の全員")


# In the first half of a month people still hand over what the last one brought.
TURN = 15


def month_on_desk(on: date) -> Month:
    """The month whose reports are handed over now: the last one in the first half of a month."""
    return Month.of(on) - 1 if on.day <= TURN else Month.of(on)


def people_of(people: QuerySet[Enrolment], month: Month) -> QuerySet[Enrolment]:
    """Those of `people` who used the service in the month."""
    return people.filter(used_in(month, month))


def stage_q(stage: Stage, month: Month) -> Q:
    """The enrolments at one stage."""
    report = Q(Exists(_reports(month)))
    shared, received = Q(Exists(_shares(month))), Q(Exists(_received(month)))
    answers: dict[Stage, Callable[[], Q]] = {
        Stage.MISSING: lambda: ~report & met_in_q(month),
        Stage.WRITTEN: lambda: report & ~shared,
        Stage.SHARED: lambda: shared & ~received,
        Stage.RECEIVED: lambda: received,
        Stage.NOT_MET: lambda: ~report & ~met_in_q(month),
        Stage.BEHIND: lambda: _behind_q(month),
        Stage.ALL: Q,
    }
    return answers[stage]()


def _reports(month: Month) -> QuerySet[SupportReport]:
    return SupportReport.objects.filter(enrolment=OuterRef("pk"), month=month.first_day)


def _shares(month: Month) -> QuerySet[ReportShare]:
    return handed(month, report__enrolment=OuterRef("pk"))


def _received(month: Month) -> QuerySet[ReportShare]:
    return _shares(month).filter(received_on__isnull=False)


def _behind_q(month: Month) -> Q:
    """Somebody has an older version than the newest, or a correction is being written."""
    report = {"report__enrolment": OuterRef("pk"), "report__month": month.first_day}
    newer = ReportVersion.objects.filter(
        report=OuterRef("report"), number__gt=OuterRef("version__number")
    )
    same = ReportShare.objects.filter(
        ReportShare.standing(), report=OuterRef("report"), recipient=OuterRef("recipient"),
        recipient_name=OuterRef("recipient_name"),
        version__number__gt=OuterRef("version__number"),
    )  # fmt: skip
    old = ReportShare.objects.filter(
        ReportShare.standing(), Exists(newer) | ~Q(report__correction_reason=""), **report
    )
    return Q(Exists(old.filter(~Exists(same))))


def stage_counts(
    people: QuerySet[Enrolment], stages: Iterable[Stage], month: Month
) -> dict[Stage, int]:
    """How many of the month's people are at each stage (one query)."""
    wanted = list(stages)
    found = people_of(people, month).aggregate(
        **{f"at_{each.value}": Count("pk", filter=stage_q(each, month)) for each in wanted
           if each != Stage.ALL},
        at_all=Count("pk"),
    )  # fmt: skip
    return {each: found[f"at_{each.value}"] for each in wanted}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One person's month."""

    client_id: UUID
    enrolment_id: UUID
    report_id: UUID | None
    name: str
    kana: str
    staff_name: str
    versions: int
    is_correcting: bool
    shares: tuple[ReportShare, ...]
    """What stands, oldest first."""
    is_met: bool = True
    """A meeting of the month counts: only then a report is waited for."""

    @property
    def person_share(self) -> ReportShare | None:
        """The last share with the person."""
        own = [row for row in self.shares if row.recipient == ReportShare.Recipient.PERSON]
        return own[-1] if own else None

    @property
    def is_early(self) -> bool:
        """The person got it before the meeting of the month alone: it is handed over once more."""
        own = [row for row in self.shares if row.recipient == ReportShare.Recipient.PERSON]
        return bool(own) and not any(getattr(row, "tells", True) for row in own)

    @property
    def others(self) -> list[ReportShare]:
        """The last share with everybody else."""
        last: dict[tuple[str, str], ReportShare] = {}
        for row in self.shares:
            if row.recipient != ReportShare.Recipient.PERSON:
                last[(row.recipient, row.recipient_name)] = row
        return list(last.values())


def in_order(people: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """By kana, as everybody looks for them; page this, then ask `report_rows` for the page."""
    names = ClientName.objects.filter(client=OuterRef("client")).order_by("-starts_on", "-pk")
    return people.order_by(Subquery(names.values("kana")[:1]), "pk")


def report_rows(page: QuerySet[Enrolment], month: Month, on: date) -> list[ReportRow]:
    """The rows of one page (six queries)."""
    standing = ReportShare.objects.filter(ReportShare.standing()).select_related("version")
    standing = standing.annotate(tells=after_meeting_q(month))
    reports = SupportReport.objects.filter(month=month.first_day).prefetch_related(
        Prefetch("shares", standing.order_by("shared_on", "pk")), "versions"
    )
    people = page.select_related("client").annotate(is_met=met_in_q(month))
    rows = list(people.prefetch_related(Prefetch("reports", reports)))
    names = names_of([row.client_id for row in rows], min(on, month.last_day))
    staff = staff_names([row.pk for row in rows], on)
    return [_row(row, names.get(row.client_id), staff.get(row.pk, "")) for row in rows]


def _row(row: Any, name: Any, staff: str) -> ReportRow:
    report = next(iter(row.reports.all()), None)
    return ReportRow(
        client_id=row.client.public_id,
        enrolment_id=row.public_id,
        report_id=report.public_id if report else None,
        name=name.name if name else "",
        kana=name.kana if name else "",
        staff_name=staff,
        versions=len(report.versions.all()) if report else 0,
        is_correcting=bool(report and report.correction_reason),
        shares=tuple(report.shares.all()) if report else (),
        is_met=row.is_met,
    )
