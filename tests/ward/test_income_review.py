"""収入状況の見直し: caps that run to June on one page, the next ones entered in one go."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from clients.actions.facts import add_fact
from clients.models import HouseholdFact
from clients.rules.cap import months_of
from plans.actions.caps import Cap
from plans.actions.income_review import review_cap
from plans.forms.income_review import prefix_of
from plans.models import CapPeriod, Certificate, Decision
from plans.queries.income_review import ReviewState, review_counts
from plans.views.ward_review import OPEN_ROWS
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of
from tests.ward.conftest import ERROR, Counter

ON = date(2026, 8, 10)
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def counter(client, db):
    """The counter in August: the review of this year is running."""
    with time_machine.travel(at_noon(ON), tick=False):
        counter = Counter(client, cast_of(ON))
        # What the cast holds of its own would stand in every list.
        CapPeriod.objects.filter(client=counter.cast.decision.client).delete()
        yield counter


def granted(counter, number="1234567801", *, until=JUNE, starts_on=date(2026, 2, 1), **who):
    """Somebody with a decision of a year whose cap runs to June; household of last year's tax."""
    row = counter.granted(number, employed_days_ago=500, **who)
    decision = Decision.objects.get(application=row)
    Decision.objects.filter(pk=decision.pk).update(starts_on=starts_on, ends_on=date(2027, 1, 31))
    CapPeriod.objects.filter(client=row.client).update(
        first_month=starts_on.replace(day=1), last_month=until
    )
    return CapPeriod.objects.get(client=row.client)


def household(counter, cap, first_month=JULY, **facts):
    known = {"receives_public_assistance": False, "lives_in_group_home": False,
             "is_in_facility": False, **facts}  # fmt: skip
    row = HouseholdFact(client=cap.client, first_month=first_month, **known)
    add_fact(row, verb="household_recorded", **counter.who)


def page(counter, query=""):
    return counter.client.get(reverse("admin:income_review") + query)


def send(counter, rows, query="?year=2026&state=open"):
    """Post the rows: cap → what is typed over the months as the page proposes them."""
    data = {"row": [str(cap.public_id) for cap, _typed in rows]}
    for cap, typed in rows:
        given = {"category": "", "cap_yen": "", "category_reason": "", "first_month": "2026-07",
                 "last_month": "2027-01", **typed}  # fmt: skip
        data |= {f"{prefix_of(cap)}-{name}": value for name, value in given.items()}
    return counter.client.post(reverse("admin:income_review") + query, data)


def next_of(cap):
    return CapPeriod.objects.filter(client=cap.client, first_month__gte=JULY).first()


def test_what_runs_out_is_listed_with_months_inside_the_decision(counter):
    cap = granted(counter)
    text = page(counter).content.decode()
    assert "窓口 花子" in text
    assert "1234567801" in text
    form = page(counter).context["forms"][0]
    assert form["first_month"].value() == "2026-07"
    assert form["last_month"].value() == "2027-01"
    assert "世帯の記録がありません" in text
    assert AuditEvent.objects.filter(outcome="read", person_id=cap.client.public_id).exists()


@pytest.mark.parametrize(
    ("until", "starts_on", "ends_on", "state"),
    [
        (JUNE, date(2026, 2, 1), date(2027, 1, 31), "open"),
        (JUNE, date(2026, 2, 1), date(2026, 7, 1), "open"),
        (JUNE, date(2026, 2, 1), date(2026, 6, 30), "outside"),
        (None, date(2026, 2, 1), date(2027, 1, 31), "runs_on"),
        (None, date(2026, 2, 1), date(2026, 6, 30), None),
        (date(2026, 5, 1), date(2026, 2, 1), date(2027, 1, 31), None),
        (date(2026, 7, 1), date(2026, 2, 1), date(2027, 1, 31), "runs_on"),
        (date(2026, 7, 1), date(2026, 2, 1), date(2026, 6, 30), None),
        (date(2027, 6, 1), date(2026, 2, 1), date(2027, 1, 31), "runs_on"),
    ],
)  # fmt: skip
def test_states(counter, until, starts_on, ends_on, state):
    cap = granted(counter, until=until, starts_on=starts_on)
    Decision.objects.filter(client=cap.client).update(ends_on=ends_on)
    counts = review_counts(Decision.objects.filter(client=cap.client), 2026)
    assert counts == {each: int(each.value == state) for each in ReviewState}
    for each in ReviewState:
        forms = page(counter, f"?state={each.value}").context["forms"]
        assert [form.row.cap for form in forms] == ([cap] if each.value == state else [])


