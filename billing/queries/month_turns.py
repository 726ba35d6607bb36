"""Whose turn it is with the people whom a month holds back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from billing.queries.mending import able_roles, in_words, is_up_to, only_reduces
from billing.queries.month import MonthEntry
from teikyaku.accounts.models import Membership


@dataclass(frozen=True, slots=True)
class Turns:
    """Whose turn it is with the people who are held: the reader's own, and others by their roles."""

    own: int
    others: tuple[tuple[str, int], ...]
    """Roles in words → people of whom the reader can mend nothing, the most first."""

    @property
    def is_with_others(self) -> bool:
        """Somebody is held, and the reader can do nothing about any of them."""
        return not self.own and bool(self.others)


def turns_of(held: Sequence[MonthEntry], reader: Membership) -> Turns:
    """Each person once: the reader's as soon as one of the reasons is theirs to mend."""
    own, others = 0, Counter[str]()
    for entry in held:
        roles = [
            able_roles(reason, entry.support)
            for reason in entry.reasons
            if not only_reduces(reason, entry.support)
        ]
        if any(is_up_to(reader, each) for each in roles):
            own += 1
        else:
            others[in_words(roles[0])] += 1
    return Turns(own, tuple(others.most_common()))
