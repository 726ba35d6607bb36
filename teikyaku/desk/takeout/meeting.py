"""A row of the file meets one that is here under the same key: the same thing, or somebody else's.

Only what several offices share can be here already. Two offices of one server each know a part: whom
the one calls a colleague the other calls somebody elsewhere, and an end that came after the one had
left is known to the other alone. What says more stays.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from clients.models import Organisation
from teikyaku.accounts.models import Membership, Municipality, User
from teikyaku.desk.takeout.tables import POINTED, SEEN, is_history, label_of
from teikyaku.desk.takeout.values import columns_of, outside_id

_EMPTY = (None, "")
_WHEN_DECIDED = ("ends_on", "granted_until")


class Met(Enum):
    """出会い what becomes of a row whose key is taken."""

    KNOWN = "known"
    """It is here already and stays as it is."""
    SAYS_MORE = "says more"
    """It is here already, and the file knows more of it."""
    ANOTHER = "another"
    """The key belongs to something else."""


def meet(model: Any, row: Any, known: Any) -> Met:
    """What a row of the file is to the one that has its key here."""
    label = label_of(model)
    if model in (User, Membership) and not is_history(model):
        return _met_staff(row, known)
    if (label in SEEN or label == "clients.Client") and not is_history(model):
        return _met_fact(model, row, known)
    return Met.KNOWN if _is_same(model, row, known) else Met.ANOTHER


def _is_same(model: Any, row: Any, known: Any) -> bool:
    if is_history(model):
        return bool((row.id, row.history_date) == (known.id, known.history_date))
    if model is Municipality:
        # Wards are loaded anew in each installation: their code is what they are.
        return bool(row.code == known.code)
    if model is Organisation.areas.through:
        return not _differing(model, row, known)
    return label_of(model) in POINTED and bool(row.public_id == known.public_id)


def _met_staff(row: Any, known: Any) -> Met:
    if known.public_id in (row.public_id, _source(row, known)):
        return Met.KNOWN
    return Met.SAYS_MORE if known.public_id == outside_id(row.public_id) else Met.ANOTHER


def _source(row: Any, known: Any) -> Any:
    """The public id of who is here, where the file knows them as somebody elsewhere."""
    return known.public_id if outside_id(known.public_id) == row.public_id else None


def _met_fact(model: Any, row: Any, known: Any) -> Met:
    seen = SEEN.get(label_of(model))
    ends = seen.ends if seen else ("died_on",)
    words = seen.words if seen else ()
    may_differ = {*ends, *words, *(name for name, _value in seen.with_ends)} if seen else set(ends)
    if label_of(model) == "plans.Decision":
        may_differ |= set(_WHEN_DECIDED)
    if row.public_id != known.public_id or not _differing(model, row, known) <= may_differ:
        return Met.ANOTHER
    more = any(
        getattr(row, name) not in _EMPTY and getattr(known, name) in _EMPTY
        for name in (*ends, *words)
    )
    return Met.SAYS_MORE if more else Met.KNOWN


def _differing(model: Any, row: Any, known: Any) -> set[str]:
    names = [column.attname for column in columns_of(model)]
    return {name for name in names if getattr(row, name) != getattr(known, name)}
