"""移行の取込: one person on two lines: the same line twice, a second job (ダブルワーク), a later paper."""

from __future__ import annotations

from dataclasses import Field, dataclass, fields
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.models import Enrolment
from clients.rules.names import search_key
from plans.actions.move_in_desk import Told
from plans.actions.move_in_people import take_in
from plans.move_in_row import Person, PersonRow
from plans.queries.move_in import running
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of


@dataclass(frozen=True, slots=True)
class Twice:
    """A line beside an earlier one with the same kana and birth date."""

    line: int
    """The earlier one."""
    first: PersonRow
    is_copy: bool
    """Nothing differs: it comes in once."""
    is_second_job: bool
    """The same person, with another company and another first day there, a further paper or use."""
    is_later_use: bool = False
    """The person came back: the use of the earlier line was over before this one began."""

    @property
    def needs_leaving(self) -> bool:
        """Whether the job of the earlier line is told without its end."""
        return bool(self.first.employer) and self.first.left_on is None


def again(
    line: int, first: PersonRow | None, row: PersonRow, *, is_whole: bool = True
) -> Twice | None:
    """How the line stands to the earlier one; None where that one cannot be read.

    `is_whole`: no cell of it holds what could not be read, and does not stand in the earlier one too.
    Twins have names or certificate numbers of their own: those stay a question for somebody.
    """
    if first is None:
        return None
    is_second = _is_same_person(first, row) and (
        _is_another_job(first, row) or _is_later_paper(first, row) or _is_another_use(first, row)
    )
    is_copy = is_whole and _says_no_more(first, row)
    return Twice(line, first, is_copy, is_second, _is_after(first, row))


def _says_no_more(first: PersonRow, row: PersonRow) -> bool:
    """Whether all that the line tells is told by the earlier one: of cells merged over two lines one is bare."""
    return all(
        (here := getattr(row, each.name)) == getattr(first, each.name) or _is_untold(here, each)
        for each in fields(row)
    )


def _is_untold(value: object, each: Field[object]) -> bool:
    """Whether a line that is silent would have it: 0 yen and an explicit no are told."""
    return type(value) is type(each.default) and value == each.default


def _is_same_person(first: PersonRow, row: PersonRow) -> bool:
    is_number = not first.number or not row.number or first.number == row.number
    return is_number and search_key(first.name) == search_key(row.name)


def _is_another_job(first: PersonRow, row: PersonRow) -> bool:
    if not (first.employer and row.employer and first.employed_on and row.employed_on):
        return False
    is_company = search_key(first.employer) == search_key(row.employer)
    return not is_company and first.employed_on != row.employed_on


def _is_another_use(first: PersonRow, row: PersonRow) -> bool:
    """One of the two uses was over before the other one began: the person came back."""
    return _is_after(first, row) or _is_after(row, first)


def _is_after(first: PersonRow, row: PersonRow) -> bool:
    opens_on = row.opens_on
    return first.ended_on is not None and opens_on is not None and first.ended_on < opens_on


def _is_later_paper(first: PersonRow, row: PersonRow) -> bool:
    """The same job, with a further certificate or cap: people write one line for each of them."""
    is_job = (search_key(first.employer), first.employed_on) == (
        search_key(row.employer),
        row.employed_on,
    )
    papers = ("granted_from", "granted_until", "cap_first_month", "cap_last_month", "cap_yen")
    return is_job and any(getattr(first, name) != getattr(row, name) for name in papers)


def told_of_second(
    twice: Twice, row: PersonRow, known: Person, office: Office, by: Membership, at: datetime
) -> Told:
    """What the line brings once the earlier one is in. To be undone by the caller.

    Raises ValidationError as taking in does; for the earlier line, naming it.
    """
    try:
        enrolment, _told = take_in(row=twice.first, person=known, office=office, by=by, at=at)
    except ValidationError as error:
        text = _("同じ方の%(line)d行目が取り込めないので、この行も取り込めません。")
        raise ValidationError(text % {"line": twice.line}) from error
    enrolment.refresh_from_db(fields=["ends_on"])
    person = person_of_further(enrolment, row, date_of(at))
    return take_in(row=row, person=person, office=office, by=by, at=at)[1]


def person_of_further(enrolment: Enrolment, row: PersonRow, on: date) -> Person:
    """Whom a further line is about: the use of the earlier line, or one that began after its end.

    A use that was over before the one of the earlier line is another one too, wherever it stands.
    """
    if row.ended_on is not None and row.ended_on < enrolment.starts_on:
        return Person(
            enrolment.client, running(enrolment.client_id, enrolment.office, row.ended_on)
        )
    begins, ended = row.opens_on, enrolment.ends_on
    if ended is None or begins is None or begins <= ended:
        return Person(enrolment.client, enrolment)
    last = min(row.ended_on or on, on)
    return Person(enrolment.client, running(enrolment.client_id, enrolment.office, last))


def second_words(twice: Twice, told: Told) -> list[str]:
    """The words of the look."""
    text = _("%(line)d行目の方に足します：%(what)s")
    added = [text % {"line": twice.line, "what": "・".join(told.added)}] if told.added else []
    return [*added, *told.differs]


def alone_words(line: int) -> str:
    """Of the use that runs, where the one of before does not come in with it."""
    text = _("同じ方の%(line)d行目は、いまは取り込めません。この行だけで取り込みます。")
    return text % {"line": line}


def copy_words(twice: Twice) -> str:
    """Of a line that says nothing of its own."""
    return _("%(line)d行目と同じ内容の行です。一度だけ取り込みます。") % {"line": twice.line}
