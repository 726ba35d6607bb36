"""List pages whose conditions can be kept under a name.

A list's view says so itself (`can_be_saved`), so that this app knows no list and each list can be
asked by its URL name. What is kept is what the list read out of a query, never the query as it came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import Promise

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as its list understands it."""

    query: str
    """The conditions that the list knows, in one steady order; nothing else."""
    words: str
    """The same in words, for who is about to keep it."""


@dataclass(frozen=True, slots=True)
class SavedList:
    """A list page whose conditions can be kept."""

    title: str | Promise
    read: Callable[[HttpRequest, QueryDict], Reading]


def can_be_saved(
    title: str | Promise, read: Callable[[HttpRequest, QueryDict], Reading]
) -> Callable[[View], View]:
    """Mark a list's view: its conditions can be kept. Stands above `requires`."""

    def decorate(view: View) -> View:
        view.saved_list = SavedList(title, read)  # type: ignore[attr-defined]
        return view

    return decorate


def saved_list(page: str) -> tuple[SavedList, str] | None:
    """The list behind a URL name, with its address; None where nothing can be kept."""
    try:
        url = reverse(page)
    except NoReverseMatch:
        return None
    found = getattr(resolve(url).func, "saved_list", None)
    return (found, url) if isinstance(found, SavedList) else None
