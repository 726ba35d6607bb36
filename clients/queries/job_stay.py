"""How long the people of an office stayed at work, as far as the office knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from clients.access import last_seen
from clients.enums import CheckOutcome
from clients.models import Client, Enrolment, WorkCheck
from clients.queries.facts import working_lives
from clients.queries.subject import names_seen
from clients.rules.facts import EmploymentFact
from clients.rules.joining import Chain, Verdict, join
from clients.rules.survival import whole_months
from clients.rules.work_check import ANSWERS
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
    seen_from: date | None = None
    """When the use began that reached into this employment."""
    is_open: bool = False
    """It may have gone on: no answer about a March 31 says otherwise."""
    has_declined: bool = False
    """Who asked not to be called any more."""

    @property
    def fact(self) -> WorkRecordFact:
        """As 就労定着実績体制加算 counts it."""
        return WorkRecordFact(
            str(self.client.public_id),
            self.hired_on,
            self.known_until,
            self.enrolment.ends_on,
            self.is_open,
        )

    @property
    def months_before(self) -> int:
        """Whole months of work that were complete when the use began."""
        if self.hired_on is None or self.seen_from is None:
            return 0
        return whole_months(self.hired_on, self.seen_from - timedelta(days=1))

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
    uses: dict[int, list[Enrolment]] = defaultdict(list)
    for row in rows.order_by("starts_on", "pk"):
        last[row.client_id] = row
        uses[row.client_id].append(row)
    names, lives = names_seen(last.values(), on), working_lives(last)
    told = _told(office, last, on)
    found = []
    for key, row in last.items():
        seen = min(last_seen(row, on), until)
        chain = _chain(lives[key].employments, seen)
        answers = [each for each in told[key] if each.is_answer and each.day <= until]
        told_until = max([seen, *(each.day for each in answers if each.is_same)])
        hired_on, known, has_ended = _known(chain, told_until, min(on, until))
        is_gone = any(each.day >= told_until and not each.is_same for each in answers)
        is_dead = row.client.died_on is not None and row.client.died_on <= on
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
                seen_from=_seen_from(uses[key], hired_on),
                is_open=chain is not None and chain.leaving is None and not is_gone and not is_dead,
                has_declined=any(each.is_wish for each in told[key]),
            )
        )
    return sorted(found, key=lambda stay: (stay.kana, stay.client.pk))


def _seen_from(uses: Iterable[Enrolment], hired_on: date | None) -> date | None:
    """Of the uses that reached into the employment, the first day of the first."""
    if hired_on is None:
        return None
    days = (use.use_starts_on for use in uses if use.ends_on is None or use.ends_on >= hired_on)
    return min((day for day in days if day is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the office wrote of one March 31."""

    day: date
    outcome: str

    @property
    def is_answer(self) -> bool:
        return self.outcome in ANSWERS

    @property
    def is_same(self) -> bool:
        return self.outcome == CheckOutcome.SAME_JOB

    @property
    def is_wish(self) -> bool:
        return self.outcome == CheckOutcome.DECLINED


def _told(office: Office, clients: Iterable[int], on: date) -> dict[int, list[_Told]]:
    rows = WorkCheck.objects.filter(office=office, client__in=list(clients), asked_on__lte=on)
    found: dict[int, list[_Told]] = defaultdict(list)
    for client, day, outcome in rows.values_list("client", "counted_on", "outcome"):
        found[client].append(_Told(day, outcome))
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
