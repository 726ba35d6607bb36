"""移行の取込: sheets of an office's file that are no table of people: where they come in instead."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.forms import opening_invoice
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import NAMES
from plans.queries.move_in import other_sheets
from plans.rules.move_in import guesses
from teikyaku.accounts.forms import staff_list
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.sheet_files import LINES_ABOVE


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """ほかの画面で入れるシート: which page reads it; `url_name` is "" for who may not open that page."""

    title: Promise
    url_name: str
    permission: Permission

    def seen_by(self, membership: Membership) -> Elsewhere:
        """With the link for who may open it alone."""
        may = membership.may(self.permission)
        return self if may else Elsewhere(self.title, "", self.permission)


INVOICES = Elsewhere(_("移行前の請求"), "opening_invoices", Permission.MONTH_CLOSE)
STAFF = Elsewhere(_("職員の招待"), "staff_list", Permission.STAFF_INVITE)


def elsewhere_of(sheets: Collection[MoveIn], membership: Membership) -> dict[int, Elsewhere]:
    """By sheet where it comes in, of those that are no tables of people (one query)."""
    rows = MoveInRow.objects.filter(move_in__in=sheets, line__lte=LINES_ABOVE).order_by("line")
    found: dict[int, Elsewhere] = {}
    of_people: set[int] = set()
    for sheet, cells in rows.values_list("move_in", "cells"):
        if sheet in found or sheet in of_people:
            continue
        if "birth_date" in _sure(cells, NAMES):
            of_people.add(sheet)
        elif (place := _place_of(cells)) is not None:
            found[sheet] = place.seen_by(membership)
    return found


def others_of(move_in: MoveIn, membership: Membership) -> list[tuple[MoveIn, Elsewhere | None]]:
    """The sheets of the file that wait, each with where it comes in if it is no table of people."""
    sheets = other_sheets(move_in)
    places = elsewhere_of(sheets, membership) if sheets else {}
    return [(sheet, places.get(sheet.pk)) for sheet in sheets]


def _place_of(headings: Sequence[str]) -> Elsewhere | None:
    """Where a table with these headings comes in; None for one of people, and for what are no headings."""
    if set(opening_invoice.REQUIRED) <= _sure(headings, opening_invoice.NAMES):
        return INVOICES
    staff = _sure(headings, staff_list.NAMES)
    is_staff = {"name", "roles"} <= staff and staff & {"email", "starts_on", "ends_on"}
    return STAFF if is_staff else None


def _sure(
    headings: Sequence[str], names: dict[str, Sequence[str]] | dict[str, tuple[str, ...]]
) -> set[str]:
    return {field for field, (_at, is_sure) in guesses(headings, names).items() if is_sure}
