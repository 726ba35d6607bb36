"""Certificate numbers: typed from the core system, or the next free one of the ward's range."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.client import record_number
from clients.models import Client, RecipientNumber
from plans.models.number_range import NUMBER_DIGITS, NumberRange
from plans.queries.number_range import free_numbers, known_number
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality


@transaction.atomic
def add_number_range(
    *,
    municipality: Municipality,
    first_number: str,
    last_number: str,
    by: Membership,
    at: datetime,
) -> NumberRange:
    """A further range, used when those before it are used up.

    Raises ValidationError by field: in the wrong order, or in numbers that another range holds.
    """
    if last_number < first_number:
        raise ValidationError({"last_number": _("最後の番号は最初の番号以後にしてください。")})
    known = NumberRange.objects.filter(
        municipality=municipality, first_number__lte=last_number, last_number__gte=first_number
    ).first()
    if known is not None:
        text = _("登録済みの範囲（%(first)s〜%(last)s）と重なっています。")
        values = {"first": known.first_number, "last": known.last_number}
        raise ValidationError({"first_number": text % values})
    row = NumberRange(
        municipality=municipality,
        first_number=first_number,
        last_number=last_number,
        next_number=int(first_number),
    )
    return save_record(row, verb="number_range_registered", by=by, at=at)


@transaction.atomic
def switch_number_range(*, row: NumberRange, by: Membership, at: datetime) -> NumberRange:
    """No number is taken from this range any more, or again; those handed out stay with their people."""
    # Locked and read again: what was handed out meanwhile is not written over.
    row = NumberRange.objects.select_for_update().get(pk=row.pk)
    row.is_open = not row.is_open
    verb = "number_range_opened" if row.is_open else "number_range_ended"
    return save_record(row, verb=verb, by=by, at=at, fields=("is_open",))


@transaction.atomic
def number_for(
    *, client: Client, municipality: Municipality, number: str, by: Membership, at: datetime,
    is_changed: bool = False,
) -> RecipientNumber:  # fmt: skip
    """The number of a paper: as typed, else the person's own, else the next free one of the range.

    Raises ValidationError at `number`: taken by somebody else, no range, all ranges used up, or
    another one than the person has here, unless `is_changed` says that it is meant.
    """
    if not number:
        known = known_number(client, municipality)
        if known is not None and known.municipality_id == municipality.pk:
            return known
        number = known.number if known is not None else _take(municipality, by, at)
    elif not is_changed and (question := question_about(client, municipality, number)):
        raise ValidationError({"number": question})
    return record_number(client=client, municipality=municipality, number=number, by=by, at=at)


def question_about(client: Client, municipality: Municipality, number: str) -> str:
    """What is asked of a number that is not the person's own: it stays through renewals (§4).

    "" where there is nothing to ask: also of somebody else's number, which is refused anyway.
    """
    known = known_number(client, municipality)
    if known is None or not number or known.number == number:
        return ""
    others = RecipientNumber.objects.filter(municipality=municipality, number=number)
    if others.exclude(client=client).exists():
        return ""
    text = _(
        "この方の番号は%(known)sです（更新しても変わりません）。打ち間違いなら直してください。"
        "番号が変わったのなら、その印を入れてください。"
    )
    return text % {"known": known.number}


def _take(municipality: Municipality, by: Membership, at: datetime) -> str:
    # The lock makes a second officer wait (SQLite lets one writer in at a time anyway); the number
    # is handed out in the transaction that stores it, so none is lost when that fails.
    ranges = NumberRange.objects.select_for_update().filter(municipality=municipality, is_open=True)
    rows = list(ranges.order_by("pk"))
    for row in rows:
        found = next(free_numbers(row), None)
        row.next_number = int(row.last_number) + 1 if found is None else found + 1
        save_record(row, verb="number_range_used", by=by, at=at, fields=("next_number",))
        if found is not None:
            return f"{found:0{NUMBER_DIGITS}d}"
    if rows:
        refuse_used_up()
    text = _("受給者証番号を入れてください。区の番号の範囲は登録されていません。")
    raise ValidationError({"number": text})


def refuse_used_up() -> NoReturn:
    """Raises ValidationError at `number`: no range of the ward has a number left."""
    text = _("区の番号の範囲を使い切りました。番号を入れるか、新しい範囲を登録してください。")
    raise ValidationError({"number": text})
