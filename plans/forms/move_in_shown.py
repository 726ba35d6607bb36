"""移行の取込: what was read of a cell, in words, beside what was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from plans.forms.move_in_cells import MarkField, PaceField, WordField, corrected
from plans.forms.network_before import NetworkField
from plans.rules.move_in_words import folded
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.era import both
from teikyaku.fields import MonthField, WorkingHoursField, YenField
from teikyaku.money import yen
from teikyaku.periods import Month


def in_words(field: forms.Field, value: Any) -> str:  # noqa: PLR0911  (one line for each kind)
    """A value as the preview shows it; "" for none."""
    match field, value:
        case _, None | "" | ():
            return ""
        case NetworkField(), _:
            return str(value.words)
        case MarkField(), _:
            return "○" if value else ""
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
