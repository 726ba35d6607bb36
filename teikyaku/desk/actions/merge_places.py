"""Two municipalities on file that are one: what refers to the one comes to refer to the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from clients.actions.facts import person_of
from clients.models import Client, Organisation, RecipientNumber
from plans.models import Certificate
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.actions.trail import Trail, gathered, keep_history
from teikyaku.accounts.models import Membership, Municipality, MunicipalityProposal
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.desk.takeout.tables import is_history
from teikyaku.frozen import FrozenModel

# What the people of a ward work with: a place that has it is no slip of an office.
OF_WARDS = (
    "accounts.Membership", "plans.Application", "plans.CoreUpload", "plans.FileTransfer",
    "plans.NumberRange", "plans.PaperSetting",
)  # fmt: skip

# What a row that names a municipality hangs on, up to the person.
LINKS = ("client", "enrolment__client")


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

    What never changes (closed months, claims of before, answers) keeps it, and its row stays for that: who
    reads it there asks `Municipality.current`. Raises ValidationError for a place that no office entered,
    one that wards work in, and where somebody else has a certificate number. Locked are what the offices
    entered of both, then the records table by table in the order of the apps, by key in each.
    """
    proposal = _held(municipality, into)
    with gathered() as trail, violations_as_validation_errors(*_models()):
        done = _join_numbers(municipality, into, by, at)
        for column in columns_of_places():
            done += _move(trail, column, municipality, into, by, at)
        done += _move_areas(municipality, into, by, at)
        # Whatever was joined with the old one is the new one by now: nobody asks along a chain.
        for row in (*MunicipalityProposal.objects.filter(same_as=municipality), proposal):
            row.same_as = into
            if row == proposal:
                row.confirmed_by, row.confirmed_at = by, at
            save_record(row, verb="municipality_joined", by=by, at=at, fields=("same_as",))
    return done


def _models() -> set[type[models.Model]]:
    return {column.model for column in columns_of_places()}


def _held(municipality: Municipality, into: Municipality) -> MunicipalityProposal:
    """What an office entered of it, locked; of `into` too, so that it is not joined away meanwhile."""
    both = MunicipalityProposal.objects.select_for_update().filter(
        municipality__in=(municipality, into)
    )
    held = {row.municipality_id: row for row in both.order_by("pk")}
    proposal = held.get(municipality.pk)
    if proposal is None or proposal.same_as_id is not None or into == municipality:
        raise ValidationError(_("事業所が仮登録した自治体だけを、まとめられます。"))
    if not Municipality.objects.paying().filter(pk=into.pk).exists():
        raise ValidationError(_("この自治体は、まとめる先に選べません。"))
    return proposal


def _move(
    trail: Trail,
    column: models.ForeignKey[Any, Any],
    old: Municipality,
    new: Municipality,
    by: Membership,
    at: datetime,
) -> int:
    """One statement for all rows of a table; each has its own history and audit line."""
    model, name = column.model, column.name
    found = model._base_manager.filter(**{name: old})
    if model._meta.label in OF_WARDS:
        if found.exists():
            raise ValidationError(_("区の記録がある自治体は、まとめられません。"))
        return 0
    rows = list(_with_person(found.select_for_update(of=("self",))).order_by("pk"))
    if rows:
        model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**{name: new})
    for row in rows:
        setattr(row, name, new)
        keep_history(trail, row, "~", at=at, user_id=by.user_id, reason=None)
        audit(
            verb="municipality_joined", subject=row, by=by, at=at, person_id=_person_id(row), fields=(name,)
        )  # fmt: skip
    return len(rows)


def _with_person(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    fields = {field.name for field in rows.model._meta.fields}
    return rows.select_related(*(link for link in LINKS if link.split("__")[0] in fields))


def _person_id(row: models.Model) -> UUID | None:
    """Whom it is about; None where it is the office's own."""
    if not any(hasattr(row, f"{link.split('__')[0]}_id") for link in LINKS):
        return None
    person: Client = person_of(row)
    return person.public_id


def _move_areas(old: Municipality, new: Municipality, by: Membership, at: datetime) -> int:
    rows = list(Organisation.objects.filter(areas=old).order_by("pk"))
    for row in rows:
        row.areas.add(new)
        row.areas.remove(old)
        audit(verb="municipality_joined", subject=row, by=by, at=at, fields=("areas",))
    return len(rows)


def _join_numbers(old: Municipality, new: Municipality, by: Membership, at: datetime) -> int:
    """A person whose number is on file at both keeps one; the papers with it refer to that one.

    Raises ValidationError where the number is somebody else's.
    """
    numbers = RecipientNumber.objects.filter(municipality=old).order_by("pk")
    same = RecipientNumber.objects.filter(
        municipality=new, number__in=numbers.order_by().values("number")
    )
    held = {row.number: row for row in same.select_related("client")}
    doubled = [row for row in numbers if row.number in held]
    for row in doubled:
        kept = held[row.number]
        if kept.client_id != row.client_id:
            raise ValidationError(
                _(
                    "受給者証番号が同じ、別の方の記録があります。番号を確かめてから、まとめてください。"
                )
            )
        told: dict[str, Any] = {"by": by, "at": at, "person_id": kept.client.public_id}
        for paper in Certificate.objects.filter(recipient_number=row):
            paper.recipient_number = kept
            save_record(
                paper, verb="municipality_joined", fields=("recipient_number",), **told
            )  # fmt: skip
        audit(verb="municipality_joined", subject=row, fields=("municipality",), **told)
        row.delete()
    return len(doubled)
