"""The digest: the same for the same meaning, different for every change."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

import pytest

from teikyaku.frozen import canonical, digest
from tests.constraints.app.models import Sealed

TOKYO = timezone(timedelta(hours=9))
FACTS = {
    "name": "髙橋 﨑 𠮷",
    "unit_price": Decimal("11.20"),
    "day": date(2026, 4, 1),
    "at": datetime(2026, 4, 1, 0, 30, tzinfo=TOKYO),
    "id": UUID(int=7),
    "lines": [{"units": 3512, "is_sample": False, "note": None}],
}


def test_known_value():
    """A digest that was stored years ago must still be the same: this text never changes."""
    text = (
        '{"at":"2026-03-31T15:30:00.000000+00:00","day":"2026-04-01",'
        '"id":"00000000-0000-0000-0000-000000000007",'
        '"lines":[{"is_sample":false,"note":null,"units":3512}],'
        '"name":"髙橋 﨑 𠮷","unit_price":"11.2"}'
    )
    assert digest(FACTS) == hashlib.sha256(text.encode()).hexdigest()
    assert digest(FACTS) == "7109096aae8281a20a66310f0bdba91a11bc9f2ae884cb9ca2b66a525b8325e6"


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (Decimal("11.2"), Decimal("11.200")),
        (Decimal("0"), Decimal("-0.00")),
        (Decimal("1E+3"), Decimal("1000")),
        (datetime(2026, 4, 1, tzinfo=TOKYO), datetime(2026, 3, 31, 15, tzinfo=UTC)),
        ((1, 2), [1, 2]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (Sealed.Kind.PLAIN, "plain"),
        (FACTS, canonical(FACTS)),
        (FACTS, json.loads(json.dumps(canonical(FACTS)))),
    ],
    ids=[
        "scale",
        "zero",
        "exponent",
        "zone",
        "tuple",
        "order",
        "mapping",
        "choice",
        "canonical",
        "JSON",
    ],
)
def test_one_meaning_has_one_digest(one, same):
    assert digest(one) == digest(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (None, "None"),
        (0, None),
        (0, False),
        (1, True),
        (1, "1"),
        ([], None),
        ([1, 2], [2, 1]),
        ([[1], 2], [1, [2]]),
        (Decimal("0.1"), Decimal("0.10000000000000000000000000000000000001")),
        (date(2026, 4, 1), date(2026, 4, 2)),
        (datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 4, 1, microsecond=1, tzinfo=UTC)),
        ("高", "髙"),
        ({"a": 1}, {"a": 1, "b": None}),
    ],
)
def test_every_change_shows(one, other):
    assert digest(one) != digest(other)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        Decimal("NaN"),
        Decimal("Infinity"),
        datetime(2026, 4, 1),
        {1, 2},
        {1: "a"},
        b"bytes",
        timedelta(1),
        object(),
        [{"a": [1.5]}],
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_one_spelling_is_refused(value):
    with pytest.raises(TypeError, match="spelling"):
        digest(value)


@pytest.mark.parametrize("text", ["11.200", "100", "-0.00", "123456789012345678901234567890.5"])
def test_numbers_keep_every_digit(text):
    assert Decimal(canonical(Decimal(text))) == Decimal(text)


def test_stored_row_has_the_digest_of_the_row_that_was_written(db):
    row = Sealed.objects.create(
        kind=Sealed.Kind.SPECIAL,
        amount=Decimal("11.2"),
        sealed_on=date(2026, 4, 1),
        sealed_at=datetime(2026, 4, 1, 0, 30, 0, 123456, tzinfo=TOKYO),
        public_id=UUID(int=7),
        facts=canonical(FACTS),
    )

    def values(each):
        return {
            name: getattr(each, name)
            for name in ("kind", "amount", "sealed_on", "sealed_at", "public_id", "facts")
        }

    stored = Sealed.objects.get(pk=row.pk)
    assert digest(values(stored)) == digest(values(row))
    assert digest(stored.facts) == digest(FACTS)
