"""The people of a 担当の引き継ぎ with what the new one needs at hand on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clients.access import enrolments_for
from clients.models import CaseMove
from clients.queries.case_move import MovedPerson, moved_people
from plans.queries.caseload import CaseRow, alive_q, case_rows
from plans.queries.interview_draft import own_drafts
from plans.queries.report import unshared_months
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month, in_force


@dataclass(frozen=True, slots=True)
class HandedPerson:
    """One person of a move, and what is under way with them."""

    person: MovedPerson
    case: CaseRow | None
    """As in 今月の担当; None where nothing is to be done any more, or the move was taken back."""
    unshared: tuple[Month, ...]
    """Months with a meeting whose report the person has not got."""
    drafts: tuple[UUID, ...]
    """The reader's own 書きかけ; a colleague's stays theirs."""


def handed_people(
    move: CaseMove, membership: Membership, on: date, *, stands: bool
) -> list[HandedPerson]:
    """Who went, by kana, with what is next (a dozen queries, however many).

    Of whoever has left or died, and of a move that does not stand, only who they are.
    """
    people = moved_people(move, on)
    keys = [each.enrolment_key for each in people] if stands else []
    here = enrolments_for(membership, on).filter(in_force(on), alive_q(on), pk__in=keys)
    cases = {row.enrolment_key: row for row in case_rows(here, on)} if keys else {}
    unshared = unshared_months(cases, on) if cases else {}
    drafts: dict[int, list[UUID]] = {}
    for draft in own_drafts(membership).filter(enrolment__in=list(cases)):
        drafts.setdefault(draft.enrolment_id, []).append(draft.public_id)
    return [
        HandedPerson(
            person=each,
            case=cases.get(each.enrolment_key),
            unshared=unshared.get(each.enrolment_key, ()),
            drafts=tuple(drafts.get(each.enrolment_key, ())),
        )
        for each in people
    ]
