"""Saved views are kept, renamed and thrown away by whom they belong to."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, SavedView, User
from teikyaku.accounts.queries.saved_view import own_views
from teikyaku.accounts.saved_lists import Reading

# As many chips as stand above a list and can still be looked over.
MOST = 20


@transaction.atomic
def keep_view(*, page: str, reading: Reading, name: str, by: Membership, at: datetime) -> SavedView:
    """Keep what the list `page` read, under a name of one's own.

    Raises ValidationError: at `name` when it is taken, above the form when there are enough of them.
    """
    # Two windows of one person wait for each other: the number is counted, not constrained.
    User.objects.select_for_update().get(pk=by.user_id)
    others = own_views(by).filter(page=page)
    _check_name(name, [view.name for view in others])
    if len(others) >= MOST:
        raise ValidationError(
            _("保存できるのは一つの一覧に%(most)d個までです。使わないものを消してください。")
            % {"most": MOST}
        )
    row = SavedView(membership=by, page=page, name=name, query=reading.query, created_at=at)
    return save_record(row, verb="view_kept", by=by, at=at)


@transaction.atomic
def rename_view(*, view: SavedView, name: str, by: Membership, at: datetime) -> SavedView:
    """Another name for what is kept. Raises ValidationError at `name` when it is taken."""
    others = own_views(by).filter(page=view.page).exclude(pk=view.pk)
    _check_name(name, [other.name for other in others])
    view.name = name
    return save_record(view, verb="view_changed", by=by, at=at, fields=("name",))


@transaction.atomic
def discard_view(*, view: SavedView, by: Membership, at: datetime) -> None:
    """Throw it away; nothing but the chip is lost."""
    audit(verb="view_discarded", subject=view, by=by, at=at)
    view.delete()


def _check_name(name: str, taken: list[str]) -> None:
    """Also among what a former membership of the same person keeps."""
    if name in taken:
        raise ValidationError({"name": _("この名前は、もう使っています。別の名前にしてください。")})
