"""Frozen rows: every way of changing them is refused, and one door leads out."""

from __future__ import annotations

import asyncio
import logging

import pytest
from django.apps.registry import Apps
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from teikyaku.frozen import FrozenModel, FrozenRowError, erase_frozen
from tests.constraints.app.models import Owner, Sealed, SealedLine


@pytest.fixture
def sealed(db) -> Sealed:
    return Sealed.objects.create(kind="plain", amount=1)


CHANGES = {
    "save": lambda row: row.save(),
    "save of one field": lambda row: row.save(update_fields=["amount"]),
    "forced update": lambda row: row.save(force_update=True),
    "asave": lambda row: asyncio.run(row.asave()),
    "delete": lambda row: row.delete(),
    "update": lambda row: Sealed.objects.update(amount=2),
    "filtered update": lambda row: Sealed.objects.filter(pk=row.pk).update(amount=2),
    "aupdate": lambda row: asyncio.run(Sealed.objects.aupdate(amount=2)),
    "bulk_update": lambda row: Sealed.objects.bulk_update([row], ["amount"]),
    "queryset delete": lambda row: Sealed.objects.filter(pk=row.pk).delete(),
    "all deleted": lambda row: Sealed.objects.all().delete(),
    "update_or_create": lambda row: Sealed.objects.update_or_create({"amount": 2}, pk=row.pk),
    "upsert": lambda row: Sealed.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=["amount"]
    ),
    "related update": lambda row: row.lines.update(text="x"),
    "related delete": lambda row: row.lines.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_change_is_refused(sealed, change):
    SealedLine.objects.create(sealed=sealed, text="line")
    sealed.amount = 2
    with pytest.raises(FrozenRowError, match="frozen"):
        change(sealed)
    assert [row.amount for row in Sealed.objects.all()] == [1]
    assert [line.text for line in SealedLine.objects.all()] == ["line"]


def test_rows_are_inserted_and_read(db):
    Sealed(kind="special").save()
    Sealed.objects.bulk_create([Sealed(), Sealed()])
    _row, is_new = Sealed.objects.get_or_create(kind="special")
    assert (Sealed.objects.count(), is_new) == (3, False)


def test_new_instance_cannot_take_the_place_of_a_row(sealed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Sealed(pk=sealed.pk, amount=2).save()
    sealed.refresh_from_db()
    assert sealed.amount == 1


def test_door_needs_a_reason(sealed):
    for reason in ("", " 　"):
        with pytest.raises(ValueError, match="reason"):
            erase_frozen(Sealed.objects.all(), reason=reason)
    assert Sealed.objects.exists()


def test_door_erases_what_it_was_given(sealed, caplog):
    other = Sealed.objects.create()
    caplog.set_level(logging.INFO, logger="teikyaku.frozen")
    assert erase_frozen(Sealed.objects.filter(pk=sealed.pk), reason="佐藤さんの保存期間満了") == 1
    assert list(Sealed.objects.all()) == [other]
    assert [record.count for record in caplog.records] == [1]
    assert "佐藤" not in caplog.text


def test_door_keeps_what_others_hang_on(sealed):
    SealedLine.objects.create(sealed=sealed, text="line")
    with pytest.raises(ProtectedError):
        erase_frozen(Sealed.objects.all(), reason="保存期間満了")
    assert erase_frozen(sealed.lines.all(), reason="保存期間満了") == 1
    assert erase_frozen(Sealed.objects.all(), reason="保存期間満了") == 1


def test_door_is_for_frozen_rows_only(db):
    with pytest.raises(TypeError, match="not frozen"):
        erase_frozen(Owner.objects.all(), reason="保存期間満了")


def test_checks_refuse_what_would_change_rows_unasked():
    def made(**attributes):
        meta = type("Meta", (), {"app_label": "checked", "apps": Apps()})
        body = {"__module__": __name__, "Meta": meta, **attributes}
        model = type("Row", (FrozenModel,), body)
        return [error.id for error in model._check_frozen()]

    def parent(on_delete, **kwargs):
        return models.ForeignKey(Owner, on_delete, related_name="+", **kwargs)

    assert made(parent=parent(models.PROTECT)) == []
    assert made(parent=parent(models.CASCADE)) == ["teikyaku.E003"]
    assert made(parent=parent(models.SET_NULL, null=True)) == ["teikyaku.E003"]
    assert made(objects=models.Manager()) == ["teikyaku.E003"]
