"""How long the people of an office stayed at work, as far as the office knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from clients.access import last_seen
from clients.enums import CheckOutcome
from clients.models import Client, Enrolment, WorkCheck
from clients.queries.facts import working_lives
from clients.queries.subject import names_seen
from clients.rules.facts import EmploymentFact
from clients.rules.joining import Chain, Verdict, join
from clients.rules.survival import whole_months
from clients.rules.work_record import WorkRecordFact
from teikyaku.accounts.models import Office


@dataclass(frozen=True, slots=True)
class JobStay:
    """One person who used the office, and the joined employment of the last use."""

    client: Client
    enrolment: Enrolment
    name: str
    kana: str
    hired_on: date | None
    known_until: date | None
    """The last day of work that the office knows; None without a job on file."""
    has_ended: bool
    """Whether it is known to have ended on that day."""

    @property
    def fact(self) -> WorkRecordFact:
        """As 就労定着実績体制加算 counts it."""
        return WorkRecordFact(
            str(self.client.public_id), self.hired_on, self.known_until, self.enrolment.ends_on
        )

    @property
    def months(self) -> int | None:
        """Whole months of work, as far as known; None without a job on file."""
        if self.hired_on is None or self.known_until is None:
            return None
        return whole_months(self.hired_on, self.known_until)


def job_stays(office: Office, on: date, until: date, client: Client | None = None) -> list[JobStay]:
    """Everybody who used `office` by `until`, as known on `on` and counted to `until`, by kana.

    Six queries, however many people. Of who has left: to the last day of the use, and on to each
    March 31 on which the office found them at the same workplace. Only `client` where given.
    """
    rows = Enrolment.objects.filter(
        office=office, starts_on__lte=on, use_starts_on__lte=min(on, until)
    ).select_related("client")
    if client is not None:
        rows = rows.filter(client=client)
    last: dict[int, Enrolment] = {}
    for row in rows.order_by("starts_on", "pk"):
        last[row.client_id] = row
    names, lives = names_seen(last.values(), on), working_lives(last)
    same = _same_job(office, last, Q(asked_on__lte=on, counted_on__lte=until))
    found = []
    for key, row in last.items():
        seen = min(last_seen(row, on), until)
        chain = _chain(lives[key].employments, seen)
        told_until = max([seen, *same.get(key, ())])
        hired_on, known, has_ended = _known(chain, told_until, min(on, until))
        name = names.get(row.pk)
        found.append(
            JobStay(
                client=row.client,
                enrolment=row,
                name=name.name if name else "",
                kana=name.kana if name else "",
                hired_on=hired_on,
                known_until=known,
                has_ended=has_ended,
            )
        )
    return sorted(found, key=lambda stay: (stay.kana, stay.client.pk))


def _same_job(office: Office, clients: Iterable[int], known: Q) -> dict[int, list[date]]:
    rows = WorkCheck.objects.filter(
        known, office=office, client__in=list(clients), outcome=CheckOutcome.SAME_JOB
    )
    found: dict[int, list[date]] = defaultdict(list)
    for client, counted_on in rows.values_list("client", "counted_on"):
        found[client].append(counted_on)
    return found


def _chain(jobs: Sequence[EmploymentFact], seen: date) -> Chain | None:
    """The joined employment that the use concerned: the last that had begun."""
    told = [
        replace(job, ends_on=job.ends_on if job.ends_on and job.ends_on <= seen else None)
        for job in jobs
        if job.starts_on <= seen
    ]
    chains = join(told)
    return chains[-1] if chains else None


def _known(
    chain: Chain | None, told_until: date, day: date
) -> tuple[date | None, date | None, bool]:
    if chain is None:
        return None, None, False
    if chain.leaving is not None:
        # Within the month for a next job it is not said that the employment is over.
        is_open = chain.leaving.verdict is Verdict.OPEN and day <= chain.leaving.rejoin_by
        return chain.starts_on, chain.leaving.left_on, not is_open
    return chain.starts_on, told_until, False
