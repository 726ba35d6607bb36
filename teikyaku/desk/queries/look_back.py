"""様子のふりかえり: how work and life went over time, with what happened meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.models import Interview
from plans.queries.dossier import SupportDossier
from plans.rules.kinds import Rating
from teikyaku.desk.queries.day_axis import DayAxis, Tick
from teikyaku.desk.queries.person import entries_of
from teikyaku.periods import months_later
from teikyaku.timeline import TimelineEntry, TimelineKind

# Pixels from the top: the better, the higher.
HEIGHTS = {Rating.SETTLED: 20, Rating.WATCH: 52, Rating.UNSTABLE: 84}
# What the person says of it stands a little apart from what the staff say, so that both are seen.
OWN_SHIFT = 9
# What may explain a turn; that contacts and reports happened is the picture itself.
EVENTS = (
    TimelineKind.WORK,
    TimelineKind.PERSON,
    TimelineKind.USE,
    TimelineKind.PACE,
    TimelineKind.RIGHT,
)
# Numbers nearer to each other than this, in percent, would run together.
APART = 5.0
SHORT_MONTHS = 12
NOTE_SHOWN = 120


class Span(TextChoices):
    """期間 of the picture."""

    ALL = "all", gettext_lazy("これまでの全部")
    YEAR = "year", gettext_lazy("この1年")


@dataclass(frozen=True, slots=True)
class Mark:
    """One rating in the picture."""

    x: float
    y: int
    rating: str
    is_own: bool
    """What the person says, not the staff."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The line between two ratings of the staff."""

    x1: float
    y1: int
    x2: float
    y2: int


@dataclass(frozen=True, slots=True)
class Lane:
    """Work or life over time."""

    label: str
    description: str
    """The same in words, for who does not see the picture."""
    marks: tuple[Mark, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened meanwhile, with its number in the picture."""

    number: int
    x: float
    entry: TimelineEntry


@dataclass(frozen=True, slots=True)
class RatedContact:
    """One meeting as the table says it."""

    interview_id: UUID
    held_on: date
    way: str
    work: str
    own_work: str
    life: str
    own_life: str
    has_worries: bool
    note: str


@dataclass(frozen=True, slots=True)
class LookBack:
    """The picture and the table of one person over a span."""

    span: Span
    levels: tuple[tuple[str, int], ...]
    lanes: tuple[Lane, ...]
    events: tuple[Event, ...]
    ticks: tuple[Tick, ...]
    rows: tuple[RatedContact, ...]
    """The newest first."""
    own_shift: int = OWN_SHIFT

    @property
    def event_labels(self) -> list[tuple[float, str]]:
        """The numbers over the picture; of events close together, one label from the first to the last."""
        groups: list[list[Event]] = []
        for event in self.events:
            if groups and event.x - groups[-1][0].x < APART:
                groups[-1].append(event)
            else:
                groups.append([event])
        return [
            (group[0].x, f"{group[0].number}" + (f"–{group[-1].number}" if len(group) > 1 else ""))
            for group in groups
        ]

    @property
    def has_own(self) -> bool:
        """Whether the person said anything themselves."""
        return any(mark.is_own for lane in self.lanes for mark in lane.marks)


def look_back(dossier: SupportDossier, span: Span) -> LookBack:
    """Ratings and events up to the dossier's day; no query beyond the dossier's."""
    on = dossier.person.on
    rated = [
        row for row in dossier.contacts
        if row.held_on <= on and (row.work_rating or row.own_work_rating or row.own_life_rating)
    ]  # fmt: skip
    if span == Span.YEAR:
        rated = [row for row in rated if row.held_on > months_later(on, -SHORT_MONTHS)]
    axis = _axis(dossier, rated, on, span)
    return LookBack(
        span=span,
        levels=tuple((str(rating.label), y) for rating, y in HEIGHTS.items()),
        lanes=(
            _lane(_("仕事"), rated, axis, lambda row: (row.work_rating, row.own_work_rating)),
            _lane(_("生活"), rated, axis, lambda row: (row.life_rating, row.own_life_rating)),
        ),
        events=_events(dossier, axis),
        ticks=axis.ticks(axis.readable_step),
        rows=tuple(_row(row) for row in reversed(rated)),
    )


def _axis(dossier: SupportDossier, rated: Sequence[Interview], on: date, span: Span) -> DayAxis:
    if span == Span.YEAR or not rated:
        return DayAxis(months_later(on, -SHORT_MONTHS), on)
    begun = [row.use_starts_on for row in dossier.person.enrolments if row.use_starts_on]
    return DayAxis(min([rated[0].held_on, *begun]), on)


def _lane(
    label: str, rated: Iterable[Interview], axis: DayAxis,
    ratings: Callable[[Interview], tuple[str, str]],
) -> Lane:  # fmt: skip
    staff: list[Mark] = []
    own: list[Mark] = []
    for row in rated:
        x = axis.percent(row.held_on)
        for rating, marks, shift in zip(ratings(row), (staff, own), (0, OWN_SHIFT), strict=True):
            if rating:
                marks.append(Mark(x, HEIGHTS[Rating(rating)] + shift, rating, marks is own))
    pieces = tuple(Piece(one.x, one.y, two.x, two.y) for one, two in pairwise(staff))
    return Lane(label, _in_words(label, staff), (*staff, *own), pieces)


def _in_words(label: str, marks: Sequence[Mark]) -> str:
    if not marks:
        return _("%(label)sの様子の記録はありません。") % {"label": label}
    counts = [
        _("%(rating)s%(n)d回") % {"rating": rating.label, "n": n}
        for rating in Rating
        if (n := sum(mark.rating == rating for mark in marks))
    ]
    return _("%(label)sの様子：%(counts)s。最後は%(last)s。") % {
        "label": label,
        "counts": "、".join(counts),
        "last": Rating(marks[-1].rating).label,
    }


def _events(dossier: SupportDossier, axis: DayAxis) -> tuple[Event, ...]:
    found = [
        entry for entry in reversed(entries_of(dossier))
        if entry.kind in EVENTS and axis.holds(entry.on)
    ]  # fmt: skip
    return tuple(Event(n, axis.percent(entry.on), entry) for n, entry in enumerate(found, 1))


def _row(row: Interview) -> RatedContact:
    note = " ".join(row.notes.split())
    return RatedContact(
        interview_id=row.public_id,
        held_on=row.held_on,
        way=row.get_way_display(),
        work=row.get_work_rating_display(),
        own_work=row.get_own_work_rating_display(),
        life=row.get_life_rating_display(),
        own_life=row.get_own_life_rating_display(),
        has_worries=row.has_worries or row.has_employer_concern or row.wants_more,
        note=note if len(note) <= NOTE_SHOWN else f"{note[:NOTE_SHOWN]}…",
    )
