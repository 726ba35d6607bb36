"""提出書類 and 補正: ticked off in one go, sent back with words that the other side reads."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.actions.client import open_enrolment
from clients.actions.facts import add_fact
from clients.models import HouseholdFact
from plans.actions.completion import ask_completion, receive_completion
from plans.models import ApplicationDocument, CapPeriod, CompletionRequest
from plans.queries.queue import QUEUE_TURNS, queue, queue_counts, queue_rows
from plans.rules.path import Turn
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR

Kind = ApplicationDocument.Kind


def untouched():
    return {
        f"{kind}_{part}": "open" if part == "state" else ""
        for kind in Kind.values
        for part in ("state", "on", "note")
    }


def test_papers_are_ticked_off_in_one_go(counter):
    row = counter.received()
    data = {
        **untouched(), "form_state": "received", "form_on": "Ｒ８．１１．２", "proxy_state": "waived",
        "income_note": "来週持ってくる",
    }  # fmt: skip
    assert counter.post("documents", row, data).status_code == 302
    stored = {paper.kind: paper for paper in row.documents.all()}
    assert set(stored) == {"form", "proxy", "income"}
    assert stored["form"].received_on.isoformat() == "2026-11-02"
    assert stored["proxy"].is_waived
    page = counter.client.get(reverse("admin:application_page", args=[row.public_id]))
    assert "来週持ってくる" in page.content.decode()
    shown = [paper.kind for paper in page.context["documents"]]
    assert "disability" in shown  # nobody has ticked it: still to come
    assert not {"certificate", "other"} & set(shown)  # a first application brings neither
    # Sent again nothing is written: no version more.
    versions = ApplicationDocument.history.count()
    assert counter.post("documents", row, data).status_code == 302
    assert ApplicationDocument.history.count() == versions
    data |= {"disability_on": "2026-11-03", "certificate_state": "received"}
    counter.post("documents", row, data)
    days = dict(row.documents.values_list("kind", "received_on"))
    assert (days["disability"].isoformat(), days["certificate"]) == ("2026-11-03", counter.on)
    assert "まだ" in page.content.decode()
    data |= {"income_state": "received", "income_on": counter.on.isoformat()}
    counter.post("documents", row, data)
    assert stored["income"].history.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"form_state": "waived", "form_on": "2026-11-02"}, "form_on", "「いらない」"),
        ({"form_state": "received", "form_on": "2/30"}, "form_on", ""),
        ({"form_state": "received", "form_on": "2199-01-01"}, "form_on", "まだ来ていない"),
        ({"other_note": "あ" * 10_000}, "other_note", "200"),
    ],
)
def test_wrong_papers_are_told_at_their_field_and_kept(counter, changes, field, word):
    row = counter.received()
    answer = counter.post("documents", row, {**untouched(), "income_note": "残る", **changes})
    assert answer.status_code == ERROR
    assert word in str(answer.context["form"].errors[field])
    assert "残る" in answer.content.decode()
    assert not row.documents.exists()


def test_an_application_goes_back_and_comes_in_again(counter):
    row, on = counter.heard(), counter.on
    assert queue_counts(type(row).objects.filter(pk=row.pk), on)[Turn.WARD] == 1
    asked = {"asked_on": on.isoformat(), "wanted": "課税証明書が要ります。年内にお願いします。"}
    assert counter.post("completion_ask", row, asked).status_code == 302
    own = type(row).objects.filter(pk=row.pk)
    counts = queue_counts(own, on)
    assert [counts[turn] for turn in QUEUE_TURNS] == [0, 1, 0, 0]
    [waits] = queue_rows(queue(own, on), on)
    assert (waits.turn, waits.waiting_days, waits.wanted[:2]) == (Turn.PERSON, 0, "課税")
    # A second request while one is open: one result, one message.
    again = counter.post("completion_ask", row, asked)
    assert again.status_code == ERROR
    assert "もう補正を求めています" in str(again.context["form"].errors)
    done = counter.post("completion_receive", row, {"answered_on": on.isoformat()})
    assert done.status_code == 302
    assert queue_counts(own, on)[Turn.WARD] == 1
    page = counter.client.get(reverse("admin:application_page", args=[row.public_id]))
    assert "そろいました" in page.content.decode()
    url = reverse("admin:completion_receive", args=[row.public_id])
    assert "補正はありません" in counter.client.get(url, follow=True).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"asked_on": "2019-01-01"}, "asked_on"), ({"wanted": " "}, "wanted")],
)
def test_a_request_needs_words_and_a_day_after_the_receipt(counter, changes, field):
    row = counter.received()
    data = {"asked_on": counter.on.isoformat(), "wanted": "証明書", **changes}
    answer = counter.post("completion_ask", row, data)
    assert answer.status_code == ERROR
    assert field in answer.context["form"].errors
    assert not CompletionRequest.objects.exists()


def test_an_answer_does_not_come_before_the_request(counter):
    row = counter.received()
    asked = ask_completion(application=row, asked_on=counter.on, wanted="証明書", **counter.who)
    early = (counter.on - timedelta(days=1)).isoformat()
    assert counter.post("completion_receive", row, {"answered_on": early}).status_code == ERROR
    receive_completion(completion=asked, answered_on=counter.on, **counter.who)


def test_the_office_reads_what_is_wanted(client, counter):
    row = counter.received()
    ask_completion(application=row, asked_on=counter.on, wanted="課税証明書", **counter.who)
    worker = counter.cast.members["worker"]
    open_enrolment(
        client=row.client, office=counter.cast.office, starts_on=counter.on, by=worker,
        at=counter.who["at"],
    )  # fmt: skip
    enter(client, worker)
    for url in (reverse("client_page", args=[row.client.public_id]), reverse("waiting")):
        assert "課税証明書" in client.get(url).content.decode(), url


def household(counter, row):
    add_fact(
        HouseholdFact(
            client=row.client, receives_public_assistance=False, is_taxed=False, has_spouse=False,
            lives_in_group_home=False, first_month=counter.on.replace(day=1),
        ),
        verb="fact_recorded", **counter.who,
    )  # fmt: skip


def test_another_category_than_the_households_needs_a_reason_and_is_marked(counter):
    row = counter.heard()
    household(counter, row)
    data = counter.grant_data(category="general_1", cap_yen="9300")
    answer = counter.post("decision_grant", row, data)
    assert answer.status_code == ERROR
    assert "「低所得」" in str(answer.context["form"].errors["category_reason"])
    assert counter.post(
        "decision_grant", row, {**data, "category_reason": "修正申告で課税"}
    ).status_code == 302  # fmt: skip
    cap = CapPeriod.objects.get(client=row.client)
    assert (cap.category, cap.category_reason) == ("general_1", "修正申告で課税")
    row.refresh_from_db()
    page = counter.client.get(reverse("admin:decision_page", args=[row.decision.public_id]))
    assert "職員の判断" in page.content.decode()


def test_where_nothing_is_known_no_reason_is_asked(counter):
    row = counter.heard()
    assert counter.post("decision_grant", row, counter.grant_data()).status_code == 302
    assert CapPeriod.objects.get(client=row.client).category_reason == ""


def test_a_cap_that_is_not_its_categorys_needs_a_reason(counter):
    row = counter.heard()
    data = counter.grant_data(category="general_1", cap_yen="4600")
    answer = counter.post("decision_grant", row, data)
    assert answer.status_code == ERROR
    assert "「一般1」の上限額は9,300円" in str(answer.context["form"].errors["cap_yen"])
    data["category_reason"] = "条例による"
    assert counter.post("decision_grant", row, data).status_code == 302
    assert CapPeriod.objects.get(client=row.client).category_reason == "条例による"
