"""移行の取込: what waits, whom a line is about, and what a file's cells can name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from clients.enums import Category
from clients.models import ClientName, Enrolment, RecipientNumber
from clients.rules.names import search_key
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import NAMES
from plans.move_in_row import Person, PersonRow
from plans.queries.move_in_on_file import on_file
from plans.rules.move_in import known_headings, says_for_certain
from teikyaku.accounts.models import Municipality, Office
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.figures import FigureError
from teikyaku.periods import Month, in_force

# What nobody has confirmed is erased after so many days: personal data do not lie about.
KEPT_DAYS = 14
FILES_ASKED = 50
State = MoveInRow.State
NOBODY = Person()
# Lines that came in, would come in, or stand on file as they are.
_IN = (State.NEW, State.CHANGED, State.SAME, State.DONE, State.UNREAD)


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a line is about: somebody on file, nobody, or somebody who may be the same."""

    person: Person
    doubt: str = ""
    """Why it is not clear, in words; "" where it is."""
    maybe: Person = NOBODY
    """Who may be the same."""


def move_ins_of(office: Office) -> QuerySet[MoveIn]:
    """The office's files, newest first."""
    return MoveIn.objects.filter(office=office).select_related(
        "office", "recorded_by__user", "outcome_by__user", "undone_by__user"
    )


def waiting_q() -> Q:
    """Not settled yet, or confirmed with lines that are still to be imported."""
    left = MoveInRow.objects.filter(move_in=OuterRef("pk"), state__in=(State.NEW, State.CHANGED))
    # One whose lines are gone after their days waits for nobody.
    lies = MoveInRow.objects.filter(move_in=OuterRef("pk"))
    return Q(is_aside=False) & (Q(outcome="") & Q(Exists(lies)) | Q(Exists(left)))


def half_undone_q() -> Q:
    """Taken back, with people of it that are still here: the undoing goes on."""
    left = MoveInRow.objects.filter(move_in=OuterRef("pk"), state=State.DONE)
    return Q(undone_at__isnull=False) & Q(Exists(left))


def not_yet(files: QuerySet[MoveIn], halves: Iterable[MoveIn]) -> QuerySet[MoveIn]:
    """The files without those that stand again while their former import is still being taken back."""
    for each in halves:
        if each.undone_at is None:
            continue
        files = files.exclude(digest=each.digest, sheet=each.sheet, recorded_at=each.undone_at)
    return files


def state_counts(move_in: MoveIn) -> dict[str, int]:
    """How many lines of a file are in which state (one query)."""
    rows = move_in.people.order_by().values_list("state").annotate(count=Count("pk"))
    found = dict(rows)
    return {state: found.get(state, 0) for state in State.values}


@dataclass(frozen=True, slots=True)
class Coming:
    """人数 of whom a file brings: somebody on two lines is one person."""

    new: int
    changed: int
    more: int
    """Further lines about somebody who comes in by an earlier one: a second job."""

    @property
    def people(self) -> int:
        """All of them."""
        return self.new + self.changed


def coming_of(move_in: MoveIn) -> Coming:
    """Whom the lines of a file bring (one query)."""
    lines = {
        line: (state, earlier)
        for line, state, earlier in move_in.people.filter(
            state__in=(State.NEW, State.CHANGED)
        ).values_list("line", "state", "earlier_line")
    }
    # A twin who was told to be another person is new for all that.
    more = [
        line
        for line, (state, earlier) in lines.items()
        if state == State.CHANGED and earlier in lines
    ]
    counted = Counter(state for state, _earlier in lines.values())
    counted[State.CHANGED] -= len(more)
    return Coming(counted[State.NEW], counted[State.CHANGED], len(more))


def kept_until(move_in: MoveIn) -> date:
    """The last day on which the lines of a file lie here, counted from the last step with it."""
    return date_of(move_in.outcome_at or move_in.recorded_at) + timedelta(days=KEPT_DAYS)


def not_taken_in(move_in: MoveIn) -> QuerySet[MoveInRow]:
    """The lines of which something did not come in, or would not, as long as they lie here."""
    rows = move_in.people.exclude(cells=[]).exclude(state=State.LEFT_OUT)
    return rows.exclude(faults=[], state__in=_IN).order_by("line")


def reopened_from(move_in: MoveIn) -> MoveIn | None:
    """The file as it stands again since its import was undone, until somebody settles it."""
    if move_in.undone_at is None:
        return None
    rows = MoveIn.objects.filter(
        office=move_in.office_id, digest=move_in.digest, sheet=move_in.sheet,
        recorded_at=move_in.undone_at, outcome="",
    )  # fmt: skip
    return rows.first()


