"""支給決定 by one officer: looked at once more before it stands, for only 本庁 can correct it afterwards."""

from __future__ import annotations

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
