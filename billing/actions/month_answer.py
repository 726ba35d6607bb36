"""What the office answers of one person's months, and who pays a part of their copayment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.enums import AnswerKind
from billing.models import MonthAnswer, Subsidy
from clients.actions.facts import refuse_future
from clients.models import Enrolment
from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import Membership, Municipality

Row = TypeVar("Row", MonthAnswer, Subsidy)


@transaction.atomic
def answer_months(
    *,
    enrolment: Enrolment,
    kind: str,
    first_month: date,
    last_month: date | None,
    why: str,
    told_on: date,
    by: Membership,
    at: datetime,
) -> MonthAnswer:
    """The office's answer where the rules say [?], with the day on which it was made sure of.

    Raises ValidationError by field for months that overlap another such answer, for a day ahead, and
    for a span where single months are asked for.
    """
    refuse_future(at=at, told_on=told_on)
    row = MonthAnswer(
        enrolment=enrolment, kind=kind, first_month=first_month, why=why, told_on=told_on,
        last_month=_last_of(kind, first_month, last_month),
    )  # fmt: skip
    return save_record(
        row, verb="month_answer_recorded", by=by, at=at, person_id=enrolment.client.public_id
    )


def _last_of(kind: str, first: date, last: date | None) -> date | None:
    """地域連携会議実施加算 is used up month by month: each is an answer of its own."""
    if kind != AnswerKind.NETWORK_ELSEWHERE:
        return last
    if last not in (None, first):
        raise ValidationError({"last_month": _("使った月ごとに、1か月ずつ入れてください。")})
    return first


@transaction.atomic
def record_subsidy(
    *,
    enrolment: Enrolment,
    municipality: Municipality,
    kind: str,
    amount: int,
    source: str,
    first_month: date,
    last_month: date | None,
    by: Membership,
    at: datetime,
) -> Subsidy:
    """自治体助成 from a month on; closed months stay as they are.

    Raises ValidationError by field for months that overlap another subsidy of the person.
    """
    row = Subsidy(
        enrolment=enrolment, municipality=municipality, kind=kind, amount=amount, source=source,
        first_month=first_month, last_month=last_month,
    )  # fmt: skip
    return save_record(
        row, verb="subsidy_recorded", by=by, at=at, person_id=enrolment.client.public_id
    )


@transaction.atomic
def correct_months(
    *, row: Row, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> Row:
    """An answer or a subsidy ends, or was written wrongly; the history keeps what was.

    Raises ValidationError by field, where nothing is changed, and where it was taken back meanwhile.
    """
    held = _held(row)
    if all(getattr(held, name) == value for name, value in changes.items()):
        raise ValidationError(_("どこも変わっていません。訂正する値を入れてください。"))
    if isinstance(held, MonthAnswer):
        changes = {
            **changes,
            "last_month": _last_of(held.kind, changes["first_month"], changes["last_month"]),
        }
    verb = f"{_noun(held)}_corrected"
    return correct_record(held, changes, verb=verb, reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_months(*, row: Row, reason: str, by: Membership, at: datetime) -> Row:
    """It never was: taken back with its reason, and readable as such.

    Raises ValidationError without a reason, or where it was taken back before.
    """
    held = _held(row)
    if not reason.strip():
        raise ValidationError({"reason": _("取り消す理由を入れてください。")})
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_reason = at, by, reason.strip()
    fields = ("withdrawn_at", "withdrawn_by", "withdrawn_reason")
    person = held.enrolment.client.public_id
    verb = f"{_noun(held)}_cancelled"
    return save_record(
        held, verb=verb, by=by, at=at, person_id=person, fields=fields, reason=reason
    )


def _held(row: Row) -> Row:
    held: Row = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if held.withdrawn_at is not None:
        raise ValidationError(_("この記録は、取り消してあります。"))
    return held


def _noun(row: MonthAnswer | Subsidy) -> str:
    return "month_answer" if isinstance(row, MonthAnswer) else "subsidy"
