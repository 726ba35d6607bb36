"""開始待ち: people who do not use the service yet: from when, apply by when, what a delay costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Max, QuerySet

from clients.access import enrolments_for
from clients.models import Employment, Enrolment
from clients.queries.client_list import Show, show_q
from clients.queries.subject import names_of
from clients.queries.window import standings_of
from clients.rules.standing import Standing
from clients.rules.waiting import Waiting, waiting
from clients.rules.window import SupportWindow
from plans.models import Application, Decision
from plans.queries.path import path_facts_of, with_path
from plans.queries.queue import QueueRow, queue_rows
from plans.rules.path import ended_words
from plans.rules.start_forecast import StartForecast, start_forecast
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.queries.office_start import is_of_before
from teikyaku.periods import Month

APPLY_DAYS = "window.apply_days_before"


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One person before the use: the window ahead, and how far the application is."""

    client_id: UUID
    enrolment_id: UUID
    name: str
    kana: str
    employer: str
    employed_on: date | None
    standing: Standing
    waiting: Waiting | None
    """None without a window that is open or to come: what is missing stands in `standing`."""
    application: QueueRow | None
    """The application that came in last, unless it or its decision came to nothing."""
    ended: str
    """How that one ended, in a sentence; "" where it goes on, and where nobody has applied."""

    forecast: StartForecast | None
    """What waiting costs, whoever has applied; None where `waiting` is."""

    granted: Decision | None = None
    """What was decided already and holds from now or later on, where no application is under way."""

    first_here: date | None = None
    """The first day of the first month that the office bills here."""

    @property
    def is_late(self) -> bool:
        """The day to apply by has passed, and lay in a month that is billed here."""
        ahead = self.waiting
        is_past = ahead is not None and ahead.is_apply_by_past
        return is_past and not self.is_of_before and self.granted is None

    @property
    def is_of_before(self) -> bool:
        """The day to apply by lay before the office worked here: it is not counted as late."""
        return self.waiting is not None and is_of_before(self.waiting.apply_by, self.first_here)

    @property
    def tone(self) -> str:
        """How pressing it is: a month goes by before anybody can begin, or the day to apply has come."""
        if self.waiting is None or self.forecast is None:
            return "neutral"
        if self.granted is not None:
            return "warning" if self.forecast.is_pressing else "neutral"
        if self.ended:
            return "warning"
        if self.application is not None:
            return "warning" if self.forecast.is_pressing else "neutral"
        if self.waiting.months_lost_if_applied_now:
            return "warning" if self.is_of_before else "danger"
        return "warning" if self.is_late else "info"

    @property
    def months_lost(self) -> int:
        """Months of the window that are gone, or are foreseen to go by."""
        return self.forecast.months_lost if self.forecast else 0

    @property
    def months_gone(self) -> int:
        """Months of `months_lost` that lie behind; the others are foreseen."""
        return self.forecast.months_gone if self.forecast else 0

    @property
    def months_foreseen(self) -> int:
        """Months of `months_lost` that still lie ahead, and go by while the steps are taken."""
        return self.months_lost - self.months_gone

    @property
    def months_in_all(self) -> int:
        """Calendar months that the window touches: 36, or 37 where it begins within a month."""
        return self.waiting.delays[0].months_left if self.waiting else 0

    @property
    def months_left(self) -> int:
        """Months that remain then."""
        return self.months_in_all - self.months_lost

    @property
    def gone_percent(self) -> int:
        """For the drawn bar: what has gone by."""
        return round(self.months_gone * 100 / (self.months_in_all or 1))

    @property
    def foreseen_percent(self) -> int:
        """For the drawn bar, behind what has gone by."""
        return round(self.months_lost * 100 / (self.months_in_all or 1)) - self.gone_percent


def waiting_people(membership: Membership, on: date) -> QuerySet[Enrolment]:
    """Whom the office knows and who does not use the service yet, the first usable day first."""
    people = enrolments_for(membership, on).filter(show_q(Show.WAITING, on))
    return people.order_by(F("window_starts_on").asc(nulls_last=True), "pk")


def apply_days(on: date) -> int:
    """Days that the steps from the application to the first day of use are taken to need."""
    return int(figure(APPLY_DAYS, Month.of(on)).value)


def waiting_rows(page: QuerySet[Enrolment], on: date) -> list[WaitingRow]:
    """The rows of one page (ten queries)."""
    firsts = F("office__start__first_month")
    rows = list(page.select_related("client").annotate(first_here=firsts))
    ids = [row.client_id for row in rows]
    names, standings = names_of(ids, on), standings_of(ids, on)
    jobs = _last_jobs(ids, on)
    applications = _last_applications(ids, on)
    granted, days = _granted(ids, on), apply_days(on)
    found = []
    for row in rows:
        name, job, standing = (
            names.get(row.client_id),
            jobs.get(row.client_id),
            standings[row.client_id],
        )
        window, application = standing.window, applications.get(row.client_id)
        ended = ended_words(path_facts_of(application.application)) if application else ""
        if ended:
            application = None
        ahead = window if window is not None and on <= window.last_usable_on else None
        decision = granted.get(row.client_id) if application is None and not ended else None
        found.append(
            WaitingRow(
                client_id=row.client.public_id,
                enrolment_id=row.public_id,
                name=name.name if name else "",
                kana=name.kana if name else "",
                employer=job.employer.name if job else "",
                employed_on=window.employed_on if window else None,
                standing=standing,
                waiting=waiting(ahead, on, days) if ahead else None,
                application=application,
                ended=ended,
                granted=decision,
                forecast=_forecast(ahead, on, days, application, decision) if ahead else None,
                first_here=row.first_here,
            )
        )
    return found


def _forecast(
    window: SupportWindow, on: date, days: int, application: QueueRow | None,
    granted: Decision | None,
) -> StartForecast:  # fmt: skip
    """Once it is decided no step is left that takes its days: use begins with the decision."""
    if granted is not None:
        return start_forecast(window, on, 0, max(on, granted.starts_on))
    applied_on = application.application.received_on if application else None
    return start_forecast(window, on, days, applied_on)


def _granted(client_ids: list[int], on: date) -> dict[int, Decision]:
    """For each person the first decision that holds on the day, or will."""
    rows = Decision.objects.standing().filter(client__in=client_ids, ends_on__gte=on)
    return {row.client_id: row for row in rows.order_by("-starts_on", "-pk")}


def _last_jobs(client_ids: list[int], on: date) -> dict[int, Employment]:
    jobs = Employment.objects.filter(client__in=client_ids, starts_on__lte=on)
    rows = jobs.select_related("employer").order_by("starts_on", "pk")
    return {job.client_id: job for job in rows}


def _last_applications(client_ids: list[int], on: date) -> dict[int, QueueRow]:
    latest = (
        Application.objects.filter(client__in=client_ids)
        .order_by()
        .values("client")
        .annotate(last=Max("pk"))
        .values("last")
    )
    rows = queue_rows(with_path(Application.objects.filter(pk__in=latest)), on)
    return {row.application.client_id: row for row in rows}