def test_entered_in_one_go_and_told_where_it_is_wrong(counter):
    good, bad, left = (
        granted(counter, f"123456780{n}", name=f"人 {n}", kana=f"ひと {n}") for n in (1, 2, 3)
    )
    answer = send(counter, [
        (good, {"category": "general_1"}),
        (bad, {"category": "general_1", "cap_yen": "99,999", "last_month": "令和9年2月"}),
        (left, {}),
    ])  # fmt: skip
    assert answer.status_code == ERROR
    stored = next_of(good)
    assert (stored.cap_yen, stored.category) == (9300, "general_1")
    assert (stored.first_month, stored.last_month) == (JULY, date(2027, 1, 1))
    assert next_of(bad) is next_of(left) is None
    text = answer.content.decode()
    assert "1人分の上限額を入れました" in text
    assert text.count("保存しました</span>") == 1
    assert "2026年7月から2027年1月まで" in text
    assert "99,999" in text
    assert "令和9年2月" in text
    assert "直すところがある行は、保存していません" in text
    wrong = {form.row.cap: form.errors for form in answer.context["forms"] if form.errors}
    assert set(wrong) == {bad}
    assert set(wrong[bad]) == {"last_month"}
    # Mended and sent again with the untouched one: the page is done with it.
    again = send(counter, [(bad, {"category": "general_1"}), (left, {})])
    assert again.status_code == 302
    assert next_of(bad).cap_yen == 9300
    assert next_of(left) is None


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"cap_yen": "9300"}, "category", "区分を選んで"),
        ({"category": "general_1", "cap_yen": "99999"}, "cap_yen", "高くても"),
        ({"category": "general_1", "cap_yen": "たくさん"}, "cap_yen", "数字だけ"),
        ({"category": "general_1", "first_month": "2026-06"}, "first_month", "2026年7月から"),
        ({"category": "general_1", "last_month": "2027-02"}, "last_month", "2027年1月まで"),
        ({"category": "general_1", "last_month": ""}, "last_month", "入れて"),
        ({"category": "general_1", "last_month": "2026-07-05"}, "last_month", "月だけ"),
        ({"category": "general_1", "first_month": "2026-12", "last_month": "2026-08"},
         "last_month", "始まり以後"),
        ({"last_month": "2026-12"}, "category", "区分を選んで"),
    ],
)  # fmt: skip
def test_each_fault_at_its_field(counter, typed, field, words):
    cap = granted(counter)
    answer = send(counter, [(cap, typed)])
    assert answer.status_code == ERROR
    assert words in str(answer.context["forms"][0].errors[field])
    assert next_of(cap) is None


def test_another_category_than_the_households_needs_its_reason_and_is_marked(counter):
    cap = granted(counter)
    household(counter, cap, is_taxed=False, has_spouse=False)
    assert "見込み <strong>低所得 0円" in page(counter).content.decode()
    answer = send(counter, [(cap, {"category": "general_1"})])
    assert "世帯の記録からは「低所得」" in str(answer.context["forms"][0].errors["category_reason"])
    assert send(counter, [(cap, {"category": "general_1", "category_reason": "税の更正"})]).status_code == 302  # fmt: skip
    assert next_of(cap).category_reason == "税の更正"
    done = page(counter, "?state=done").content.decode()
    assert "職員の判断" in done
    assert "税の更正" in done
    assert [form.row.cap for form in page(counter).context["forms"]] == []


def test_only_this_years_household_is_filled_in(counter):
    old, new = (granted(counter, f"123456780{n}", kana=f"ひと {n}") for n in (1, 2))
    household(counter, old, first_month=date(2026, 2, 1), is_taxed=False, has_spouse=False)
    household(counter, new, is_taxed=True, income_levy_yen=48_000)
    answer = page(counter, "?fill=1")
    filled = {form.row.cap: form["category"].value() for form in answer.context["forms"]}
    assert filled == {old: None, new: "general_1"}
    assert answer.content.decode().count("前の年度の記録") == 1
    assert not CapPeriod.objects.filter(first_month__gte=JULY).exclude(
        client=counter.cast.enrolment.client
    ).exists()  # fmt: skip


