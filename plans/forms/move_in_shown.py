"""移行の取込: what was read of a cell, in words, beside what was typed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from clients.enums import EndReason
from plans.forms.move_in_cells import MarkField, MayContactField, PaceField, WordField, corrected
from plans.forms.move_in_ends import EndField
from plans.forms.network_before import NetworkField
from plans.rules.move_in_words import folded
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.era import both
from teikyaku.fields import MonthField, WorkingHoursField, YenField
from teikyaku.money import yen
from teikyaku.periods import Month

_OPENING = ("last_met_on", "pace_months", "settled", "without_plan_since", "network_months")
_HOME = ("postal_code", "lives_in", "address", "lives_from")
_PLAN = ("plan_made_on", "plan_from", "plan_review_by", "plan_goal")
# What a rule refuses of a line that comes in takes these with it; else it is left out alone.
_TOGETHER = {
    **dict.fromkeys(_HOME, _HOME),
    **dict.fromkeys(("disabilities", "disabled_from"), ("disabilities", "disabled_from")),
    **dict.fromkeys(("plan_made_on", "plan_from", "plan_goal"), _PLAN),
    **dict.fromkeys(("settled", "without_plan_since", "network_months"), _OPENING),
    "signed_on": ("explained_on", "signed_on", "use_from", "contracted_amount", "entry_number", "initial_month"),
}  # fmt: skip


def left_with(read: Collection[str], refused: Collection[str]) -> set[str]:
    """Of the fields of a line that were read, those that do not come in for what a rule refuses."""
    found = {each for field in refused if field in read for each in _TOGETHER.get(field, (field,))}
    if "last_met_on" not in read or "last_met_on" in found:
        # Without the last meeting nothing is counted from it.
        found |= {"pace_months", "settled"}
    return found


def in_words(field: forms.Field, value: Any) -> str:  # noqa: PLR0911, PLR0912  (one line for each kind)
    """A value as the preview shows it; "" for none."""
    match field, value:
        case _, None | "" | ():
            return ""
        case EndField(), _:
            return str(EndReason(value).label)
        case NetworkField(), _:
            return str(value.words)
        case MayContactField(), _:
            return _("連絡してよい") if value else _("連絡しない")
        case MarkField(), _:
            return "○" if value else "×"
        case MonthField(), date():
            return Month.of(value).label
        case _, date():
            return both(value)
        case _, Membership():
            return str(value.user.name)
        case _, Municipality():
            return str(value.full_name)
        case WordField(), tuple():
            return "・".join(field.label_of(each) for each in value)
        case WordField(), _:
            return field.label_of(value)
        case PaceField(), _:
            return _("毎月") if value == 1 else _("%(n)dか月ごと") % {"n": value}
        case YenField(), _:
            return yen(value)
        case WorkingHoursField(), _:
            return _("%(hours)s時間") % {"hours": field.prepare_value(value)}
    return str(value)


def is_other(field: forms.Field, typed: str, value: Any) -> bool:
    """Whether what comes in is more than another spelling of what was typed."""
    if not typed or folded(corrected(field, typed)) != folded(typed):
        return True
    match field, value:
        case _, Membership():
            return folded(value.user.name) != folded(typed) and "@" not in typed
        case WordField(), _:
            return folded(in_words(field, value)) != folded(typed)
        case YenField(), _:
            return not any(mark.isdigit() for mark in folded(typed))
    return False
