"""What an office's board and a ward's draw alike: tabs, chips, and the choices of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from plans.queries.expiry_filter import SPANS, STAGES, EndFilter


def span_tabs(ends: EndFilter, late: int) -> list[dict[str, Any]]:
    """So many months ahead, and what has passed with its count."""
    is_span = ends.month is None and not ends.is_late and ends.stage is None
    tabs: list[dict[str, Any]] = [
        {
            "label": _("%(n)sか月以内") % {"n": n},
            "url": ends.with_span(n),
            "current": is_span and n == ends.span,
        }
        for n in SPANS
    ]
    return [
        *tabs,
        {
            "label": _("過ぎたまま"),
            "url": ends.with_late(),
            "count": late,
            "current": ends.is_late,
        },
    ]


def kind_chips(ends: EndFilter, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every kind, and all of them."""
    return [
        {"label": label, "url": ends.with_kind(key), "current": key == ends.kind}
        for key, label in {"": _("すべて"), **labels}.items()
    ]


def stage_choices(ends: EndFilter) -> list[tuple[str, str, bool]]:
    """How near: value, word, whether it is chosen."""
    return [(stage.value, stage.label, stage == ends.stage) for stage in STAGES]


def kept_fields(ends: EndFilter) -> list[tuple[str, str]]:
    """What the form keeps of the address beside what it asks itself."""
    name, _sign, value = ends.when.partition("=")
    return [(name, value), ("kind", ends.kind)]
