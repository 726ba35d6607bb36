"""上限額管理: who may manage, which day a result may have, what is asked back, what a closed month shows."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.cap_management import record_alone
from billing.models import CapResult, PersonMonth
from billing.queries.cap_management import cap_rows, own_month, person_on_sheet
from billing.queries.verify import broken_closings
from billing.rules.cap_management import Rank, Share, doubts_of_figures
from clients.models import ClientName, RecipientNumber
from plans.models import CapPeriod
from plans.rules.month import MonthState
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_cap_management import (
    HOME,
    answered,
    close,
    entry,
    made,
    manage,
    other,
    post,
)

THEIRS = [("1_day", 80_000, 8_000)]


@pytest.fixture
def month(cast):
    return Month.of(cast.today) - 1


def post_by(cast, client, month, way, **data):
    enter(client, cast.members["billing"])
    url = reverse("cap_result", args=[cast.enrolment.public_id, month])
    return client.post(f"{url}?by={way}", {"decided_on": cast.today.isoformat(), **data})


def page_of(cast, client, month):
    enter(client, cast.members["billing"])
    return client.get(reverse("cap_month", args=[month])).content.decode()


def told(**changed):
    return {
        "managing_office_name": HOME[1], "managing_office_number": HOME[0], "outcome": "1",
        "own_after_yen": "0", **changed,
    }  # fmt: skip


# --- Who manages ----------------------------------------------------------------------------------


def test_an_office_that_the_certificate_does_not_name_manages_only_with_a_reason(
    client, cast, month
):
    manage(cast)
    with pytest.raises(ValidationError, match="受給者証にある上限額管理事業所と違います"):
        made(cast, month, THEIRS)
    answer = post_by(cast, client, month, "here", **other())
    assert answer.status_code == 422
    assert "manager_reason" in answer.context["form"].errors
    assert "受給者証は、この事業所を上限額管理事業所としていません" in answer.content.decode()
    assert not CapResult.objects.exists()
    answer = post_by(cast, client, month, "here", manager_reason="証の書き換えが遅れ", **other())
    assert answer.status_code == 302
    assert CapResult.objects.get().manager_reason == "証の書き換えが遅れ"
    assert "cap_management" in [line.kind for line in entry(cast, month).lines]
    text = page_of(cast, client, month)
    assert HOME[1] in text
    assert f"{cast.office.name}が管理（証の書き換えが遅れ）" in text


def test_no_addition_where_the_certificate_names_another_office_since(cast, month):
    manage(cast, cast.office.number, cast.office.name)
    made(cast, month, THEIRS)
    assert entry(cast, month).is_ready
    manage(cast)
    found = entry(cast, month)
    assert found.state == MonthState.HELD
    assert [reason.code for reason in found.reasons] == ["cap_result_off"]
    made(cast, month, THEIRS, reason="受給者証が変わった", why="先月まで管理していた")
    assert entry(cast, month).is_ready


def test_our_own_number_manages_nowhere_else(client, cast, month):
    manage(cast)
    own = {"managing_office_number": cast.office.number, "manager_reason": "理由"}
    answer = post_by(cast, client, month, "other", **told(**own))
    assert answer.status_code == 422
    assert "この事業所の番号です" in str(answer.context["form"].errors["managing_office_number"])
    with pytest.raises(ValidationError, match="この事業所の番号です"):
        answered(cast, month, by=(cast.office.number, "x"), why="理由")


def test_another_number_than_the_certificates_asks_for_a_reason(client, cast, month):
    manage(cast)
    another = {"managing_office_number": "1510000077", "managing_office_name": "架空よそ"}
    answer = post_by(cast, client, month, "other", **told(**another))
    assert answer.status_code == 422
    assert HOME[0] in str(answer.context["form"].errors["manager_reason"])
    with pytest.raises(ValidationError, match="違います"):
        answered(cast, month, by=("1510000077", "架空よそ"))
    reason = {"manager_reason": "転居で変わった"}
    assert post_by(cast, client, month, "other", **told(**another, **reason)).status_code == 302
    assert "架空よそが管理（転居で変わった）" in page_of(cast, client, month)


def test_a_certificate_without_a_number_has_nothing_to_compare(cast, month):
    manage(cast, number="")
    answered(cast, month)
    assert entry(cast, month).is_ready


# --- The day, and what is asked back --------------------------------------------------------------


@pytest.mark.parametrize(("days", "words"), [(1, "先の日付"), (None, "サービスの月が終わったあと")])
def test_the_day_lies_after_the_month_and_not_ahead(client, cast, month, days, words):
    manage(cast, cast.office.number, cast.office.name)
    day = cast.today + timedelta(days=days) if days else month.last_day
    answer = post(cast, client, month, **other(), decided_on=day.isoformat())
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["decided_on"])


def test_the_first_day_after_the_month_is_taken_also_without_its_year(client, cast, month):
    manage(cast, cast.office.number, cast.office.name)
    day = (month + 1).first_day
    typed = f"{day.month}/{day.day}"
    assert post(cast, client, month, **other(), decided_on=typed).status_code == 302
    assert CapResult.objects.get().decided_on == day


def test_a_look_at_the_shares_asks_for_no_reason(client, cast, month):
    manage(cast, cast.office.number, cast.office.name)
    made(cast, month, THEIRS)
    answer = post(cast, client, month, preview="1", **other())
    assert (answer.status_code, "管理結果 3" in answer.content.decode()) == (200, True)
    answer = post(cast, client, month, **other())
    assert set(answer.context["form"].errors) == {"reason"}


def test_a_figure_below_what_is_due_is_asked_back(client, cast, month):
    """Before 2,000 where a tenth of 82,000 is 8,200: it would turn result 3 into 2 unseen."""
    manage(cast, cast.office.number, cast.office.name)
    low = other(total="82000", before="2000")
    answer = post(cast, client, month, **low)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "8,200円" in str(answer.context["form"].errors["office_1_before"])
    assert 'name="is_lower_right"' in text
    assert not CapResult.objects.exists()
    assert post(cast, client, month, is_lower_right="on", **low).status_code == 302
    assert CapResult.objects.get().outcome == "2"


def test_only_what_is_below_both_bounds_is_asked_back():
    shares = [
        Share(Rank.RETENTION, 29_180, 2_918, is_manager=True),
        Share(Rank.DAY, 200_000, 9_300),
        Share(Rank.DAY, 82_009, 8_200),
        Share(Rank.DAY, 82_010, 8_200),
    ]
    assert [fault.line for fault in doubts_of_figures(9_300, shares)] == [3]


def test_an_office_that_did_not_serve_stands_on_no_sheet(client, cast, month):
    manage(cast, cast.office.number, cast.office.name)
    answer = post(cast, client, month, **other(total="0", before="0"))
    assert answer.status_code == 422
    assert "ほかの事業所の利用がない" in str(answer.context["form"].errors["office_1_total"])


# --- Nobody else served ---------------------------------------------------------------------------


@pytest.mark.parametrize("is_here", [True, False])
def test_a_month_in_which_nobody_else_served_closes_as_any_other(client, cast, month, is_here):
    manage(cast, *((cast.office.number, cast.office.name) if is_here else HOME))
    assert entry(cast, month).state == MonthState.HELD
    assert post_by(cast, client, month, "alone").status_code == 302
    found = entry(cast, month)
    assert found.is_ready
    assert (found.copayment.units, found.copayment.decided_yen) == (2_768, 2_768)
    assert found.cap_result is None
    assert "ほかの事業所の利用なし" in page_of(cast, client, month)
    close(cast, month)
    row = PersonMonth.objects.get(enrolment=cast.enrolment, month=month.first_day)
    assert (row.copayment_yen, row.cap_result) == (2_768, None)
    assert list(broken_closings()) == []
    assert "ほかの事業所の利用なし" in page_of(cast, client, month)


def test_nobody_else_served_where_the_certificate_has_no_number(client, cast, month):
    manage(cast, number="")
    assert post_by(cast, client, month, "alone").status_code == 302
    assert entry(cast, month).is_ready


def test_a_month_alone_is_never_off_and_is_written_again_with_a_reason(cast, month):
    manage(cast)
    own = own_month(cast.enrolment, month, cast.today)
    given = {
        "enrolment": cast.enrolment, "month": month, "support": own.support,
        "cap_yen": own.cap_yen, "own_total_yen": own.alone.total_cost_yen,
        "own_before_yen": own.alone.capped_yen, "decided_on": cast.today,
        "by": cast.members["billing"], "at": at_noon(cast.today),
    }  # fmt: skip
    record_alone(**given)
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=2_000)
    assert entry(cast, month).copayment.decided_yen == 2_000
    with pytest.raises(ValidationError, match="理由"):
        record_alone(**given)


# --- Closed months as they were closed ------------------------------------------------------------


def test_a_closed_month_shows_the_figures_it_was_closed_with(cast, month):
    manage(cast, cast.office.number, cast.office.name)
    result = made(cast, month, THEIRS)
    close(cast, month)
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=37_200)
    (row,) = cap_rows(cast.office, month, cast.today)
    assert (row.cap_yen, row.before_yen, row.result, row.is_off) == (9_300, 2_918, result, False)
    CapPeriod.objects.filter(client=cast.enrolment.client).update(is_managed=False)
    (row,) = cap_rows(cast.office, month, cast.today)
    assert (row.is_closed, row.is_here, row.cap_yen) == (True, True, 9_300)


def test_a_month_closed_before_its_cap_was_managed_shows_its_own_figures(cast, month):
    close(cast, month)
    manage(cast)
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=1_000)
    (row,) = cap_rows(cast.office, month, cast.today)
    assert (row.cap_yen, row.before_yen, row.result) == (9_300, 2_768, None)


def test_an_old_sheet_names_the_person_as_on_its_day(cast, month):
    manage(cast, cast.office.number, cast.office.name)
    result = made(cast, month, THEIRS)
    before = person_on_sheet(result)
    assert before.certificate_number == "1234567890"
    ClientName.objects.filter(client=cast.enrolment.client).update(name="改まった 名")
    RecipientNumber.objects.filter(client=cast.enrolment.client).update(number="9999999999")
    result.refresh_from_db()
    assert person_on_sheet(result) == before


# --- Every yen explained --------------------------------------------------------------------------


def test_a_managed_copayment_is_explained_on_both_pages(client, cast, month):
    manage(cast)
    answered(cast, month, outcome="3", after=1_250)
    enter(client, cast.members["billing"])
    page = client.get(reverse("month_page", args=[month])).content.decode()
    assert "1割 2,768円、上限 9,300円 → 2,768円。上限額管理の結果 3 → 1,250円" in page
    close(cast, month)
    page = client.get(reverse("month_page", args=[month])).content.decode()
    assert reverse("cap_month", args=[month]) in page  # also once everybody is closed
    row = PersonMonth.objects.get(enrolment=cast.enrolment, month=month.first_day)
    page = client.get(reverse("person_month_page", args=[row.public_id])).content.decode()
    assert "管理結果 3（合計が上限額を超え、調整した）" in page
    assert f"{HOME[1]}の結果票" in page
    assert "2,768円 を、上限額管理の結果 3 により 1,250円 とします" in page


# --- The first months -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cap_month", "claim_export", "month_page"])
def test_the_way_back_ends_at_the_first_month_with_days_for_claims(client, cast, name):
    enter(client, cast.members["billing"])
    first = Month(2018, 4)
    for month, leads_back in ((first - 3, False), (first, False), (first + 1, True)):
        page = client.get(reverse(name, args=[month]))
        assert page.status_code == 200
        assert bool(page.context["previous_url"]) is leads_back, month
