"""期限の段階: which ends have come a step nearer, and who is told.

The ends are those of the board and its steps those of `step_reached`: nothing is counted anew here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from clients.models import Enrolment
from clients.queries.initials import initials_of
from plans.models import EndNotice
from plans.queries.caseload import Ask, alive_q, ask_q
from plans.queries.expiry import ends_of, first_days
from plans.queries.expiry_list import first_unsettled
from plans.queries.expiry_rows import MANY
from plans.queries.expiry_sources import looks, unfinished, unjudged
from plans.queries.reminder import LEADS, readers, staff_in_charge
from plans.rules.expiry import EndKind, ExpiryStage, last_end_within, step_reached
from plans.rules.reminder import Line, Mail, Part, steps_mail
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.office_start import is_of_before
from teikyaku.links import absolute

# The farthest step.
MONTHS = 6
# What still waits for somebody once the use has ended.
AFTER = (EndKind.HANDOVER_OPEN, EndKind.HANDOVER_LOOK, EndKind.HANDOVER_UNJUDGED)
# Of the qualifications of staff the board tells.
KINDS = tuple(kind.value for kind in EndKind if kind != EndKind.QUALIFICATION)
_IN_USE = tuple(kind for kind in KINDS if kind not in AFTER)
# What lies half a year before the end is told on its day: counted down, it would come a year ahead.
_ON_ITS_DAY = (EndKind.HANDOVER_PREPARE,)
_BEFORE = (ExpiryStage.MONTHS_6, ExpiryStage.MONTHS_3, ExpiryStage.MONTHS_2, ExpiryStage.MONTH_1,
           ExpiryStage.WEEKS_2)  # fmt: skip
_NEAREST_FIRST = tuple(reversed(ExpiryStage))


@dataclass(frozen=True, slots=True)
class StepDue:
    """One step of one end that one member has not been told."""

    membership: int
    enrolment: int
    kind: str
    ends_on: date
    stage: str


def steps_due(offices: Collection[int], on: date) -> Mapping[Membership, list[StepDue]]:
    """Member → what to tell, for whole offices (some twenty queries, however many).

    Who is in charge is told; where nobody is who wants mails, those who lead the office are.
    """
    members = [row for row in readers(offices, on) if row.user.wants_digest]
    if not members:
        return {}
    people = Enrolment.objects.filter(ask_q(Ask.IN_USE, on), office__in=offices)
    in_use = list(people.values_list("pk", flat=True))
    if len(in_use) <= MANY:
        # Every kind asks for the same people: by their keys it is asked once who they are.
        people = Enrolment.objects.filter(pk__in=in_use)
    ends = list(_ends(people, offices, on))
    concerned = Enrolment.objects.filter(pk__in={enrolment for enrolment, _day, _kind in ends})
    told_to = _told_to(dict(concerned.values_list("pk", "office")), members, on)
    told = set(
        EndNotice.objects.filter(membership__in=members, ends_on__gte=first_unsettled(on))
        .values_list("membership", "enrolment", "kind", "ends_on", "stage")
    )  # fmt: skip
    found: dict[Membership, set[StepDue]] = defaultdict(set)
    for enrolment, day, kind in ends:
        stage = step_reached(day, on)
        if kind in _ON_ITS_DAY and stage in _BEFORE:
            continue
        for member in told_to.get(enrolment, ()) if stage else ():
            key = (member.pk, enrolment, kind, day, str(stage))
            if key not in told:
                found[member].add(StepDue(*key))
    order = list(KINDS)
    return {
        member: sorted(due, key=lambda each: (each.ends_on, order.index(each.kind), each.enrolment))
        for member, due in found.items()
    }


def _ends(
    people: QuerySet[Enrolment], offices: Collection[int], on: date
) -> Iterator[tuple[int, date, str]]:
    """What ends of people in use, and what still waits of those whose use is over, as on the board."""
    last = last_end_within(on, MONTHS)
    yield from ends_of(people, on, dict.fromkeys(_IN_USE, last - on))
    every, span = (
        Enrolment.objects.filter(alive_q(on), office__in=offices),
        (first_unsettled(on), last),
    )
    sources = {
        EndKind.HANDOVER_OPEN: (unfinished(every, people, span), "enrolment"),
        EndKind.HANDOVER_LOOK: (looks(every, span), "enrolment"),
        EndKind.HANDOVER_UNJUDGED: (unjudged(every, on, span), "pk"),
    }
    firsts = first_days(every, on)
    for kind, (source, enrolment) in sources.items():
        for day, key in source.rows.values_list(source.day, enrolment):
            if not is_of_before(source.day_of(day), firsts.get(key)):
                yield key, source.day_of(day), kind.value


def _told_to(
    people: Mapping[int, int], members: Iterable[Membership], on: date
) -> Mapping[int, list[Membership]]:
    """Enrolment → its readers (one query)."""
    places = {(row.office_id or 0, row.user_id): row for row in members}
    lead: dict[int, list[Membership]] = defaultdict(list)
    for row in places.values():
        if any(row.has_role(role) for role in LEADS):
            lead[row.office_id or 0].append(row)
    staff = staff_in_charge(people, on)
    found = {}
    for pk, office in people.items():
        own = places.get((office, staff[pk].user_id)) if pk in staff else None
        found[pk] = [own] if own is not None else lead[office]
    return found


def steps_words(member: Membership, due: Iterable[StepDue | EndNotice], on: date) -> Mail | None:
    """The mail about these steps; None where there is none (two queries)."""
    rows = list(due)
    if not rows:
        return None
    keys = [row.enrolment if isinstance(row, StepDue) else row.enrolment_id for row in rows]
    clients = dict(Enrolment.objects.filter(pk__in=keys).values_list("pk", "client"))
    letters = initials_of({member.office_id} if member.office_id else set(), on)
    by_stage: dict[str, list[Line]] = defaultdict(list)
    for key, row in zip(keys, rows, strict=True):
        initials = letters.get((member.office_id or 0, clients[key]), "")
        by_stage[row.stage].append(Line(key, initials, row.ends_on, EndKind(row.kind).label))
    parts = [
        Part(stage.label, _url(stage), tuple(by_stage[stage]))
        for stage in _NEAREST_FIRST
        if stage in by_stage
    ]
    return steps_mail(
        name=member.user.name, place=member.label, on=on, parts=parts,
        settings_url=absolute(reverse("notices")),
    )  # fmt: skip


def _url(stage: ExpiryStage) -> str:
    late = stage == ExpiryStage.LAPSED
    return absolute(f"{reverse('expiry')}?{'late=1' if late else f'stage={stage.value}'}")
