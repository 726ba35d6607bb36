"""はじめての案内: the card of first steps is put away, goes step by step, and can be brought back."""

from __future__ import annotations

from collections.abc import Iterable

from teikyaku.accounts.models import User


def hide_steps(*, user: User, roles: Iterable[str]) -> None:
    """Put the cards of these roles away for good; a new role brings its own."""
    user.hidden_steps = sorted({*user.hidden_steps, *roles})
    user.save(update_fields=["hidden_steps"])


def step_done(*, user: User, page: str) -> None:
    """The page of a step (its URL's name) was opened: the step stands in the card no more."""
    hide_steps(user=user, roles=(page,))


def show_steps(*, user: User) -> None:
    """Bring all cards back."""
    user.hidden_steps = []
    user.save(update_fields=["hidden_steps"])
