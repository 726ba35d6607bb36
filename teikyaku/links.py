"""Whole addresses, for mails and feeds that are written without a request."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """The address of a path of ours, from `BASE_URL`."""
    return settings.BASE_URL.rstrip("/") + path
