"""A packaged fee table is checked as it is read: each slip is named, and the product's own is whole."""

import copy
import tomllib

import pytest

from billing import tariffs
from billing.checks import check_packaged_tables
from billing.rules.table_check import BadTable
from billing.tariffs import FOLDER, parse

with (FOLDER / "r6.toml").open("rb") as file:
    R6 = tomllib.load(file)


def item(data, key):
    return next(row for row in data["item"] if row["key"] == key)


SLIPS = {
    "a tier is gone": (lambda d: d["tier"].pop(), "tier 00 is missing"),
    "a tier twice": (lambda d: d["tier"].append(d["tier"][0]), "tier 95 stands twice"),
    "one bound twice": (lambda d: d["tier"][1].update(at_least=95), "two tiers begin at 95"),
    "units below 0": (lambda d: d["tier"][0].update(units=-5), "tier 95: units"),
    "units in words": (lambda d: d["tier"][0].update(units="3512"), "tier 95: units"),
    "an unknown tier": (lambda d: d["tier"][0].update(key="99"), "tier 99 is unknown"),
    "an item twice": (lambda d: d["item"].append(d["item"][0]), "item initial stands twice"),
    "months reversed": (lambda d: d.update(last_month="2024-03"), "before first_month"),
    "no month": (lambda d: d.update(last_month="2024-13"), "are months"),
    "no source": (lambda d: d.update(source=" "), "source is missing"),
    "certainty": (lambda d: d.update(certainty="sure"), "certainty 'sure' is unknown"),
    "a minus": (lambda d: item(d, "initial").update(amount="-900"), "item initial: amount -900"),
    "a factor of 7": (lambda d: item(d, "no_manager").update(amount="7"), "amount 7 does not fit"),
    "no number": (lambda d: item(d, "initial").update(amount="x"), "amount is no number"),
    "an unknown kind": (lambda d: item(d, "initial").update(kind="gift"), "kind 'gift'"),
    "no label": (lambda d: item(d, "initial").pop("label"), "item initial: label is missing"),
    "a month outside": (
        lambda d: item(d, "treatment_1").update(first_month="2027-01"), "outside the table",
    ),
    "a family alone": (
        lambda d: item(d, "network_1").update(family="netwrok"), "family netwrok has one item alone",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_each_slip_is_named(slip):
    data = copy.deepcopy(R6)
    change, told = SLIPS[slip]
    change(data)
    with pytest.raises(BadTable) as refused:
        parse(data)
    assert told in str(refused.value)


def test_every_fault_at_once_and_the_name_of_the_table():
    data = copy.deepcopy(R6)
    data["tier"].pop()
    item(data, "initial")["amount"] = "-1"
    with pytest.raises(BadTable, match=r"R6: tier 00 is missing; .*item initial"):
        parse(data)


def test_the_check_of_the_server(monkeypatch):
    assert check_packaged_tables() == []
    (table,) = tariffs.packaged()
    monkeypatch.setattr("billing.checks.packaged", lambda: (table, table))
    assert [each.id for each in check_packaged_tables()] == ["billing.E002"]

    def bad():
        raise BadTable("R6: tier 00 is missing")

    monkeypatch.setattr("billing.checks.packaged", bad)
    assert [each.id for each in check_packaged_tables()] == ["billing.E001"]