def same_headings_before(move_in: MoveIn, headings: Sequence[str]) -> MoveIn | None:
    """The newest earlier file with just these headings whose columns somebody told (the newest fifty)."""
    rows = MoveIn.objects.filter(office=move_in.office_id).exclude(columns={})
    wanted = list(headings)
    earlier = rows.exclude(pk=move_in.pk)[:FILES_ASKED]
    return next((each for each in earlier if list(each.headings) == wanted), None)


def told_meanings(move_in: MoveIn) -> dict[str, str]:
    """What headings meant in the office's earlier files, as `guess` takes it: the same ones first.

    Of a heading that was told twice the newest answer counts; the newest fifty files are asked.
    """
    rows = MoveIn.objects.filter(office=move_in.office_id).exclude(columns={})
    earlier = list(rows.exclude(pk=move_in.pk).values_list("headings", "columns")[:FILES_ASKED])
    earlier.sort(key=lambda file: file[0] != move_in.headings)
    found: dict[str, str] = {}
    for headings, columns in earlier:
        for heading, field in known_headings(headings, columns).items():
            # What one sheet left out for want of its neighbours the next one may bring whole.
            if field or headings == move_in.headings or not says_for_certain(heading, NAMES):
                found.setdefault(heading, field)
    return found


def told_sheets(office: Office) -> set[str]:
    """The names of the sheets that the office has taken so far."""
    rows = MoveIn.objects.filter(office=office).exclude(columns={}).exclude(sheet="")
    return set(rows.order_by().values_list("sheet", flat=True).distinct())


def other_sheets(move_in: MoveIn) -> list[MoveIn]:
    """The other sheets of the same file that nobody has settled yet, as they stand in it."""
    rows = MoveIn.objects.filter(
        office=move_in.office_id,
        digest=move_in.digest,
        recorded_at=_handed_in_at(move_in),
        outcome="",
    )
    return list(rows.exclude(pk=move_in.pk).order_by("pk"))


def _handed_in_at(move_in: MoveIn) -> datetime:
    """When the file came: one that stands again since it was undone is of the file of before."""
    found = move_in.recorded_at
    before = MoveIn.objects.filter(
        office=move_in.office_id, digest=move_in.digest, sheet=move_in.sheet
    )
    undone = dict(before.exclude(undone_at=None).values_list("undone_at", "recorded_at"))
    while found in undone:
        found = undone.pop(found)
    return found


def same_file_before(move_in: MoveIn) -> MoveIn | None:
    """The newest earlier file with the same bytes that was imported and not taken back."""
    rows = MoveIn.objects.filter(
        office=move_in.office_id, digest=move_in.digest, sheet=move_in.sheet,
        outcome=MoveIn.Outcome.CONFIRMED, undone_at=None,
    )  # fmt: skip
    return rows.exclude(pk=move_in.pk).first()


def book_facts(office: Office, on: date) -> dict[str, Any]:
    """What cells can name: the office's staff, municipalities, and sums that tell their category."""
    sums = _sums(on)
    return {
        "staff": staff_of(office, on),
        "municipalities": list(Municipality.objects.paying()),
        "categories": _categories(sums),
        "sums": sums,
        "on_file": partial(on_file, office, on),
    }


def people_by_name(office: Office, on: date) -> list[tuple[int, str, str, date]]:
    """(who, name, kana, birth date) of everybody here, for sheets that have names only (one query)."""
    here = Enrolment.objects.filter(office=office, starts_on__lte=on).values("client")
    rows = ClientName.objects.filter(client__in=here).order_by("client_id", "starts_on")
    return list(rows.values_list("client_id", "name", "kana", "client__birth_date"))


def _sums(on: date) -> dict[str, int]:
    """The cap of each category, where its figure is known."""
    found: dict[str, int] = {}
    for category in Category.values:
        try:
            found[category] = int(figure(f"cap.{category}", Month.of(on)).value)
        except FigureError:
            continue
    return found


