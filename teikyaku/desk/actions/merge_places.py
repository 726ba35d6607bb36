"""Two municipalities on file that are one: what refers to the one comes to refer to the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from clients.models import Organisation, RecipientNumber
from plans.models import Certificate
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality, MunicipalityProposal
from teikyaku.desk.takeout.tables import is_history
from teikyaku.frozen import FrozenModel

# What the people of a ward work with: a place that has it is no slip of an office.
OF_WARDS = (
    "accounts.Membership", "plans.Application", "plans.CoreUpload", "plans.FileTransfer",
    "plans.NumberRange", "plans.PaperSetting",
)  # fmt: skip


def columns_of_places() -> Iterator[models.ForeignKey[Any, Any]]:
    """Every column that names a municipality and can be changed: histories and frozen rows keep theirs."""
    for model in apps.get_models():
        if model in (Municipality, MunicipalityProposal) or is_history(model):
            continue
        if not issubclass(model, FrozenModel):
            for column in model._meta.local_fields:
                if isinstance(column, models.ForeignKey) and column.related_model is Municipality:
                    yield column


@transaction.atomic
def merge_municipality(
    *, municipality: Municipality, into: Municipality, by: Membership, at: datetime
) -> int:
    """All that refers to a municipality comes to refer to `into`; how many records. It is chosen no more.

    Closed months keep what they were closed with, and its row stays for them. Raises ValidationError for a
    place that no office entered, one that wards work in, and where somebody else has a certificate number.
    """
    proposal = (
        MunicipalityProposal.objects.select_for_update().filter(municipality=municipality).first()
    )
    if proposal is None or proposal.same_as_id is not None or into == municipality:
        raise ValidationError(_("事業所が仮登録した自治体だけを、まとめられます。"))
    if not Municipality.objects.paying().filter(pk=into.pk).exists():
        raise ValidationError(_("この自治体は、まとめる先に選べません。"))
    done = _join_numbers(municipality, into, by, at)
    for column in columns_of_places():
        done += _move(column, municipality, into, by, at)
    Organisation.areas.through.objects.filter(municipality=municipality).delete()
    proposal.same_as, proposal.confirmed_by, proposal.confirmed_at = into, by, at
    save_record(proposal, verb="municipality_joined", by=by, at=at, fields=("same_as",))
    return done


def _move(
    column: models.ForeignKey[Any, Any],
    old: Municipality,
    new: Municipality,
    by: Membership,
    at: datetime,
) -> int:
    model, name = column.model, column.name
    rows = list(model._base_manager.filter(**{name: old}))
    if rows and model._meta.label in OF_WARDS:
        raise ValidationError(_("区の記録がある自治体は、まとめられません。"))
    for row in rows:
        setattr(row, name, new)
        save_record(
            row, verb="municipality_joined", by=by, at=at, fields=(name,),
            person_id=getattr(getattr(row, "client", None), "public_id", None),
        )  # fmt: skip
    return len(rows)


def _join_numbers(old: Municipality, new: Municipality, by: Membership, at: datetime) -> int:
    """A person whose number is on file at both keeps one; the papers with it refer to that one.

    Raises ValidationError where the number is somebody else's.
    """
    numbers = RecipientNumber.objects.filter(municipality=old)
    held = {
        row.number: row
        for row in RecipientNumber.objects.filter(municipality=new).select_related("client")
    }
    doubled = [row for row in numbers if row.number in held]
    for row in doubled:
        kept = held[row.number]
        if kept.client_id != row.client_id:
            raise ValidationError(
                _(
                    "受給者証番号が同じ、別の方の記録があります。番号を確かめてから、まとめてください。"
                )
            )
        for paper in Certificate.objects.filter(recipient_number=row):
            paper.recipient_number = kept
            save_record(
                paper, verb="municipality_joined", by=by, at=at, fields=("recipient_number",),
                person_id=kept.client.public_id,
            )  # fmt: skip
        row.delete()
    return len(doubled)
