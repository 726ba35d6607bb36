"""What every page knows of the product."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, Any]:
    """Version, mode, and the active membership among those held."""
    return {
        "version": settings.VERSION,
        "mode": settings.MODE,
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", []),
    }
