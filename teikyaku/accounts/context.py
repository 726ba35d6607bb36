"""What every page knows of the product."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from teikyaku.accounts.way_back import way_back
from teikyaku.clock import now, today


def product(request: HttpRequest) -> dict[str, Any]:
    """Version, mode, the active membership among those held, and when: a printed page says so."""
    return {
        "version": settings.VERSION,
        "mode": settings.MODE,
        "printed_on": today(request),
        "printed_at": now(request),
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", []),
        "way_back": way_back(request),
        # Up to when a report is told, where it is read from a standby that is late.
        "read_until": getattr(request, "read_until", None),
    }
