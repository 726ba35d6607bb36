"""お知らせ: one's own choice of mails."""

from __future__ import annotations

from datetime import datetime

from teikyaku.accounts.models import Membership


def choose_mails(*, wants_digest: bool, by: Membership, at: datetime) -> None:
    """Whether `by`'s user gets the Monday mail; a matter of taste, without history."""
    by.user.wants_digest = wants_digest
    by.user.save(update_fields=["wants_digest"])
