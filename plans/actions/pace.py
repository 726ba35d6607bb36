"""The derived columns of an enrolment, and the human decisions on loosening the pace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import Enrolment
from clients.queries.window import standings_of
from plans.models import InterviewDue, PaceDecision
from plans.queries.appointment import LastWords, last_words
from plans.queries.pace import (
    anchor_of,
    due_by,
    due_dates,
    histories,
    is_in_charge,
    next_due_of,
    settings_of,
)
from plans.rules.pace import DueInForce, NextDue
from plans.rules.pace_in_force import after_change
from plans.rules.pace_past import past_dates
from plans.rules.pace_words import every
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.era import both
from teikyaku.rehearsal import is_rehearsed

DUE = (
    "interview_due_on",
    "pace_months",
    "suggested_months",
    "last_met_on",
    "appointment_on",
    "refused_on",
)
DERIVED = (*DUE, "window_starts_on", "window_ends_on")
CHUNK = 500
_late: ContextVar[list[tuple[Iterable[Enrolment], bool]] | None] = ContextVar("late", default=None)


def derive(enrolments: Iterable[Enrolment], *, windows: bool = True) -> list[Enrolment]:
    """Set (without storing) the derived columns from the facts on file.

    The window is that of the enrolment's own time: the day use began, else the day it opened. It
    ends with the right: on the day of a leaving that ends it, where one is on file.
    """
    rows = list(enrolments)
    if windows:
        _derive_windows(rows)
    found, agreed = due_dates(rows), last_words(row.pk for row in rows)
    for row in rows:
        _set_due(row, found[row.pk])
        _set_words(row, agreed[row.pk])
    return rows


def refresh(enrolments: Iterable[Enrolment], *, on: date, windows: bool = True) -> None:
    """Store the derived columns, and what they become on the day `on` in the log of due dates.

    The one writer of both; call in the action's transaction. A contact or a decision on the pace
    leaves the window as it is: `windows=False` saves the look. Inside `put_off` it is done at its end.
    """
    late = _late.get()
    if late is not None:
        late.append((enrolments, windows))
        return
    given = {row.pk: row for row in enrolments}
    # Who stores a fact of the same person waits here: the second one reads the facts of the first.
    held = Enrolment.objects.select_for_update().filter(pk__in=given).order_by("pk")
    for row in _store(list(held), on=on, windows=windows):
        for name in DERIVED:
            setattr(given[row.pk], name, getattr(row, name))


@contextmanager
def put_off(*, on: date) -> Iterator[Callable[[], None]]:
    """Several facts of a person at once: `refresh` is done once for all of them, at the end of the block.

    Hands out what does it earlier, for whoever reads the derived columns in between.
    """
    late: list[tuple[Iterable[Enrolment], bool]] = []
    token = _late.set(late)

    def done() -> None:
        held = _late.set(None)
        try:
            _refresh_all(late, on)
        finally:
            _late.reset(held)
        late.clear()

    try:
        yield done
        done()
    finally:
        _late.reset(token)


def _refresh_all(late: list[tuple[Iterable[Enrolment], bool]], on: date) -> None:
    rows = [row for enrolments, _windows in late for row in enrolments]
    if not rows:
        return
    first = {row.pk: row for row in reversed(rows)}
    if is_rehearsed():
        # Of a step that is undone only the window is read.
        _refresh_windows(list(first.values()))
        return
    refresh(first.values(), on=on, windows=any(windows for _rows, windows in late))
    for row in rows:
        for name in DERIVED:
            setattr(row, name, getattr(first[row.pk], name))


def _refresh_windows(rows: list[Enrolment]) -> None:
    _derive_windows(rows)
    for row in rows:
        Enrolment.objects.filter(pk=row.pk).update(
            window_starts_on=row.window_starts_on, window_ends_on=row.window_ends_on
        )


def refresh_dues(enrolments: QuerySet[Enrolment], *, on: date) -> None:
    """Store what a changed setting or figure makes of the due dates of all these enrolments.

    A chunk at a time, each at the same number of queries; call in the action's transaction.
    """
    keys = list(enrolments.exclude(use_starts_on=None).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), CHUNK):
        held = Enrolment.objects.select_for_update().filter(pk__in=keys[first : first + CHUNK])
        _store(list(held.order_by("pk")), on=on, windows=False)


def _store(rows: list[Enrolment], *, on: date, windows: bool) -> list[Enrolment]:
    names = DERIVED if windows else DUE
    stored = {row.pk: _values(row, names) for row in rows}
    if windows:
        _derive_windows(rows)
    settings = settings_of({row.office_id for row in rows})
    logged: list[InterviewDue] = []
    known, agreed = histories(rows), last_words(row.pk for row in rows)
    for row in rows:
        history = known[row.pk]
        if history.in_force and history.in_force[-1].is_carried:
            # An older file: which dates stood is written down once, as its facts lead to them.
            past = past_dates(history, partial(settings, row.office_id), on)
            history = replace(history, in_force=past or history.in_force)
        due = due_by(row, history, settings)
        in_force = after_change(history.in_force, on, due.due_on)
        if in_force != known[row.pk].in_force:
            # A date that had passed before this one was set is a missed one from now on.
            due = due_by(row, replace(history, in_force=in_force), settings)
            logged += _log(row, known[row.pk].in_force, in_force, due)
        elif in_force and due.pace_months != row.pace_months:
            logged.append(_entry(row, in_force[-1], due))  # the same day by another interval
        _set_due(row, due)
        _set_words(row, agreed[row.pk])
    _save([row for row in rows if _values(row, names) != stored[row.pk]], names)
    InterviewDue.objects.bulk_create(
        logged, update_conflicts=True, unique_fields=["enrolment", "since"],
        update_fields=["due_on", "pace_months", "is_carried"],
    )  # fmt: skip
    return rows


def _log(
    row: Enrolment, before: Sequence[DueInForce], after: Sequence[DueInForce], due: NextDue
) -> list[InterviewDue]:
    """The rows of the log that are new; what stood for a part of this day only goes."""
    days = {each.since for each in after}
    gone = [each.since for each in before if each.since not in days]
    if gone:
        InterviewDue.objects.filter(enrolment=row, since__in=gone).delete()
    return [_entry(row, each, due) for each in after if each not in before]


def _entry(row: Enrolment, each: DueInForce, due: NextDue) -> InterviewDue:
    stands = each.due_on == due.due_on  # of a date of the past nobody knows the interval
    return InterviewDue(
        enrolment=row, since=each.since, due_on=each.due_on, is_carried=each.is_carried,
        pace_months=due.pace_months if stands else None,
    )  # fmt: skip


def _save(rows: list[Enrolment], names: Sequence[str]) -> None:
    if len(rows) == 1:
        values = {name: getattr(rows[0], name) for name in names}
        Enrolment.objects.filter(pk=rows[0].pk).update(**values)
    elif rows:
        Enrolment.objects.bulk_update(rows, names)


def _set_words(row: Enrolment, words: LastWords) -> None:
    row.appointment_on, row.refused_on = words.appointment_on, words.refused_on


def _set_due(row: Enrolment, due: NextDue) -> None:
    row.interview_due_on = due.due_on
    row.pace_months = due.pace_months
    row.suggested_months = due.suggestion.to_months if due.suggestion else None
    row.last_met_on = due.last_met_on


def _values(row: Enrolment, names: Iterable[str]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in names)


def _derive_windows(rows: list[Enrolment]) -> None:
    for row in rows:
        standing = standings_of([row.client_id], anchor_of(row))[row.client_id]
        window = standing.window
        row.window_starts_on = window.first_usable_on if window else None
        row.window_ends_on = standing.right_ends_on


@transaction.atomic
def decide_pace(
    *,
    enrolment: Enrolment,
    decided_on: date,
    is_accepted: bool,
    reason: str,
    by: Membership,
    at: datetime,
) -> PaceDecision:
    """Accept or decline the present suggestion; 本人兼務 where the decider is also in charge.

    Raises ValidationError when nothing is suggested (any more).
    """
    due = next_due_of(enrolment)
    if due.due_on is not None and due.due_on < decided_on:
        raise ValidationError(
            _("面談の期限（%(on)s）が過ぎています。面談をしてから決めてください。")
            % {"on": both(due.due_on)}
        )
    if due.suggestion is None:
        raise ValidationError(_("いまは、間隔をゆるめる提案がありません。"))
    longest = settings_of({enrolment.office_id})(enrolment.office_id, decided_on).longest_months
    if is_accepted and due.suggestion.to_months > longest:
        raise ValidationError(
            _("事業所の設定で、いちばん長い間隔は%(longest)sになっています。")
            % {"longest": every(longest)}
        )
    row = PaceDecision(
        enrolment=enrolment,
        decided_on=decided_on,
        from_months=due.agreed_months or 1,
        to_months=due.suggestion.to_months,
        is_accepted=is_accepted,
        reason=reason,
    )
    return _decided(row, by, at)


@transaction.atomic
def set_monthly(
    *, enrolment: Enrolment, decided_on: date, reason: str, by: Membership, at: datetime
) -> PaceDecision:
    """毎月に戻す by hand, at any time: also to take back an acceptance; the rows before it stay.

    Raises ValidationError where the pace is monthly already, or the reason is missing.
    """
    months = next_due_of(enrolment).agreed_on(decided_on)
    if months is None or months == 1:
        raise ValidationError(_("いまの間隔は毎月です。"))
    if not reason.strip():
        raise ValidationError({"reason": _("毎月に戻す理由を入れてください。")})
    row = PaceDecision(
        enrolment=enrolment, decided_on=decided_on, from_months=months, to_months=1,
        is_accepted=True, reason=reason,
    )  # fmt: skip
    return _decided(row, by, at)


def _decided(row: PaceDecision, by: Membership, at: datetime) -> PaceDecision:
    row.is_same_person = is_in_charge(row.enrolment, by, row.decided_on)
    person = row.enrolment.client.public_id
    return save_record(row, verb="pace_decided", by=by, at=at, person_id=person)
