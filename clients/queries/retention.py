"""Who used an office in the years that count, and what the office knows of their work on March 31.

Of somebody who has left the office knows what it knew on the last day, and what it found out itself
afterwards (WorkCheck): what another office recorded later is not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from clients.access import last_seen
from clients.enums import EmploymentKind, EndReason
from clients.models import Client, Employment, Enrolment, WorkCheck
from clients.queries.subject import names_seen
from clients.rules.retention import RetentionFact, retention_span
from clients.rules.work_check import ANSWERS, is_employed
from teikyaku.accounts.models import Office
from teikyaku.periods import Period


@dataclass(frozen=True, slots=True)
class OfficeUser:
    """One person of the years that count."""

    client: Client
    enrolment: Enrolment
    """The last use: what the office knows ends with it."""
    name: str
    kana: str
    fact: RetentionFact
    is_former: bool
    """The use had ended before the day."""
    must_ask: bool
    """The day is not certain from the file: somebody has to find out."""
    last_job: Employment | None
    left_on: date | None
    """The last day of that job, as far as the office knows."""
    checks: tuple[WorkCheck, ...]
    """What the office wrote of the day, attempts too, in the order of days."""
    basis: str
    """From where the standing is known, in words."""

    @property
    def client_id(self) -> UUID:
        """For links."""
        return self.client.public_id

    @property
    def answer(self) -> WorkCheck | None:
        """The standing answer about the day."""
        return next((row for row in self.checks if row.outcome in ANSWERS), None)


def users_of_year(
    office: Office,
    fiscal_year: int,
    on: date,
    client: Client | None = None,
    *,
    since: date | None = None,
) -> list[OfficeUser]:
    """Everybody who used `office` in the three years before `fiscal_year`, by kana (four queries).

    Where the day still lies ahead, as it will be if nothing changes from `on`. Only `client` where
    given; also who used it from `since` on, where that is given.
    """
    span = retention_span(fiscal_year)
    whose = Q(office=office, starts_on__lte=on, use_starts_on__lte=span.ends_on)
    rows = Enrolment.objects.filter(whose).exclude(ends_on__lt=since or span.starts_on)
    if client is not None:
        rows = rows.filter(client=client)
    uses: dict[int, list[Enrolment]] = defaultdict(list)
    for row in rows.select_related("client").order_by("starts_on", "pk"):
        uses[row.client_id].append(row)
    last = [theirs[-1] for theirs in uses.values()]
    names = names_seen(last, on)
    jobs, checks = _jobs(uses), _checks(office, uses, on)
    found = []
    for row in last:
        known = _Known(
            uses[row.client_id], jobs[row.client_id], checks[row.client_id], fiscal_year, on
        )
        name = names.get(row.pk)
        found.append(known.user(name.name if name else "", name.kana if name else ""))
    return sorted(found, key=lambda user: (user.kana, user.client.pk))


def _jobs(clients: Iterable[int]) -> dict[int, list[Employment]]:
    rows = Employment.objects.filter(client__in=list(clients), kind=EmploymentKind.ORDINARY)
    found: dict[int, list[Employment]] = defaultdict(list)
    for job in rows.select_related("employer").order_by("starts_on", "pk"):
        found[job.client_id].append(job)
    return found


def _checks(office: Office, clients: Iterable[int], on: date) -> dict[int, list[WorkCheck]]:
    rows = WorkCheck.objects.filter(office=office, client__in=list(clients), asked_on__lte=on)
    found: dict[int, list[WorkCheck]] = defaultdict(list)
    for row in rows.select_related("recorded_by__user").order_by("asked_on", "pk"):
        found[row.client_id].append(row)
    return found


class _Known:
    """What the office knows of one person."""

    def __init__(
        self,
        uses: Sequence[Enrolment],
        jobs: Sequence[Employment],
        checks: Sequence[WorkCheck],
        fiscal_year: int,
        on: date,
    ) -> None:
        self.uses, self.checks, self.on = uses, checks, on
        self.last = uses[-1]
        self.day = date(fiscal_year, 3, 31)
        self.is_ahead = on < self.day
        self.seen_until = last_seen(self.last, on)
        self.jobs = [job for job in jobs if job.starts_on <= self.seen_until]
        ends_on = self.last.ends_on
        self.is_former = ends_on is not None and ends_on < self.day

    def user(self, name: str, kana: str) -> OfficeUser:
        """The person as pages show them."""
        answer = self._answer()
        works = tuple(Period(job.starts_on, self._left_on(job)) for job in self.jobs)
        is_certain = not self.is_former and any(job.contains(self.day) for job in works)
        last_job = max(self.jobs, key=lambda job: (job.starts_on, job.pk), default=None)
        fact = RetentionFact(
            person_id=str(self.last.client.public_id),
            used=tuple(
                Period(use.use_starts_on, use.ends_on)
                for use in self.uses
                if use.use_starts_on is not None
            ),
            employments=() if self.is_former else works,
            is_answered=is_certain or self.is_ahead,
            answer=answer,
            died_on=self.last.client.died_on,
        )
        return OfficeUser(
            client=self.last.client,
            enrolment=self.last,
            name=name,
            kana=kana,
            fact=fact,
            is_former=self.is_former,
            must_ask=not is_certain and not self.is_ahead,
            last_job=last_job,
            left_on=self._left_on(last_job) if last_job else None,
            checks=tuple(row for row in self.checks if row.counted_on == self.day),
            basis=self._basis(),
        )

    def _left_on(self, job: Employment) -> date | None:
        """The end of a job, where the office may know it."""
        until = self.last.ends_on
        is_told = job.ends_on is not None and (until is None or job.ends_on <= until)
        return job.ends_on if is_told else None

    def _answer(self) -> bool | None:
        own = [row for row in self.checks if row.counted_on == self.day]
        for row in own:
            if (works := is_employed(row.outcome)) is not None:
                return works
        if not (self.is_ahead and self.is_former):
            return None
        told = self._last_answer()
        return bool(is_employed(told.outcome)) if told else self._worked_at_the_end()

    def _last_answer(self) -> WorkCheck | None:
        told = [row for row in self.checks if row.outcome in ANSWERS]
        return max(told, key=lambda row: row.counted_on, default=None)

    def _worked_at_the_end(self) -> bool:
        if self.last.end_reason == EndReason.LEFT_JOB:
            return False
        return any(self._left_on(job) is None for job in self.jobs)

    def _basis(self) -> str:
        if not self.is_ahead:
            return ""
        if not self.is_former:
            return _("いまの就労の記録")
        return _("前の3月31日の答え") if self._last_answer() else _("利用が終わった日の記録")
