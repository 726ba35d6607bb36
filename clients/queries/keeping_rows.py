"""Files whose time of keeping is over, as the pages of an office and of a ward show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clients.models import ClientName
from clients.queries.keeping import KeptFile, last_names
from clients.rules.keeping import keeping_steps
from teikyaku.erasing import Count
from teikyaku.reasons import Reason, Step


@dataclass(frozen=True, slots=True)
class KeepingRow:
    """One file on the page."""

    client_id: UUID
    name: str
    kana: str
    ends_on: date
    due_on: date
    steps: tuple[Step, ...]
    is_held: bool
    hold_reason: str
    hold_until: date | None
    hold_by: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What erasing one file would take, what stays and why, and what has to be settled before."""

    goes: tuple[Count, ...]
    stays: tuple[Reason, ...]
    blocks: tuple[Reason, ...]
    is_last: bool
    """The person's shared facts go too."""


def keeping_rows(files: Iterable[KeptFile], on: date) -> list[KeepingRow]:
    """The files of a page (one query)."""
    found = list(files)
    names = last_names(file.client for file in found)
    return [keeping_row(file, on, names.get(file.client.pk)) for file in found]


def keeping_row(file: KeptFile, on: date, name: ClientName | None) -> KeepingRow:
    """One file with the name that began last."""
    hold = file.hold
    return KeepingRow(
        client_id=file.client.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        ends_on=file.keeping.ends_on,
        due_on=file.keeping.due_on,
        steps=keeping_steps(file.keeping, file.ends),
        is_held=file.is_held(on),
        hold_reason=hold.reason if hold else "",
        hold_until=hold.until if hold else None,
        hold_by=hold.recorded_by.user.name if hold else "",
    )
