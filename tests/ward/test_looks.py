"""What cannot be taken back is looked at once more: 支給決定 by one officer, 却下・取下げ, 取消."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.models import Decision


@pytest.fixture
def heard(counter):
    """An application that may be decided, and a grant that may stand, not looked at yet."""
    row, data = counter.heard(), counter.grant_data()
    del data["looked"]
    return row, data


def test_a_grant_is_shown_in_words_first(counter, heard):
    row, data = heard
    answer = counter.post("decision_grant", row, data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not Decision.objects.filter(application=row).exists()
    assert "この内容で支給決定する" in page
    assert "9,300" in page
    assert ("cap_yen", "9300") in answer.context["typed"]


def test_what_was_looked_at_is_decided_and_leads_to_its_papers(counter, heard):
    row, data = heard
    typed = dict(counter.post("decision_grant", row, data).context["typed"])
    answer = counter.post("decision_grant", row, {**typed, "looked": "yes"})
    decision = Decision.objects.get(application=row)
    page = reverse("admin:decision_page", args=[decision.public_id])
    assert answer.status_code == 302
    assert answer.url.startswith(page)


def test_it_is_written_again_with_everything_that_was_typed(counter, heard):
    row, data = heard
    answer = counter.post("decision_grant", row, {**data, "looked": "again"})
    assert answer.status_code == 200
    assert answer.context["form"]["number"].value() == data["number"]
    assert not Decision.objects.filter(application=row).exists()


def test_what_is_wrong_comes_back_at_its_field_first(counter, heard):
    row, data = heard
    answer = counter.post("decision_grant", row, {**data, "number": "1"})
    assert "number" in answer.context["form"].errors


# --- 却下・取下げ, 取消 ---------------------------------------------------------------------------------


@pytest.fixture
def ending(counter):
    """An application, and what ends it by a refusal that was not looked at yet."""
    row = counter.received()
    facts = {
        "outcome": "refused",
        "outcome_on": counter.on.isoformat(),
        "reason": "対象のサービスの利用がない",
    }
    return row, {**facts, "looked": ""}


def test_a_refusal_is_shown_with_what_follows_first(counter, ending):
    row, data = ending
    answer = counter.post("application_end", row, data)
    row.refresh_from_db()
    assert (answer.status_code, row.outcome) == (200, "")
    page = answer.content.decode()
    assert "この内容で却下する" in page
    assert "対象のサービスの利用がない" in page
    assert "申請却下通知書を作ります" in page
    typed = dict(answer.context["typed"])
    assert counter.post("application_end", row, {**typed, "looked": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.outcome == "refused"


def test_a_withdrawal_says_its_own_words(counter, ending):
    row, data = ending
    page = counter.post("application_end", row, {**data, "outcome": "withdrawn"}).content.decode()
    assert "取下げとして終える" in page
    assert "申請却下通知書" not in page


def test_an_end_is_written_again_with_what_was_typed(counter, ending):
    row, data = ending
    answer = counter.post("application_end", row, {**data, "looked": "again"})
    assert answer.status_code == 200
    assert answer.context["form"]["reason"].value() == data["reason"]
    row.refresh_from_db()
    assert row.outcome == ""


@pytest.mark.parametrize(
    "days", [pytest.param(1, id="ahead"), pytest.param(-21, id="before it came")]
)
def test_a_wrong_day_of_the_end_is_told_before_the_look(counter, ending, days):
    row, data = ending
    day = (counter.on + timedelta(days=days)).isoformat()
    answer = counter.post("application_end", row, {**data, "outcome_on": day})
    assert "outcome_on" in answer.context["form"].errors


def test_a_revocation_is_shown_with_what_ends_and_what_stays_first(counter):
    decision = counter.granted().decision
    data = {
        "revoked_on": (counter.on + timedelta(days=40)).isoformat(),
        "reason": "転出",
        "looked": "",
    }
    answer = counter.post("decision_revoke", decision, data)
    decision.refresh_from_db()
    assert (answer.status_code, decision.revoked_on) == (200, None)
    told = " ".join(answer.context["told"])
    assert "で終わります（いまは" in told
    assert "支給決定取消通知書" in told
    assert "負担上限月額は、そのまま残ります" in told
    typed = dict(answer.context["typed"])
    assert counter.post("decision_revoke", decision, {**typed, "looked": "yes"}).status_code == 302
    decision.refresh_from_db()
    assert decision.revoked_on is not None


def test_the_questions_of_a_grant_stand_under_headings_and_each_once(counter):
    row = counter.heard()
    answer = counter.client.get(reverse("admin:decision_grant", args=[row.public_id]))
    form = answer.context["form"]
    shown = [field.name for _legend, fields in form.groups for field in fields]
    assert sorted([*shown, *(field.name for field in form.asked_besides)]) == sorted(form.fields)
    assert shown.index("decided_on") < shown.index("issued_on")
    assert shown.index("is_managed") < shown.index("managing_office_name")
    assert reverse("admin:documents", args=[row.public_id]) in answer.content.decode()
