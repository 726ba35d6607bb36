"""移行の取込: whom a line is about, with what somebody answered."""

from __future__ import annotations

from datetime import date

from clients.models import Enrolment
from plans.actions.move_in_twice import person_of_further
from plans.models import MoveIn, MoveInRow
from plans.move_in_row import Person, PersonRow
from plans.queries.move_in import match_of
from teikyaku.accounts.models import Office

State, Choice = MoveInRow.State, MoveInRow.Choice


def whom(office: Office, row: MoveInRow, person: PersonRow, on: date) -> tuple[Person, str]:
    """Who a line is about, with what somebody answered; and the doubt that is left."""
    match = match_of(person, office, on)
    if not match.doubt:
        return (Person(), "") if row.choice == Choice.ANOTHER else (match.person, "")
    if row.choice == Choice.SAME:
        return match.maybe, ""
    return Person(), "" if row.choice == Choice.ANOTHER else match.doubt


def use_of(known: Person, office: Office) -> Enrolment | None:
    """The use here under which somebody on file is kept, so that the line goes with their file."""
    if known.enrolment is not None or known.client is None:
        return known.enrolment
    uses = Enrolment.objects.filter(client=known.client, office=office)
    return uses.order_by("-starts_on", "-pk").first()


def whom_further(
    move_in: MoveIn, row: MoveInRow, person: PersonRow, on: date
) -> tuple[Person, str]:
    """The same, at the import: of a further line about somebody who has just come in, as the look said."""
    if row.earlier_line is None or row.choice == Choice.ANOTHER or row.state != State.CHANGED:
        return whom(move_in.office, row, person, on)
    done = move_in.rows.filter(state=State.DONE, line=row.earlier_line)
    first = done.select_related("enrolment__client", "enrolment__office").first()
    if first is None or first.enrolment is None:
        return whom(move_in.office, row, person, on)
    match = match_of(person, move_in.office, on)
    if first.enrolment.client not in (match.person.client, match.maybe.client):
        return whom(move_in.office, row, person, on)
    return person_of_further(first.enrolment, person, on), ""
