"""基幹システムからの取込: looked at first, stored when an officer says so, erased either way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plans.actions.core_rows import carry_out, plan_row, try_out
from plans.models import (
    Application,
    CapPeriod,
    Certificate,
    CoreUpload,
    CoreUploadRow,
    Decision,
)
from plans.queries.caps import ClosedMonths, none_closed
from plans.queries.core_people import WardPerson, numbers_elsewhere, people_by_number
from plans.rules.core_upload import CoreRow, as_text, from_text
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.figures import FigureError
from teikyaku.periods import day_after

# What nobody has confirmed is erased with the next file: personal data do not lie about.
KEPT_DAYS = 14
# Lines that are stored in one transaction: others may write between two of them.
TOGETHER = 20
# Lines that one request stores, so that it answers in time; the rest goes on with the next press.
AT_ONCE = 400
State = CoreUploadRow.State


@dataclass(frozen=True, slots=True)
class UploadLine:
    """One line as it was read: its values, or [column, value, reason] of what is wrong in it."""

    number: int
    cells: dict[str, str]
    row: CoreRow | None
    faults: list[list[str]] = field(default_factory=list)


def store_upload(
    *, municipality: Municipality, lines: Sequence[UploadLine], labels: Mapping[str, str],
    by: Membership, at: datetime, closed: ClosedMonths = none_closed,
) -> CoreUpload:  # fmt: skip
    """Keep the lines of a file with what each would change; nothing is decided by it.

    `labels`: the heading of each column, for the faults; `closed`: the closed months that a cap would
    touch, for what is told. What lay here unconfirmed for 14 days is erased.
    """
    upload = CoreUpload(municipality=municipality, row_count=len(lines))
    # Looked at outside, written in one short transaction: other writers need not wait.
    rows = list(_looked_at(upload, lines, labels, closed, by, at))
    with transaction.atomic():
        _forget(municipality, by, at)
        save_record(upload, verb="core_upload_received", by=by, at=at)
        CoreUploadRow.objects.bulk_create(rows, batch_size=500)
    return upload


@transaction.atomic
def discard_upload(*, upload: CoreUpload, by: Membership, at: datetime) -> CoreUpload:
    """Throw the file away; its lines are erased. Raises ValidationError for one that was settled."""
    row = _open(upload)
    row.rows.all().delete()
    row.outcome, row.outcome_by, row.outcome_at = CoreUpload.Outcome.DISCARDED, by, at
    return save_record(row, verb="core_upload_discarded", by=by, at=at, fields=("outcome",))


@transaction.atomic
def confirm_upload(
    *, upload: CoreUpload, labels: Mapping[str, str], by: Membership, at: datetime
) -> CoreUpload:
    """Say that the file is to be stored; `carry_on` does it.

    Raises ValidationError for one that was settled, and for the writer's own where the ward wants
    two officers for a grant (docs/rules.md §3).
    """
    row = _open(upload)
    grants = row.rows.filter(state=State.NEW).exists()
    is_own = row.recorded_by.user_id == by.user_id
    if grants and is_own and row.municipality.needs_second_officer:
        raise ValidationError(
            _(
                "新しい支給決定があります。この区では、ファイルを入れた人とは別の職員が取り込みます。"
            )
        )
    refused = row.rows.filter(state=State.REFUSED)
    row.refusals = [
        [line, column, reason]
        for line, faults in refused.values_list("line", "faults")
        for column, _value, reason in faults
    ]
    refused.delete()
    row.same_count, _kinds = row.rows.filter(state=State.SAME).delete()
    row.outcome, row.outcome_by, row.outcome_at = CoreUpload.Outcome.CONFIRMED, by, at
    return save_record(row, verb="core_upload_confirmed", by=by, at=at, fields=("outcome",))


def carry_on(*, upload: CoreUpload, labels: Mapping[str, str], by: Membership, at: datetime) -> int:
    """Store the next lines of a confirmed file, each as one step; how many are left.

    A line that can no longer be stored is told with its reason and holds up no other one. Two
    officers at once share the lines: none is stored twice.
    """
    for _turn in range(AT_ONCE // TOGETHER):
        with transaction.atomic():
            row = (
                CoreUpload.objects.select_for_update()
                .select_related("municipality")
                .get(pk=upload.pk)
            )
            if row.outcome != CoreUpload.Outcome.CONFIRMED:
                return 0
            rows = list(row.rows.order_by("line")[:TOGETHER])
            if not rows:
                return 0
            _store(row, rows, labels, by, at)
    return upload.rows.count()


def _store(
    upload: CoreUpload, rows: list[CoreUploadRow], labels: Mapping[str, str], by: Membership,
    at: datetime,
) -> None:  # fmt: skip
    read = [(each, from_text(each.facts)) for each in rows]
    people = people_by_number(upload.municipality_id, [row.number for _each, row in read])
    touched: set[str] = set()
    for each, row in read:
        if row.number in touched:
            # A line before this one has changed what is on file.
            people |= people_by_number(upload.municipality_id, [row.number])
        touched.add(row.number)
        try:
            state = _done(row, people.get(row.number), by, at)
        except (ValidationError, FigureError) as error:
            upload.refusals += [
                [each.line, column, reason]
                for column, _value, reason in faults_of(error, {}, labels)
            ]
            continue
        upload.new_count += state == State.NEW
        upload.changed_count += state == State.CHANGED
        upload.same_count += state == State.SAME
    CoreUploadRow.objects.filter(pk__in=[each.pk for each in rows]).delete()
    upload.save(update_fields=["refusals", "new_count", "changed_count", "same_count"])


def _done(row: CoreRow, person: WardPerson | None, by: Membership, at: datetime) -> str:
    plan = plan_row(row, person, date_of(at))
    with violations_as_validation_errors(Decision, CapPeriod, Certificate):
        carry_out(plan, by, at)
    return _state(plan)


def _state(plan: Any) -> str:
    if plan.grant is not None:
        return State.NEW
    return State.CHANGED if plan.paper is not None or plan.cap is not None else State.SAME


def _looked_at(
    upload: CoreUpload, lines: Sequence[UploadLine], labels: Mapping[str, str],
    closed: ClosedMonths, by: Membership, at: datetime,
) -> Iterator[CoreUploadRow]:  # fmt: skip
    numbers = {line.row.number for line in lines if line.row is not None}
    people = people_by_number(upload.municipality_id, numbers)
    elsewhere = numbers_elsewhere(upload.municipality_id, numbers - people.keys())
    seen: dict[Any, int] = {}
    granted: dict[str, int] = {}
    begins = {(line.row.number, line.row.starts_on): line.number for line in lines if line.row}
    for line in lines:
        found = CoreUploadRow(upload=upload, line=line.number, cells=line.cells)
        if line.row is None:
            found.state, found.faults = State.REFUSED, line.faults
            yield found
            continue
        found.facts = as_text(line.row)
        person = people.get(line.row.number)
        try:
            _refuse_in_file(line.row, seen, granted)
            _refuse_before_change(line.row, person, begins)
            known = person or elsewhere.get(line.row.number)
            plan = plan_row(line.row, known, date_of(at), closed)
            with violations_as_validation_errors(Decision, CapPeriod, Certificate):
                try_out(plan, by, at)
        except (ValidationError, FigureError) as error:
            found.state = State.REFUSED
            found.faults = faults_of(error, line.cells, labels)
        else:
            found.state, found.words = _state(plan), list(plan.words)
            if plan.grant is not None:
                granted[line.row.number] = line.number
        seen.setdefault(line.row.key, line.number)
        yield found


def _refuse_in_file(row: CoreRow, seen: Mapping[Any, int], granted: Mapping[str, int]) -> None:
    """Refuse what another line of the same file says already, or has to bring first."""
    if row.key in seen:
        text = _("%(line)d行目と、番号・支給決定期間の開始・適用開始月が同じです。")
        raise ValidationError({"number": text % {"line": seen[row.key]}})
    if row.number in granted:
        raise ValidationError({"number": _again_words(granted[row.number])})


def _again_words(line: int) -> str:
    text = _(
        "この方の新しい支給決定が%(line)d行目にあります。取り込んだあとで、同じファイルをもう一度入れてください。"
    )
    return text % {"line": line}


def _refuse_before_change(
    row: CoreRow, person: WardPerson | None, begins: Mapping[tuple[str, date], int]
) -> None:
    """Refuse a decision that the line already cuts short where the file brings the change behind it.

    Once the change is stored, the line says what is on file.
    """
    if person is None or person.application is None:
        return
    decision = next((each for each in person.decisions if each.starts_on == row.starts_on), None)
    next_day = day_after(row.ends_on)
    if decision is None or not row.ends_on < decision.ends_on:
        return
    is_known = any(each.starts_on == next_day for each in person.decisions)
    line = begins.get((row.number, next_day))
    if line is not None and not is_known and person.application.kind == Application.Kind.CHANGE:
        raise ValidationError({"number": _again_words(line)})


# What the actions call a field, where the file has another name for it.
_PLACES = {
    "first_month": "cap_first_month",
    "last_month": "cap_last_month",
    "applies_on": "cap_first_month",
}


def faults_of(
    error: ValidationError | FigureError, cells: Mapping[str, str], labels: Mapping[str, str]
) -> list[list[str]]:
    """[column, value, reason] of a refusal; the column is "" where it speaks of the whole line."""
    if isinstance(error, FigureError) or not hasattr(error, "error_dict"):
        messages = error.messages if isinstance(error, ValidationError) else [str(error)]
        return [["", "", message] for message in messages]
    found = []
    for name, messages in error.message_dict.items():
        place = _PLACES.get(name, name)
        found += [[labels.get(place, ""), cells.get(place, ""), message] for message in messages]
    return found


def _open(upload: CoreUpload) -> CoreUpload:
    row = (
        CoreUpload.objects.select_for_update(of=("self",))
        # Who settled it is asked afterwards: after a wait PostgreSQL hands out the new row beside
        # what was joined to the old one, where nobody had yet.
        .select_related("municipality", "recorded_by")
        .get(pk=upload.pk)
    )
    if row.outcome and row.outcome_by is not None:
        text = _("この取込は、%(who)s が「%(how)s」にしています。")
        raise ValidationError(
            text % {"who": row.outcome_by.user.name, "how": row.get_outcome_display()}
        )
    return row


def _forget(municipality: Municipality, by: Membership, at: datetime) -> None:
    old: Iterable[CoreUpload] = CoreUpload.objects.filter(
        municipality=municipality, outcome="", recorded_at__lt=at - timedelta(days=KEPT_DAYS)
    )
    for upload in list(old):
        discard_upload(upload=upload, by=by, at=at)
