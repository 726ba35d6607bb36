"""A gap of a 定型文 that nobody filled in does not go into a report."""

import pytest
from django.core.exceptions import ValidationError

from plans.forms.gaps import no_gap
from tests.accounts.test_coming_and_going import enter
from tests.plans.report_desk import Desk


@pytest.mark.parametrize("text", ["", "次回までに履歴書を書く。", "A_B", "＿の記号"])
def test_words_without_a_gap(text):
    no_gap(text)


@pytest.mark.parametrize("text", ["次回までに ＿＿ を試す。", "__さんへ"])
def test_a_gap_is_told_with_the_words_around_it(text):
    with pytest.raises(ValidationError, match="うめていないところ"):
        no_gap(text)


def test_a_report_with_a_gap_is_not_stored_and_comes_back_whole(cast, client):
    enter(client, cast.members["worker"])
    desk = Desk(cast)
    page = client.post(
        desk.url("report_write"), {"done": "面談をした。", "next_steps": "次回までに ＿＿ を試す。"}
    )
    shown = page.content.decode()
    assert "＿＿ を試す。」に、うめていないところ" in shown
    assert "面談をした。" in shown
    assert not cast.enrolment.reports.filter(next_steps__contains="＿＿").exists()