def test_a_cap_without_an_end_is_closed_by_the_next_one(counter):
    cap = granted(counter, until=None)
    answer = send(counter, [(cap, {"category": "low_income"})], "?year=2026&state=runs_on")
    assert answer.status_code == 302
    cap.refresh_from_db()
    assert cap.last_month == JUNE
    assert next_of(cap).cap_yen == 0


def test_management_goes_on_except_for_nothing(counter):
    some, none = (granted(counter, f"123456780{n}", kana=f"ひと {n}") for n in (1, 2))
    CapPeriod.objects.filter(pk__in=(some.pk, none.pk)).update(
        is_managed=True, managing_office_name="管理所", managing_office_number="1500000009"
    )
    rows = [
        (some, {"category": "general_1", "cap_yen": "4,600", "category_reason": "市の助成"}),
        (none, {"category": "low_income"}),
    ]
    assert send(counter, rows).status_code == 302
    assert (next_of(some).cap_yen, next_of(some).managing_office_name) == (4600, "管理所")
    assert (next_of(none).is_managed, next_of(none).managing_office_name) == (False, "")


def test_somebody_was_quicker(counter):
    cap = granted(counter)
    assert send(counter, [(cap, {"category": "general_1"})]).status_code == 302
    answer = send(counter, [(cap, {"category": "low_income"})])
    assert CapPeriod.objects.filter(client=cap.client, first_month__gte=JULY).count() == 1
    with pytest.raises(ValidationError, match="先に入れました"):
        review_cap(
            cap=cap, months=months_of(2026), new=Cap(JULY, JULY, "low_income", 0), **counter.who
        )
    assert answer.status_code == ERROR
    assert "先に入れました" in answer.content.decode()


def test_nothing_typed_changes_nothing(counter):
    cap = granted(counter)
    answer = counter.client.post(reverse("admin:income_review"), {}, follow=True)
    assert "どの行も入れられていません" in answer.content.decode()
    assert send(counter, [(cap, {})]).status_code == 302
    assert next_of(cap) is None
    assert counter.client.post(reverse("admin:income_review"), {"row": "<9>"}).status_code == 302


def test_no_paper_is_issued_by_itself(counter):
    cap = granted(counter)
    before = Certificate.objects.count()
    send(counter, [(cap, {"category": "general_1"})])
    assert Certificate.objects.count() == before


def test_another_ward_neither_sees_nor_writes(counter):
    cap = granted(counter)
    enter(counter.client, counter.cast.members["other_officer"])
    assert "窓口 花子" not in page(counter).content.decode()
    send(counter, [(cap, {"category": "general_1"})])
    assert next_of(cap) is None


def test_counts_are_links_to_their_lists(counter):
    for index in range(3):
        granted(counter, f"123456780{index}", kana=f"ひと {index}")
    send(counter, [(CapPeriod.objects.filter(last_month=JUNE).first(), {"category": "general_1"})])
    # The home asks for it as a part, and leads there without scripts.
    whole = counter.client.get(reverse("admin:index")).content.decode()
    assert f'data-part="{reverse("admin:index")}"' in whole
    assert f'href="{reverse("admin:income_review")}"' in whole
    home = counter.client.get(reverse("admin:index"), headers={"X-Part": "1"})
    tabs = home.context["review"]["tabs"]
    assert [item["count"] for item in tabs][:2] == [2, 1]
    for item in tabs:
        assert len(counter.client.get(item["url"]).context["forms"]) == item["count"]
        assert item["url"].replace("&", "&amp;") in home.content.decode()


