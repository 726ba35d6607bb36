"""ここで請求する最初の月: months before it are never lost, overdue, unclosed, or closed here."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from billing.actions.month import close_month
from billing.queries.month import month_board
from billing.queries.survivors import complete_year, lacks_of_rate, lacks_of_record
from billing.queries.tier_basis import tier_basis
from clients.models import Enrolment
from plans.actions.opening import record_opening
from plans.models import SupportPlan
from plans.queries.month import months_of_support
from teikyaku.accounts.models import AuditEvent, OfficeStart
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.clock import at_noon
from teikyaku.desk.actions.office_start import set_first_month
from teikyaku.desk.queries.office_year import coverage_of
from teikyaku.periods import Month, fiscal_year
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person


@pytest.fixture
def newcomer(cast):
    """An office whose person has been in use for three months that nobody closed here."""
    out = cast.members["outsider"]
    person = ready_person(
        cast, cast.other_office, out, out, "7777777777", name="移行 花子", kana="いこう はなこ"
    )
    return cast, person, out


def told(cast, out, month):
    set_first_month(office=cast.other_office, first_month=month, by=out, at=at_noon(cast.today))


@pytest.mark.django_db
def test_months_before_it_are_on_no_board(newcomer):
    cast, person, out = newcomer
    month = Month.of(cast.today)
    assert month_board(cast.other_office, month - 2, cast.today).entries
    told(cast, out, month - 1)
    assert first_month_here(cast.other_office) == month - 1
    assert not month_board(cast.other_office, month - 2, cast.today).entries
    assert person.pk in {
        entry.support.enrolment_id
        for entry in month_board(cast.other_office, month - 1, cast.today).entries
    }
    with pytest.raises(ValidationError, match="締められる方"):
        close_month(office=cast.other_office, month=month - 2, by=out, at=at_noon(cast.today))


@pytest.mark.django_db
def test_the_page_of_such_a_month_says_so(newcomer, client):
    cast, _person, out = newcomer
    month = Month.of(cast.today)
    told(cast, out, month - 1)
    enter(client, out)
    before = client.get(reverse("month_page", args=[month - 2])).content.decode()
    assert "ここで請求を始める前の月です" in before
    assert "ここで請求を始める前の月です" not in client.get(
        reverse("month_page", args=[month - 1])
    ).content.decode()  # fmt: skip


@pytest.mark.django_db
def test_nobody_is_overdue_by_a_date_of_before(newcomer):
    cast, person, out = newcomer
    Enrolment.objects.filter(pk=person.pk).update(interview_due_on=cast.today - timedelta(days=99))
    told(cast, out, Month.of(cast.today) + 1)
    person.refresh_from_db()
    assert person.interview_due_on == (Month.of(cast.today) + 1).last_day


@pytest.mark.django_db
def test_months_without_a_plan_are_counted_from_it(newcomer):
    cast, person, out = newcomer
    SupportPlan.objects.filter(enrolment=person).delete()
    last = Month.of(cast.today) - 1

    def count():
        found = months_of_support([cast.other_office], last, cast.today)
        return next(row for row in found if row.enrolment_id == person.pk).months_without_plan

    assert count() == 3
    told(cast, out, last)
    assert count() == 1


@pytest.mark.django_db
def test_the_year_shows_no_month_of_before(newcomer):
    cast, _person, out = newcomer
    month = Month.of(cast.today)
    told(cast, out, month)
    year = fiscal_year(cast.today)
    assert [row.month for row in coverage_of(cast.other_office, year, cast.today)] == [month]
    assert coverage_of(cast.other_office, year - 1, cast.today) == ()


@pytest.mark.django_db
def test_it_cannot_lie_after_a_month_that_was_closed_here(cast):
    head, month = cast.members["head"], Month.of(cast.today)
    with pytest.raises(ValidationError, match="もうここで締めています"):
        set_first_month(office=cast.office, first_month=month - 1, by=head, at=at_noon(cast.today))
    set_first_month(office=cast.office, first_month=month - 2, by=head, at=at_noon(cast.today))
    assert OfficeStart.objects.get(office=cast.office).first_month == (month - 2).first_day
    assert AuditEvent.objects.filter(verb="first_month_told").count() == 1


@pytest.mark.django_db
def test_a_last_meeting_of_before_is_of_before(newcomer):
    cast, person, out = newcomer
    month = Month.of(cast.today)
    told(cast, out, month)
    with pytest.raises(ValidationError, match="面談の記録として") as refused:
        record_opening(
            enrolment=person, by=out, at=at_noon(cast.today), last_met_on=month.first_day
        )
    assert set(refused.value.message_dict) == {"last_met_on"}
    before = month.first_day - timedelta(days=1)
    row = record_opening(enrolment=person, by=out, at=at_noon(cast.today), last_met_on=before)
    assert row.last_met_on == before


@pytest.mark.django_db
def test_a_tier_is_not_proposed_from_those_who_stayed(newcomer, client):
    cast, _person, out = newcomer
    year = fiscal_year(cast.today)
    assert not tier_basis(cast.other_office, year, cast.today).is_partial
    told(cast, out, Month.of(cast.today))
    assert tier_basis(cast.other_office, year, cast.today).is_partial
    # Once all three years were written here, the people on file are all there were.
    later = date(cast.today.year + 5, 5, 1)
    assert not tier_basis(cast.other_office, fiscal_year(later), later).is_partial
    enter(client, out)
    page = client.get(reverse("tier_confirm"))
    assert "その前に利用が終わった人はここにいません" in page.content.decode()
    assert "この記録から入れてあります" not in page.content.decode()
    assert "tier" not in page.context["form"].initial


@pytest.mark.django_db
def test_every_page_of_the_rates_says_whom_they_lack_and_from_when_not(newcomer, client):
    cast, _person, out = newcomer
    year, month = fiscal_year(cast.today), Month.of(cast.today)
    enter(client, out)
    urls = [
        reverse("retention", args=[year]), reverse("retention_forecast"),
        reverse("office_year", args=[year]),
    ]  # fmt: skip
    words = "その前に利用が終わった人は"
    assert not [url for url in urls if words in client.get(url).content.decode()]
    told(cast, out, month)
    assert all(words in client.get(url).content.decode() for url in urls)
    answer = client.get(reverse("office_year_xlsx", args=[year]))
    rows = load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    assert sum(words in str(row) for row in rows) == len(urls)


@pytest.mark.parametrize(
    ("first", "years", "complete"),
    [((2026, 4), 3, 2029), ((2026, 5), 3, 2030), ((2027, 3), 3, 2030), ((2026, 11), 6, 2033)],
)
def test_the_first_year_whose_figure_is_whole(first, years, complete):
    month = Month(*first)
    assert complete_year(month, years) == complete
    lacks_of = lacks_of_rate if years == 3 else lacks_of_record
    assert lacks_of(month, complete) == ""
    assert str(complete) in lacks_of(month, complete - 1)
    assert lacks_of(None, complete - 1) == ""
