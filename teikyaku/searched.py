"""What somebody looks for: the words of a search in an address."""

from __future__ import annotations

from django.http import HttpRequest

# Names, numbers and mail addresses are shorter, and search boxes end there (components/search_field.html):
# SQLite refuses a LIKE of more than 50,000 bytes, and servers an address of some thousand.
LONGEST = 80


def searched(request: HttpRequest, key: str = "q") -> str:
    """The words that the address asks for, without blanks around them, at most 80 characters."""
    return request.GET.get(key, "").strip()[:LONGEST]
