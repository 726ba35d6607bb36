"""What somebody looks for: the words of a search in an address."""

from __future__ import annotations

from django.http import HttpRequest

# Names, numbers and mail addresses are shorter. SQLite refuses a LIKE of more than 50,000 bytes.
LONGEST = 200


def searched(request: HttpRequest, key: str = "q") -> str:
    """The words that the address asks for, without blanks around them, at most 200 characters."""
    return request.GET.get(key, "").strip()[:LONGEST]
