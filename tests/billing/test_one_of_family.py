"""Of a family of 届出 one holds in a month: refused, ended for the new one, or the month is held."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from billing.actions.office import correct_notification, notify_item
from billing.calculation import month_lines
from billing.enums import NotifiedItem
from billing.models import OfficeNotification
from billing.queries.month import month_board
from billing.queries.staffing_reduction import staffing_findings
from billing.tariffs import family_of, tariff_for
from plans.rules.month import MonthState
from teikyaku.clock import at_noon
from teikyaku.desk.inconsistencies.notified import rival_items
from teikyaku.periods import Month
from tests.access.test_matrix import sign_in

FAMILIES = [
    {"treatment_1", "treatment_3", "treatment_4"},
    {"no_manager", "no_manager_long"},
    {"few_workers", "few_workers_long"},
]
PAIRS = [(one, other) for each in FAMILIES for one in each for other in each if one != other]


@pytest.fixture
def month(cast):
    """The one after the closed month."""
    return Month.of(cast.person_month.month) + 1


def notify(cast, item, first, last=None, **more):
    return notify_item(
        office=cast.office, item=item, first_month=first.first_day,
        last_month=last.first_day if last else None, notified_on=cast.today,
        by=cast.members["head"], at=at_noon(cast.today), **more,
    )  # fmt: skip


def beside(cast, item, first):
    """As it stood before the database refused it."""
    row = OfficeNotification(
        office=cast.office, item=item, first_month=first.first_day, notified_on=cast.today,
        recorded_by=cast.members["head"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    OfficeNotification.objects.bulk_create([row])  # its family stays empty
    return row


def test_the_families_of_the_table():
    found = {}
    for item in NotifiedItem.values:
        found.setdefault(family_of(item), set()).add(item)
    assert [each for each in found.values() if len(each) > 1] == FAMILIES
    assert family_of("network_1") == family_of("network_2")


@pytest.mark.parametrize(("one", "other"), sorted(PAIRS))
def test_the_second_is_refused_and_names_the_first(cast, month, one, other):
    notify(cast, one, month)
    with pytest.raises(ValidationError) as refused:
        notify(cast, other, month)
    (text,) = refused.value.message_dict["first_month"]
    assert f"「{NotifiedItem(one).label}」（{month.label}〜）" in text
    assert notify(cast, "special_area", month).pk  # another family


def test_the_long_one_ends_the_short_one(cast, month):
    short = notify(cast, "no_manager", month)
    with pytest.raises(ValidationError):
        notify(cast, "no_manager_long", month + 4)
    notify(cast, "no_manager_long", month + 4, ends_former=True)
    short.refresh_from_db()
    assert Month.of(short.last_month) == month + 3


def test_what_began_later_is_never_ended(cast, month):
    notify(cast, "treatment_3", month + 2)
    with pytest.raises(ValidationError):
        notify(cast, "treatment_1", month, ends_former=True)
    notify(cast, "treatment_1", month, month + 1)


def test_a_correction_is_refused_too(cast, month):
    notify(cast, "treatment_3", month, month + 1)
    row = notify(cast, "treatment_1", month + 2)
    with pytest.raises(ValidationError) as refused:
        correct_notification(
            row=row, is_void=False, reason="x", by=cast.members["head"], at=at_noon(cast.today),
            changes={"first_month": (month + 1).first_day, "last_month": None,
                     "notified_on": cast.today},
        )  # fmt: skip
    assert "（Ⅲ）" in refused.value.message_dict["first_month"][0]


def test_the_database_refuses_it(cast, month):
    notify(cast, "treatment_3", month)
    row = beside(cast, "treatment_1", month)
    with pytest.raises(DatabaseError), transaction.atomic():
        OfficeNotification.objects.filter(pk=row.pk).update(family="treatment")


def test_the_calculation_refuses_two():
    month = Month(2026, 4)
    with pytest.raises(ValueError, match="no_manager"):
        month_lines(month, tariff_for(month), "70", ("no_manager", "no_manager_long"))


def test_what_stands_already_holds_its_months(client, cast, month):
    closed = Month.of(cast.person_month.month)
    notify(cast, "no_manager", month)
    row = beside(cast, "no_manager_long", month)
    board = month_board(cast.office, month, cast.today)
    assert board.office_month.tariff is None
    billable = [each for each in board.entries if each.state is not MonthState.NOT_BILLABLE]
    assert billable
    assert all("rival_items" in {r.code for r in each.reasons} for each in billable)
    assert not any("no_tariff" in {r.code for r in each.reasons} for each in billable)
    assert not month_board(cast.office, closed, cast.today).office_month.rivals
    (finding,) = staffing_findings(cast.office, month, month, cast.today)
    assert finding.is_contradiction
    assert "二つ重なっています" in finding.text
    (found,) = rival_items(at_noon(cast.today))
    assert (found.office_id, found.page) == (cast.office.pk, "office_settings")
    sign_in(client, cast, "billing")
    page = client.get(reverse("month_page", args=[month]) + "?list=held").content.decode()
    assert "届出が重なっています：「サービス管理責任者欠如減算（4か月目まで）」" in page
    assert reverse("office_settings") in page
    assert "重なっています。" in client.get(reverse("office_settings")).content.decode()
    correct_notification(
        row=row, is_void=True, reason="x", by=cast.members["head"], at=at_noon(cast.today),
        changes={"first_month": None, "last_month": None},
    )  # fmt: skip
    assert not month_board(cast.office, month, cast.today).office_month.rivals


def test_on_the_page_one_tick_ends_the_former(client, cast, month):
    former = notify(cast, "treatment_3", month)
    sign_in(client, cast, "head")
    url = reverse("notification_new")
    said = {"item": "treatment_1", "first_month": str(month + 1), "last_month": "",
            "notified_on": cast.today.isoformat()}  # fmt: skip
    asked = client.post(url, said)
    assert asked.status_code == 422
    text = asked.content.decode()
    assert "前の届出を、その前の月で終える" in text
    assert f"（Ⅲ）」（{month.label}〜）は、同じ月にはどちらか一つだけです" in text
    ticked = {**said, "is_known": "on", "known_of": asked.context["form"]["known_of"].value()}
    assert client.post(url, ticked).status_code == 302
    former.refresh_from_db()
    assert Month.of(former.last_month) == month
    # What cannot be ended is told at the field.
    early = client.post(url, {**said, "item": "treatment_4", "first_month": str(month)})
    assert "先にその届出を訂正してください" in str(early.context["form"].errors["first_month"])


@pytest.mark.parametrize("is_void", [True, False])
def test_what_stands_alone_after_a_correction_is_guarded_again(cast, month, is_void):
    row, other = beside(cast, "treatment_1", month), beside(cast, "treatment_3", month)
    changes = {"first_month": (month - 2).first_day, "last_month": (month - 1).first_day,
               "notified_on": cast.today}  # fmt: skip
    correct_notification(
        row=row, is_void=is_void, reason="x", by=cast.members["head"], at=at_noon(cast.today),
        changes=changes,
    )  # fmt: skip
    other.refresh_from_db()
    assert other.family == family_of("treatment_3") != ""
    third = beside(cast, "treatment_4", month)
    with pytest.raises(DatabaseError), transaction.atomic():
        OfficeNotification.objects.filter(pk=third.pk).update(family="treatment")


def test_two_that_still_stand_beside_each_other_stay_as_they_are(cast, month):
    row, *others = [beside(cast, f"treatment_{n}", month) for n in (1, 3, 4)]
    correct_notification(
        row=row, is_void=True, reason="x", by=cast.members["head"], at=at_noon(cast.today),
        changes={"first_month": None, "last_month": None},
    )  # fmt: skip
    for each in others:
        each.refresh_from_db()
        assert each.family == ""
