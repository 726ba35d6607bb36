"""Whether two copies of a certificate say the same; a copy is made again only when they do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What tells one print of the same facts from another.
OF_THE_PRINT = frozenset({"dated", "number", "issued_on", "notice", "replaces", "replaced_by"})


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether all that is not about the print itself is equal; both as canonical JSON."""
    return _facts(one) == _facts(other)


def _facts(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in OF_THE_PRINT}
