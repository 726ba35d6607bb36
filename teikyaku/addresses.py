"""Addresses of pages about somebody: what stands around the public id is looked up once for each page.

`reverse` matches the whole table of patterns at every call; a menu or a list asks it dozens of times
for addresses that differ in the id alone.
"""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse

# Pages, and the months and words that stand behind the id.
KEPT = 1_000
_ANYBODY = UUID(int=2**128 - 1)


def address_of(name: str, public_id: UUID, *args: object) -> str:
    """What `reverse` gives for the page `name` of this public id; `args`: what stands behind it.

    Raises NoReverseMatch for what is no page.
    """
    head, tail = _around(name, args, get_urlconf(), get_script_prefix())
    return f"{head}{public_id}{tail}"


@lru_cache(maxsize=KEPT)
def _around(
    name: str, args: tuple[object, ...], urlconf: str | None, _prefix: str
) -> tuple[str, str]:
    whole = reverse(name, urlconf=urlconf, args=[_ANYBODY, *args])
    head, _found, tail = whole.partition(str(_ANYBODY))
    return head, tail
