"""Certificate numbers of a ward: what a person has, and what its ranges still hold."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from clients.models import Client, RecipientNumber
from plans.models.number_range import NUMBER_DIGITS, NumberRange
from teikyaku.accounts.models import Municipality
from teikyaku.prepared import prepared

# Numbers that are looked up at once where people have numbers inside a range already.
CHUNK = 500


def known_number(client: Client, municipality: Municipality) -> RecipientNumber | None:
    """The number that the person has in this municipality; it stays through renewals.

    Else the one of a file that passed here from another ward of the city: it stays with the file
    (docs/rules.md §3), as long as nobody else has it here.
    """
    # Of the person's few numbers; asked by municipality, the database would walk all of the ward's.
    own = [row for row in _own.rows(client=client.pk) if row.municipality_id == municipality.pk]
    return max(own, key=lambda row: row.pk, default=None) or _passed_number(client, municipality)


@prepared("client")
def _own(client: int) -> QuerySet[RecipientNumber]:
    return RecipientNumber.objects.filter(client=client)


def _passed_number(client: Client, municipality: Municipality) -> RecipientNumber | None:
    passed = _passed.rows(client=client.pk, municipality=municipality.pk)
    found: RecipientNumber | None = passed[-1] if passed else None
    if found is None:
        return None
    taken = RecipientNumber.objects.filter(municipality=municipality, number=found.number)
    return None if taken.exists() else found


@prepared("client", "municipality")
def _passed(client: int, municipality: int) -> QuerySet[RecipientNumber]:
    return RecipientNumber.objects.filter(
        client=client, certificates__decision__passed_to=municipality,
        certificates__decision__is_transcribed=False,
    ).order_by("certificates__decision__starts_on", "certificates__pk")  # fmt: skip


def free_numbers(row: NumberRange) -> Iterator[int]:
    """Numbers of a range that nobody has, from the next one on (one query for each 500)."""
    last = int(row.last_number)
    for start in range(row.next_number, last + 1, CHUNK):
        stop = min(start + CHUNK - 1, last)
        known = _in_use(row, start, stop).values_list("number", flat=True)
        taken = {int(number) for number in known}
        yield from (number for number in range(start, stop + 1) if number not in taken)


def numbers_left(row: NumberRange) -> int:
    """How many numbers `free_numbers` would give; those taken by hand are none (one query)."""
    last = int(row.last_number)
    ahead = max(0, last - row.next_number + 1)
    return ahead - _in_use(row, row.next_number, last).count() if ahead else 0


def _in_use(row: NumberRange, first: int, last: int) -> QuerySet[RecipientNumber]:
    """The numbers from one to another that somebody has."""
    return RecipientNumber.objects.filter(
        municipality=row.municipality_id,
        number__range=(f"{first:0{NUMBER_DIGITS}d}", f"{last:0{NUMBER_DIGITS}d}"),
    )


def next_free_number(municipality: Municipality) -> str | None:
    """The number that would be taken now; "" when all are used up, None without a range."""
    rows = list(NumberRange.objects.filter(municipality=municipality, is_open=True).order_by("pk"))
    for row in rows:
        for number in free_numbers(row):
            return f"{number:0{NUMBER_DIGITS}d}"
    return "" if rows else None