@pytest.mark.parametrize(
    ("on", "year", "words"),
    [(date(2027, 2, 1), 2027, "これからの見直し"), (date(2027, 6, 30), 2027, "これからの見直し"),
     (date(2027, 7, 1), 2027, "いまの見直し"), (date(2027, 12, 31), 2027, "いまの見直し")],
)  # fmt: skip
def test_the_year_that_is_shown_and_why(counter, on, year, words):
    with time_machine.travel(at_noon(on), tick=False):
        enter(counter.client, counter.officer)
        answer = page(counter)
        assert answer.context["year"] == year
        assert words in answer.content.decode()
        assert page(counter, "?year=1999").context["year"] == year
        assert page(counter, f"?year={year + 1}").context["year"] == year + 1


def test_the_workbook_holds_the_rows_of_the_page(counter):
    cap = granted(counter, name="=危険 人")
    household(counter, cap, is_taxed=True, income_levy_yen=200_000)
    answer = counter.client.get(reverse("admin:income_review_xlsx") + "?state=open")
    rows = [
        [cell.value for cell in row]
        for row in load_workbook(BytesIO(answer.content)).active.iter_rows()
    ]
    assert len(rows) == 2
    assert rows[1][0] == "=危険 人"
    assert rows[1][9:12] == ["はい", "一般2", 37200]
    assert AuditEvent.objects.filter(verb="ward_income_review_exported").count() == 1


def test_ten_people_cost_no_more_queries_than_one(counter, django_assert_max_num_queries):
    granted(counter)
    url = reverse("admin:income_review")
    counter.client.get(url)
    with CaptureQueriesContext(connection) as one:
        counter.client.get(url)
    few = len(one)
    for index in range(5):
        granted(counter, f"123456790{index}", kana=f"ひと {index}")
    with django_assert_max_num_queries(few):
        assert len(counter.client.get(url).context["forms"]) == 6


def test_a_full_page_of_forms_stays_small_and_the_rest_is_on_the_next(counter):
    for index in range(OPEN_ROWS + 1):
        cap = granted(counter, f"12345679{index:02}", kana=f"ひと {index}")
        household(counter, cap, is_taxed=True, income_levy_yen=200_000)
    answer = page(counter, "?state=open")
    assert len(answer.context["forms"]) == OPEN_ROWS
    assert len(answer.content) <= 50 * 1024
    assert len(page(counter, "?state=open&page=2").context["forms"]) == 1


def row_of(counter, cap, state):
    forms = page(counter, f"?year=2026&state={state}").context["forms"]
    return next((form.row for form in forms if form.row.cap.client_id == cap.client_id), None)


def test_closed_months_are_listed(client, db):
    """In September, when an office has closed July with somebody who still has no cap for it."""
    on = date(2026, 9, 10)
    with time_machine.travel(at_noon(on), tick=False):
        counter = Counter(client, cast_of(on))
        month, ward = counter.cast.person_month, counter.cast.wards[2]
        own = {"client": month.client_id}
        Decision.objects.filter(**own).update(
            municipality=ward, is_transcribed=False, ends_on=date(2027, 1, 31)
        )
        CapPeriod.objects.filter(**own).update(municipality=ward, last_month=JUNE)
        row = row_of(counter, CapPeriod.objects.get(**own), "open")
        assert row.closed == (f"2026年7月（{counter.cast.office.name}、上限額9,300円）",)
        assert row.closed[0] in page(counter).content.decode()


def test_a_person_is_one_line_on_a_phone_until_opened_and_one_with_a_slip_stands_open(counter):
    good = granted(counter, "1234567801", name="人 一", kana="ひと いち")
    household(counter, good, is_taxed=False, has_spouse=False)
    bad = granted(counter, "1234567802", name="人 二", kana="ひと に")
    page = counter.client.get(reverse("admin:income_review")).content.decode()
    assert page.count('class="review__fold no-print" open data-folds-on-phone') == 2
    # What stands in the line, and what is printed in the place of the fields.
    assert "9,300円 → 見込み 低所得 0円" in page
    assert "今年度の世帯の記録がまだ" in page
    assert page.count("review__blank") == 2
    assert "review__blank" not in page.split("review__fold", 1)[1].split("</details></td>")[0]
    filled = counter.client.get(reverse("admin:income_review") + "?fill=1").content.decode()
    assert "<strong>低所得 0円</strong>" in filled
    sent = send(counter, [(bad, {"category": "general_1", "cap_yen": "99,999"})])
    assert 'class="review__fold no-print" open>' in sent.content.decode()
