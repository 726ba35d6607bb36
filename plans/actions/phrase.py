"""定型文: written, changed, put in order, dropped: the office's by who leads it, one's own by oneself."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from plans.models import Phrase
from teikyaku.accounts.actions.record import audit, save_record
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission

# More than this is no help in a form on a phone.
MOST = 30


def may_keep_office_phrases(membership: Membership) -> bool:
    """Who gives out the work leads it: サービス管理責任者 and 管理者."""
    return membership.may(Permission.STAFF_ASSIGN)


@transaction.atomic
def write_phrase(*, text: str, field: str, is_office: bool, by: Membership, at: datetime) -> Phrase:
    """A new phrase, the last in its order.

    Raises ValidationError for one of the office by who does not lead it, for one that is there
    already, and for more than MOST.
    """
    _refuse_office(is_office, by)
    if by.office is None:
        raise ValidationError(_("定型文は事業所で使います。"))
    own = Phrase.objects.filter(office=by.office_id, owner=None if is_office else by.user_id)
    if own.count() >= MOST:
        raise ValidationError(_("定型文は%(most)d個までです。") % {"most": MOST})
    _refuse_twin(own, text, field)
    row = Phrase(
        office=by.office, owner_id=None if is_office else by.user_id, field=field, text=text,
        position=max(own.values_list("position", flat=True), default=0) + 1,
    )  # fmt: skip
    return save_record(row, verb="phrase_written", by=by, at=at)


@transaction.atomic
def change_phrase(*, phrase: Phrase, text: str, field: str, by: Membership, at: datetime) -> Phrase:
    """Other words; what was put into records stays. Raises ValidationError as `write_phrase`."""
    _refuse_office(phrase.owner_id is None, by)
    others = Phrase.objects.filter(office=phrase.office_id, owner=phrase.owner_id)
    _refuse_twin(others.exclude(pk=phrase.pk), text, field)
    phrase.text, phrase.field = text, field
    return save_record(phrase, verb="phrase_changed", by=by, at=at, fields=("text", "field"))


@transaction.atomic
def move_phrase_up(*, phrase: Phrase, by: Membership) -> None:
    """It changes places with the one above it; the first stays. Not on the record: a matter of taste.

    Raises ValidationError for one of the office by who does not lead it.
    """
    _refuse_office(phrase.owner_id is None, by)
    rows = list(
        Phrase.objects.select_for_update().filter(office=phrase.office_id, owner=phrase.owner_id)
    )
    at = next((place for place, row in enumerate(rows) if row.pk == phrase.pk), 0)
    if at:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    for position, row in enumerate(rows, start=1):
        row.position = position
    Phrase.objects.bulk_update(rows, ["position"])


@transaction.atomic
def remove_phrase(*, phrase: Phrase, by: Membership, at: datetime) -> None:
    """Dropped; records keep what was put in. Raises ValidationError as `write_phrase`."""
    _refuse_office(phrase.owner_id is None, by)
    audit(verb="phrase_removed", subject=phrase, by=by, at=at)
    Phrase.objects.filter(pk=phrase.pk).delete()


def _refuse_office(is_office: bool, by: Membership) -> None:
    if is_office and not may_keep_office_phrases(by):
        raise ValidationError(
            _("事業所の定型文は、サービス管理責任者か管理者が書きます。自分用なら書けます。")
        )


def _refuse_twin(others: models.QuerySet[Phrase], text: str, field: str) -> None:
    if others.filter(text=text, field=field).exists():
        raise ValidationError({"text": _("同じ定型文がもうあります。")})
