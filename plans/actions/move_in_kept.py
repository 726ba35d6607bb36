"""移行の取込: of all that a line tells, what is on file otherwise or finds no record: said, never passed over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from clients.enums import Category, EndReason
from clients.rules.names import search_key
from plans.actions.move_in_desk import Desk
from plans.move_in_columns import BY_FIELD, label_of
from plans.move_in_kept import differs, kept_fields
from plans.move_in_row import PersonRow
from plans.queries.move_in_held import cap_beside, held_beside
from plans.queries.move_in_lacks import was_said
from plans.rules.network_before import NONE, NetworkBefore
from teikyaku.accounts.models import Municipality
from teikyaku.era import both
from teikyaku.fields import WorkingHoursField
from teikyaku.money import yen
from teikyaku.periods import Month

# Each with its column's name: what is compared here. The rest is told by the part that stores it.
COMPARED = (
    "lives_in", "lives_from", "disabled_from", "employer_address", "weekly_minutes", "must_not_contact",
    "left_reason", "improves", "leave_from", "leave_until", "leave_reason", "service_office",
    "service_until", "municipality", "number", "decided_on", "issued_on", "amount", "category",
    "cap_first_month", "cap_last_month", "is_managed", "managing_name", "managing_number",
    "consulted_from", "explained_on", "signed_on", "contracted_amount", "entry_number", "end_reason",
    "pace_months", "settled", "plan_made_on", "plan_from", "plan_review_by", "plan_goal",
    "without_plan_since", "network_months",
)  # fmt: skip
_MONTHS = {"cap_first_month", "cap_last_month", "without_plan_since"}
_LABELS = {"category": Category, "end_reason": EndReason}
# What somebody gets without being told it: nothing is lost where it finds no record.
_USUAL = {"pace_months": 1, "settled": 0, "entry_number": 1, "is_managed": False, "must_not_contact": False}  # fmt: skip
# Without a certificate it is told by the part that reads one; of who has ended nobody misses it.
_BY_ITSELF = {"municipality"}
_OF_MANAGED = {"is_managed", "managing_name", "managing_number"}
# So much of a text is said.
_SHOWN = 40


def say_kept(desk: Desk) -> None:
    """The last part: what the line tells and what stands on file now, field by field."""
    row, told = desk.row, desk.told
    kept, groups = kept_fields(told.differs), {_group(field) for field in told.left}
    as_told = {*kept, *told.left, *_stored(desk)}
    fields = [field for field in COMPARED if field not in as_told and not _is_usual(row, field)]
    held = held_beside(row, desk.client, desk.enrolment, desk.on) if fields else {}
    for field in fields:
        value = getattr(row, field)
        if field in held:
            if not _is_same(value, held[field]) and not _is_assumed(desk, field, value):
                told.differs.append(
                    differs(label_of(field), _words(field, value), _words(field, held[field]))
                )
        elif field not in _BY_ITSELF and value != _USUAL.get(field) and _group(field) not in groups:
            told.left[field] = _without_record(desk, field)


def _stored(desk: Desk) -> set[str]:
    """What nothing can stand beside: this line has just written it, of somebody who is new.

    An end may have changed what the line wrote before it.
    """
    row = desk.row
    has_ended = row.ended_on is not None or row.left_on is not None
    return desk.told.stored if desk.is_new and not has_ended else set()


def _is_usual(row: PersonRow, field: str) -> bool:
    """Nothing is told, or no contact with a job, which says nothing against one on file."""
    value = getattr(row, field)
    return value in (None, "", NONE) or (field == "must_not_contact" and not value)


def _group(field: str) -> str:
    return str(BY_FIELD[field].group) if field in BY_FIELD else ""


def _is_same(value: Any, held: Any) -> bool:
    if isinstance(value, str) and isinstance(held, str):
        return search_key(value) == search_key(held)
    return bool(value == held)


def _is_assumed(desk: Desk, field: str, value: Any) -> bool:
    """What the line does not tell itself, or does not say of a record here."""
    row = desk.row
    if field in ("service_office", "service_until"):
        return row.is_service_assumed
    if field == "leave_until":
        # Its end lies ahead: said with the leave.
        return bool(value > desk.on)
    if field == "end_reason":
        return row.ended_on is None
    # Of a cap without its month that of the decision was taken: the cap holds as the line tells.
    return field == "cap_first_month" and _is_month_taken(desk)


def _is_month_taken(desk: Desk) -> bool:
    cap = cap_beside(desk.row, desk.client)
    if cap is None or cap.cap_yen != desk.row.cap_yen:
        return False
    return not was_said(desk.client, cap.recorded_at, "cap_first_month")


def _words(field: str, value: Any) -> str:  # noqa: PLR0911  (one line for each kind)
    match value:
        case None | "":
            return ""
        case bool():
            return "○" if value else "×"
        case date():
            return Month.of(value).label if field in _MONTHS else both(value)
        case Municipality():
            return str(value.full_name)
        case NetworkBefore():
            return str(value.words)
    if field in _LABELS:
        return str(_LABELS[field](value).label)
    if field == "weekly_minutes":
        return _("%(hours)s時間") % {"hours": WorkingHoursField().prepare_value(value)}
    if field == "pace_months":
        return _("毎月") if value == 1 else _("%(n)dか月ごと") % {"n": value}
    text = yen(value) if field == "cap_yen" else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _without_record(desk: Desk, field: str) -> str:
    if field in _OF_MANAGED and (text := _not_managed(desk)):
        return text
    if field in ("pace_months", "settled"):
        return _(
            "最後の面談日といっしょに入れる項目です。最後の面談日がないので取り込みません。"
            "面談の表に、最後の面談日とこの列をいっしょに入れてください。その方のページの「移行時の事実」でも入れられます。"
        )
    text = _(
        "「%(group)s」の記録といっしょに入れる項目です。その記録がないので取り込みません。記録を入れたあと、"
        "この表をもう一度取り込むか、その方のページで入れてください。"
    )
    return text % {"group": _group(field)}


def _not_managed(desk: Desk) -> str:
    """Why who manages a cap does not come in, where one is on file that the line does not tell."""
    cap = desk.client.cap_periods.order_by("first_month").last()
    if cap is None:
        return ""
    if not cap.cap_yen:
        return _(
            "登録の負担上限月額が0円の方です。上限額管理の対象にならないので、取り込みません。"
        )
    text = _(
        "登録の負担上限月額（%(yen)s）に足すには、この行に受給者証と負担上限月額の項目も要ります。足すか、その方のページで入れてください。"
    )
    return text % {"yen": yen(cap.cap_yen)}