def _categories(sums: Mapping[str, int]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for category, value in sums.items():
        found.setdefault(value, []).append(category)
    return {value: each[0] for value, each in found.items() if len(each) == 1}


def match_of(row: PersonRow, office: Office, on: date) -> Match:
    """Whom a line is about, by certificate number and birth date, else by kana and birth date here.

    Of people at other offices only who shows number and birth date learns, as on the page for them.
    Raises ValidationError where the number is somebody else's.
    """
    if row.municipality is not None and row.number:
        found = _by_number(row, row.municipality, office, on)
        if found is not None:
            return found
    return _by_name(row, office, on)


def _by_number(
    row: PersonRow, municipality: Municipality, office: Office, on: date
) -> Match | None:
    held = (
        RecipientNumber.objects.filter(municipality=municipality, number=row.number)
        .select_related("client")
        .first()
    )
    if held is None:
        return None
    if held.client.birth_date != row.birth_date:
        raise ValidationError({"number": _("この番号は、この市町村の別の方が使っています。")})
    person = Person(held.client, _use_of_line(row, held.client_id, office, on))
    kanas = held.client.names.values_list("search_text", flat=True)
    if any(text.startswith(f"{search_key(row.kana)} ") for text in kanas):
        return Match(person)
    text = _("受給者証番号と生年月日が同じ方がいますが、ふりがながちがいます。")
    return Match(NOBODY, text, person)


def _by_name(row: PersonRow, office: Office, on: date) -> Match:
    # Whoever has that birth date and kana is one or nobody, an office of a city has thousands: first these.
    alike = (
        ClientName.objects.filter(
            client__birth_date=row.birth_date, search_text__startswith=f"{search_key(row.kana)} "
        )
        .select_related("client")
        .order_by("client_id", "starts_on")
    )
    names = _of_people_here(list(alike), office, on)
    if not names:
        return Match(NOBODY)
    client = names[0].client
    person = Person(client, _use_of_line(row, client.pk, office, on))
    problem = _doubt(row, names, person)
    return Match(NOBODY, problem, person) if problem else Match(person)


def _of_people_here(names: list[ClientName], office: Office, on: date) -> list[ClientName]:
    """The names of those with whom the office works, or has worked."""
    if not names:
        return []
    people = {name.client_id for name in names}
    here = Enrolment.objects.filter(office=office, starts_on__lte=on, client__in=people)
    known = set(here.values_list("client", flat=True))
    return [name for name in names if name.client_id in known]


def _day_of(row: PersonRow, on: date) -> date:
    """The day on which the use of the line was running: its last one where it has ended."""
    return min(row.ended_on, on) if row.ended_on is not None else on


def _use_of_line(row: PersonRow, client_id: int, office: Office, on: date) -> Enrolment | None:
    """The use that a line is about: the running one, or of papers alone the last that they lay in.

    A decision that began in a use and runs on beyond its end is a paper of that use: whoever comes back
    has a contract, and a line with one stays a question.
    """
    found = running(client_id, office, _day_of(row, on))
    begins = (row.consulted_from, row.signed_on, row.use_from, row.ended_on)
    first, last = row.granted_from, row.granted_until
    if found is not None or any(begins) or first is None or last is None:
        return found
    rows = Enrolment.objects.filter(
        client=client_id, office=office, starts_on__lte=last, ends_on__gte=first
    )
    return rows.select_related("client", "office").order_by("-starts_on", "-pk").first()


def _other_use(row: PersonRow, client_id: int) -> str:
    later = Enrolment.objects.filter(client=client_id, starts_on__gt=row.ended_on or date.max)
    first = later.order_by("starts_on").values_list("starts_on", flat=True).first()
    if first is None:
        return _("ふりがなと生年月日が同じ方の利用が、前に終わっています。")
    text = _(
        "ふりがなと生年月日が同じ方の、%(on)sからの利用が登録されています。この行は、それより前に終わった利用です。"
        "同じ方なら、前の利用として足します。"
    )
    return text % {"on": both(first)}


def _doubt(row: PersonRow, names: list[ClientName], person: Person) -> str:
    if len({name.client_id for name in names}) > 1:
        return _("ふりがなと生年月日が同じ方が、何人か登録されています。")
    if person.enrolment is None:
        return _other_use(row, names[0].client_id)
    if all(search_key(name.name) != search_key(row.name) for name in names):
        text = _("ふりがなと生年月日が同じ方（%(name)s）が登録されています。")
        return text % {"name": names[-1].name}
    numbers = RecipientNumber.objects.filter(client=names[0].client, municipality=row.municipality)
    if row.number and numbers.exclude(number=row.number).exists():
        return _("ふりがな・生年月日・氏名が同じ方がいますが、受給者証番号がちがいます。")
    return ""


def running(client_id: int, office: Office, on: date) -> Enrolment | None:
    """The enrolment under which the office works with the person."""
    rows = Enrolment.objects.filter(in_force(on), client=client_id, office=office)
    return rows.select_related("client", "office").first()


def is_of_move_in(enrolment: Enrolment) -> bool:
    """Whether a line of a file opened the work with the person."""
    rows = MoveInRow.objects.filter(enrolment=enrolment, imported_at=enrolment.recorded_at)
    return rows.exists()
