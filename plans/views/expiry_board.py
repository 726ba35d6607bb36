"""What an office's board and a ward's draw alike: its page, tabs, chips, and the choices of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from plans.queries.expiry_filter import SPANS, STAGES, EndFilter
from plans.queries.expiry_list import EndList

# On the screen: ends, or people where they are grouped.
ROWS, PEOPLE = 16, 8
# For paper everything that matches in one go, as far as a browser lays it out without a long wait; what
# goes beyond is said, and stands on the next such page.
PRINT_ROWS, PRINT_PEOPLE = 500, 200


@dataclass(frozen=True, slots=True)
class Listed:
    """What the page shows of a list, and how to print all of it."""

    page: Page[Any]
    is_print: bool
    print_url: str

    @property
    def count(self) -> int:
        """How many match."""
        return self.page.paginator.count

    @property
    def left_out(self) -> int:
        """How many match and do not stand on this page."""
        return self.count - len(self.page.object_list)

    @property
    def portion(self) -> int:
        """How many a page of this kind holds at most."""
        return self.page.paginator.per_page


def listed(found: EndList[Any], ends: EndFilter, query: QueryDict) -> Listed:
    """The page that `query` asks for; with `print=1` everything, up to the bound of a paper."""
    is_print = query.get("print") == "1"
    rows, people = (PRINT_ROWS, PRINT_PEOPLE) if is_print else (ROWS, PEOPLE)
    most = people if ends.by_person else rows
    # A few more stand on the last page, and not on one of their own.
    few = 0 if is_print else most // 3
    pages = Paginator(found.by_person() if ends.by_person else found, most, orphans=few)
    return Listed(pages.get_page(query.get("page")), is_print, f"?{ends.conditions}&print=1")


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
            "label": _("期限が過ぎた"),
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
