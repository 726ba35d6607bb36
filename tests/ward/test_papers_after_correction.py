"""Papers that were made before a correction: old ones, to be made anew, on the page and on the home."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.actions.caps import Cap, add_cap_period
from plans.models import CapPeriod, Decision, WardPaper
from plans.queries.outdated_papers import outdated, suspects
from plans.queries.ward_papers import reprint
from plans.rules.paper_values import differing
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.ward.test_corrections import correct

HOME = reverse("admin:index")
WRONG = "訂正する前に作った紙があります"


def page_of(counter, decision):
    enter(counter.client, counter.officer)
    return counter.client.get(reverse("admin:decision_page", args=[decision.public_id]))


def home_of(counter):
    enter(counter.client, counter.officer)
    return counter.client.get(HOME)


@pytest.fixture
def papers(counter):
    """A decision with certificate, notice and reminder."""
    decision = counter.granted().decision
    counter.version = decision.certificates.get()
    assert counter.post("certificate_issue", counter.version, {}).status_code == 302
    letter = {"issued_on": counter.on.isoformat()}
    assert counter.post("decision_grant_notice", decision, letter).status_code == 302
    apply_by = (counter.on + timedelta(days=14)).isoformat()
    assert (
        counter.post("decision_reminder", decision, letter | {"apply_by": apply_by}).status_code
        == 302
    )
    counter.decision = decision
    return counter


@pytest.fixture
def corrected(papers):
    """The main office has written an earlier last day, one that is near."""
    decision = papers.decision
    enter(papers.client, papers.cast.members["city"])
    ends_on = papers.on + timedelta(days=50)
    assert correct(papers.client, decision, ends_on=ends_on.isoformat()).status_code == 302
    decision.refresh_from_db()
    return papers


def test_nothing_is_told_while_the_papers_say_what_stands(papers):
    answer = page_of(papers, papers.decision)
    assert answer.context["papers"].to_remake == ()
    assert WRONG not in answer.content.decode()
    assert home_of(papers).context["outdated"] == []


def test_after_a_correction_page_papers_and_home_say_so(corrected):
    answer = page_of(corrected, corrected.decision)
    page = answer.content.decode()
    assert WRONG in page
    told = "受給者証（終了日）、支給決定通知書（終了日）、更新のお知らせ（終了日）"
    assert answer.context["papers"].to_remake_words == told
    assert page.count("旧版") == len(answer.context["papers"].to_remake)
    assert answer.context["next"].step == "remake"
    (row,) = home_of(corrected).context["outdated"]
    assert (row.decision_id, row.papers) == (corrected.decision.public_id, told)
    for paper in WardPaper.objects.filter(decision=corrected.decision):
        content = reprint(paper)
        assert content["edition"] == "旧版"
        assert "記録が訂正されています（終了日）" in content["notice"]


def test_it_goes_once_each_paper_was_made_anew(corrected):
    decision, day = corrected.decision, corrected.on.isoformat()
    enter(corrected.client, corrected.officer)
    assert (
        corrected.post("certificate_remake", corrected.version, {"reason": "訂正"}).status_code
        == 302
    )
    assert page_of(corrected, decision).context["next"].step == "letter_again"
    letter = {"issued_on": day, "reason": "訂正"}
    assert corrected.post("decision_grant_notice", decision, letter).status_code == 302
    assert page_of(corrected, decision).context["next"].step == "reminder_again"
    letter["apply_by"] = (corrected.on + timedelta(days=14)).isoformat()
    assert corrected.post("decision_reminder", decision, letter).status_code == 302
    answer = page_of(corrected, decision)
    assert answer.context["next"].step == "renewal"
    assert WRONG not in answer.content.decode()
    assert home_of(corrected).context["outdated"] == []


def test_a_disability_that_was_written_wrongly_outdates_the_certificate_alone(papers):
    decision = papers.decision
    known = {"kind": "mental", "starts_on": (papers.on - timedelta(days=99)).isoformat()}
    assert papers.post("decision_disability_new", decision, known).status_code == 302
    (row,) = home_of(papers).context["outdated"]
    assert row.papers == "受給者証（障害種別）"


def test_a_cap_that_was_written_wrongly_outdates_certificate_and_notice(papers):
    decision = papers.decision
    cap = CapPeriod.objects.get(client=decision.client)
    enter(papers.client, papers.cast.members["city"])
    url = reverse("admin:city_cap_correct", args=[decision.public_id, cap.public_id])
    data = {"category": "low_income", "cap_yen": "0", "reason": "区分の誤り", "is_known": "on",
            "first_month": str(Month.of(cap.first_month))}  # fmt: skip
    if cap.last_month:
        data["last_month"] = str(Month.of(cap.last_month))
    assert papers.client.post(url, data).status_code == 302
    told = "受給者証（負担上限月額）、支給決定通知書（負担上限月額）"
    assert [row.papers for row in home_of(papers).context["outdated"]] == [told]
    assert page_of(papers, decision).context["papers"].to_remake_words == told
    assert papers.post("certificate_remake", papers.version, {"reason": "訂正"}).status_code == 302
    letter = {"issued_on": papers.on.isoformat(), "reason": "訂正"}
    assert papers.post("decision_grant_notice", decision, letter).status_code == 302
    assert home_of(papers).context["outdated"] == []


def test_a_cap_that_changes_later_is_no_mistake_of_the_paper(papers):
    cap = CapPeriod.objects.get(client=papers.decision.client)
    later = (Month.of(cap.first_month) + 2).first_day
    add_cap_period(
        client=cap.client, municipality=cap.municipality,
        cap=Cap(later, cap.last_month, cap.category, cap.cap_yen, category_reason="世帯の変更"),
        by=papers.officer, at=papers.who["at"] + timedelta(days=2),
    )  # fmt: skip
    cap.refresh_from_db()
    assert cap.last_month is not None
    assert home_of(papers).context["outdated"] == []
    assert page_of(papers, papers.decision).context["papers"].to_remake == ()


def test_the_home_asks_as_often_for_two_as_for_one(corrected):
    with CaptureQueriesContext(connection) as one:
        assert len(outdated(suspects(Decision.objects.all()), corrected.on)) == 1
    enter(corrected.client, corrected.officer)
    other = corrected.granted(
        number="1234567898", name="窓口 次郎", kana="まどぐち じろう"
    ).decision
    version = other.certificates.get()
    assert corrected.post("certificate_issue", version, {}).status_code == 302
    enter(corrected.client, corrected.cast.members["city"])
    assert correct(corrected.client, other, amount="月5日").status_code == 302
    with CaptureQueriesContext(connection) as two:
        assert len(outdated(suspects(Decision.objects.all()), corrected.on)) == 2
    assert len(two) == len(one)


def test_what_a_paper_does_not_bear_is_no_difference():
    content = {"service": {"ends_on": "令和8年12月31日"}, "holder": {"name": "架空 花子"}}
    recorded = {
        "service.ends_on": "令和8年11月30日",
        "service.amount": "月5日",
        "person.name": "別",
    }
    assert differing(content, recorded) == ("終了日",)
