"""Two officers at once: one next cap, one storing of a file; the other one is told."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from clients.rules.cap import CapMonths, tax_year_for
from plans.actions.caps import Cap, add_cap_period
from plans.actions.core_upload import UploadLine, carry_on, confirm_upload, store_upload
from plans.actions.income_review import review_cap
from plans.forms.core_upload import LABELS
from plans.models import CapPeriod, CoreUpload, Decision
from plans.queries.caps import mark_on_file
from plans.rules.core_upload import CoreRow
from teikyaku.clock import today
from teikyaku.periods import Month
from tests.cast import cast_of
from tests.concurrency.test_races import at_once
from tests.ward.conftest import Counter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
NUMBER = "1234567899"


def test_one_next_cap():
    counter = Counter(Client(), cast_of(today()))
    row = counter.granted(NUMBER)
    july = Month(tax_year_for(Month.of(counter.on)) + 1, 7)
    CapPeriod.objects.filter(client=row.client).update(last_month=(july - 1).first_day)
    cap = CapPeriod.objects.get(client=row.client)
    months = CapMonths(july, july + 1)

    def review(yen, category):
        new = Cap(july.first_day, (july + 1).first_day, category, yen)
        return lambda: review_cap(cap=cap, months=months, new=new, **counter.who)

    results = at_once(review(9300, "general_1"), review(0, "low_income"))
    won = [each for each in results if isinstance(each, CapPeriod)]
    told = [each for each in results if isinstance(each, ValidationError)]
    assert (len(won), len(told)) == (1, 1), results
    assert "先に入れました" in told[0].messages[0]
    assert CapPeriod.objects.filter(client=row.client).count() == 2


def test_one_cap_for_the_same_months():
    """Both were shown months without a cap: the second one is told, and replaces nothing unseen."""
    counter = Counter(Client(), cast_of(today()))
    row = counter.granted(NUMBER)
    CapPeriod.objects.filter(client=row.client).delete()
    first = Month.of(counter.on).first_day
    where = {"client": row.client, "municipality": row.municipality, **counter.who}
    seen = mark_on_file(row.client, first, first)

    def cap(yen, category):
        return lambda: add_cap_period(cap=Cap(first, first, category, yen), seen=seen, **where)

    results = at_once(cap(9300, "general_1"), cap(0, "low_income"))
    won = [each for each in results if isinstance(each, CapPeriod)]
    told = [each for each in results if isinstance(each, ValidationError)]
    assert (len(won), len(told)) == (1, 1), results
    assert "もう一度確かめて" in told[0].messages[0]
    assert CapPeriod.objects.get(client=row.client).cap_yen == won[0].cap_yen


def test_one_storing_of_a_file():
    counter = Counter(Client(), cast_of(today()))
    decision = Decision.objects.get(application=counter.granted(NUMBER))
    first = Month.of(counter.on) + 1
    CapPeriod.objects.filter(client=decision.client).update(last_month=counter.on.replace(day=1))
    lines = [
        UploadLine(
            2 + n, {},
            CoreRow(
                number=NUMBER, kana="まどぐち はなこ", birth_date=date(1991, 1, 1),
                starts_on=decision.starts_on, ends_on=decision.ends_on, cap_yen=0,
                category="low_income", cap_first_month=(first + n).first_day,
                cap_last_month=(first + n).first_day,
            ),
        )
        for n in range(5)
    ]  # fmt: skip
    upload = store_upload(
        municipality=counter.cast.wards[2], lines=lines, labels=LABELS, **counter.who
    )
    results = at_once(*(lambda: confirm_upload(upload=upload, labels=LABELS, **counter.who),) * 2)
    assert sum(isinstance(each, CoreUpload) for each in results) == 1, results
    told = next(each for each in results if isinstance(each, ValidationError))
    assert "「取り込んだ」にしています" in told.messages[0]
    at_once(*(lambda: carry_on(upload=upload, labels=LABELS, **counter.who),) * 2)
    upload.refresh_from_db()
    assert (upload.changed_count, upload.refusals, upload.rows.count()) == (5, [], 0)
    assert CapPeriod.objects.filter(client=decision.client).count() == 6
