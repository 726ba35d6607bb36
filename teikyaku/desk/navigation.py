"""Navigation by role: what the active membership can open, in the order of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.roles import Permission


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: what it is called, where it leads, whether we are there."""

    label: str
    url: str
    current: bool


def _entries() -> list[tuple[str, str, Permission | None]]:
    return [
        (_("ホーム"), "home", None),
    ]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav` for the header; empty for who is not signed in or belongs nowhere."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"nav": []}
    items = []
    for label, name, permission in _entries():
        if permission is not None and not membership.may(permission):
            continue
        url = reverse(name)
        is_current = request.path == url or (url != "/" and request.path.startswith(url))
        items.append(NavItem(label, url, is_current))
    return {"nav": items}
