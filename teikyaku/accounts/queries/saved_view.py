"""Saved views: one's own, of a page; nobody else's."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from teikyaku.accounts.models import Membership, SavedView
from teikyaku.accounts.saved_lists import Reading


@dataclass(frozen=True, slots=True)
class SavedChip:
    """One saved view as its list shows it."""

    name: str
    url: str
    is_current: bool
    rename_url: str
    delete_url: str


@dataclass(frozen=True, slots=True)
class SavedChips:
    """What stands above a list: the saved views, and the way to keep the present conditions."""

    chips: tuple[SavedChip, ...]
    new_url: str
    """Empty where the present conditions are kept already."""


def own_views(membership: Membership) -> QuerySet[SavedView]:
    """What the person keeps in this place, by whichever of their memberships in it.

    Changed roles are a new membership; what was kept stays at hand.
    """
    return SavedView.objects.filter(
        membership__user=membership.user_id,
        membership__office=membership.office_id,
        membership__municipality=membership.municipality_id,
    )


def saved_chips(membership: Membership, page: str, reading: Reading) -> SavedChips:
    """The saved views of the list `page`, which now shows `reading` (one query)."""
    views = list(own_views(membership).filter(page=page))
    chips = tuple(
        SavedChip(
            name=view.name,
            url=f"?{view.query}",
            is_current=view.query == reading.query,
            rename_url=reverse("saved_view_rename", args=[view.public_id]),
            delete_url=reverse("saved_view_delete", args=[view.public_id]),
        )
        for view in views
    )
    is_kept = any(chip.is_current for chip in chips)
    new_url = f"{reverse('saved_view_new', args=[page])}?{reading.query}"
    return SavedChips(chips, "" if is_kept else new_url)
