"""What a ward's paper bears against what the record says now: a correction leaves the paper behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Where a value stands in the frozen content of a certificate or letter, and what it is called.
PLACES: Mapping[str, str] = {
    "service.starts_on": "開始日",
    "service.ends_on": "終了日",
    "service.amount": "支給量",
    "decided_on": "決定日",
    "received_on": "受付日",
    "certificate_number": "受給者証番号",
    "person.certificate_number": "受給者証番号",
    "certificate_issued_on": "交付日",
    "applies_on": "適用日",
    "disabilities": "障害種別",
    "caps": "負担上限月額",
    "holder.name": "氏名",
    "person.name": "氏名",
    "holder.birth_date": "生年月日",
    "person.birth_date": "生年月日",
}


def differing(content: Mapping[str, Any], recorded: Mapping[str, Any]) -> tuple[str, ...]:
    """What a paper says otherwise than the record, in words; `recorded` is by the names of PLACES.

    A place that the paper does not have, or of which nothing is known, is no difference.
    """
    found = [
        PLACES[place]
        for place, value in recorded.items()
        if (printed := _at(content, place)) is not None and printed != value
    ]
    return tuple(dict.fromkeys(found))


def _at(content: Mapping[str, Any], place: str) -> Any:
    value: Any = content
    for key in place.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
