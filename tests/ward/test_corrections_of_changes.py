"""訂正 of a decision that was changed, or that changed another: the two stay beside each other."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.models import CapPeriod, Decision
from plans.queries.decision_change import is_changed, next_of
from teikyaku.era import both
from teikyaku.periods import day_before
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR
from tests.ward.test_changed_ends import again, changed  # noqa: F401  (the fixture)
from tests.ward.test_corrections import correct


def as_city(counter):
    enter(counter.client, counter.cast.members["city"])
    return counter.former, counter.new


def test_the_day_of_a_change_moves_the_end_of_the_one_before_too(changed):  # noqa: F811
    former, new = as_city(changed)
    until, cap = former.granted_until, CapPeriod.objects.get(client=former.client)
    for days in (6, -3):
        day = changed.day + timedelta(days=days)
        answer = correct(changed.client, new, starts_on=day.isoformat())
        assert answer.status_code == ERROR
        told = answer.context["form"]["is_known"].help_text
        assert f"終了日は、{both(day_before(day))}になります" in told
        answer = correct(changed.client, new, starts_on=day.isoformat(), is_known="on")
        assert answer.status_code == 302, answer.context["form"].errors
        again(former, new)
        assert (former.ends_on, new.starts_on) == (day_before(day), day)
        assert (former.granted_until, is_changed(former), next_of(former)) == (until, True, new)
    assert former.history.first().history_change_reason == "写し間違い"
    assert CapPeriod.objects.get(client=former.client) == cap


def test_days_between_the_two_are_refused_with_the_next_step(changed):  # noqa: F811
    former, new = as_city(changed)
    until = former.ends_on
    for day in (until - timedelta(days=2), new.starts_on):
        answer = correct(changed.client, former, ends_on=day.isoformat(), is_known="on")
        assert answer.status_code == ERROR
        told = str(answer.context["form"].errors["ends_on"])
        assert both(until) in told
        assert "次の支給決定の開始日を訂正" in told
    # What else was written wrongly of it can be corrected.
    assert correct(changed.client, former, amount="月5日").status_code == 302
    again(former)
    assert (former.ends_on, former.amount, next_of(former)) == (until, "月5日", new)


@pytest.mark.parametrize("days", [1, 15])
def test_a_change_stays_within_what_it_changes(changed, days):  # noqa: F811
    """Further on it would be no change any more, and the way back would be lost."""
    former, new = as_city(changed)
    until = former.granted_until
    Decision.objects.filter(pk=new.pk).update(ends_on=until + timedelta(days=30))
    new.refresh_from_db()
    day = until + timedelta(days=days)
    answer = correct(changed.client, new, starts_on=day.isoformat(), is_known="on")
    assert answer.status_code == ERROR
    told = str(answer.context["form"].errors["starts_on"])
    assert f"{both(former.starts_on)}〜{both(until)}" in told
    assert "更新の申請" in told
    answer = correct(changed.client, new, starts_on=until.isoformat(), is_known="on")
    assert answer.status_code == 302, answer.context["form"].errors
    again(former, new)
    assert (former.ends_on, next_of(former)) == (day_before(until), new)


def test_days_that_an_older_correction_left_between_the_two_leave_it_a_change(changed):  # noqa: F811
    former, new = as_city(changed)
    Decision.objects.filter(pk=former.pk).update(ends_on=former.ends_on - timedelta(days=2))
    again(former)
    assert (is_changed(former), next_of(former)) == (True, new)
    enter(changed.client, changed.officer)
    page = reverse("admin:decision_page", args=[former.public_id])
    told = changed.client.get(page).content.decode()
    assert reverse("admin:decision_page", args=[new.public_id]) in told
    assert reverse("admin:decision_cap", args=[former.public_id]) not in told
    # The days are filled by the end that belongs there.
    enter(changed.client, changed.cast.members["city"])
    closed = day_before(new.starts_on).isoformat()
    assert correct(changed.client, former, ends_on=closed).status_code == 302


def test_an_earlier_change_tells_of_the_paper_that_applied_from_its_first_day(changed):  # noqa: F811
    _former, new = as_city(changed)
    day = changed.day - timedelta(days=3)
    answer = correct(changed.client, new, starts_on=day.isoformat())
    told = answer.context["form"]["is_known"].help_text
    assert f"適用日 {both(changed.day)} が合わなくなります" in told


def test_what_differs_from_nothing_is_no_correction(changed):  # noqa: F811
    _former, new = as_city(changed)
    before = new.history.count()
    answer = correct(changed.client, new)
    assert answer.status_code == ERROR
    assert "いまの記録と同じです" in answer.content.decode()
    assert new.history.count() == before
    assert correct(changed.client, new, amount="月8日").status_code == 302
    data = {"amount": "月8日", "number": "2222222224", "is_known": "on"}
    assert correct(changed.client, new, **data).status_code == 302
    page = reverse("admin:city_decision", args=[new.public_id])
    told = changed.client.get(page).content.decode()
    assert "支給量 月10日 → 月8日" in told
    assert "（受給者証番号）" in told


def test_a_paper_is_corrected_to_something_else_only(changed):  # noqa: F811
    _former, new = as_city(changed)
    paper = new.certificates.get()
    url = reverse("admin:city_paper_correct", args=[new.public_id, paper.public_id])
    days = {"issued_on": paper.issued_on, "applies_on": paper.applies_on, "reason": "写し間違い"}
    answer = changed.client.post(url, days)
    assert answer.status_code == ERROR
    assert "いまの記録と同じです" in answer.content.decode()


def test_a_number_that_the_other_half_carries_too_is_told(changed):  # noqa: F811
    former, new = as_city(changed)
    right = "2222222223"
    answer = correct(changed.client, new, number=right)
    assert answer.status_code == ERROR
    told = answer.context["form"]["is_known"].help_text
    assert f"支給決定 {both(former.starts_on)}〜{both(former.ends_on)} の受給者証は" in told
    assert "1234567899" in told
    page = reverse("admin:city_decision", args=[new.public_id])
    assert changed.client.get(page).content.decode().count("1234567899") == 2
    assert correct(changed.client, new, number=right, is_known="on").status_code == 302
    page = changed.client.get(page).content.decode()
    assert (page.count(right), page.count("1234567899")) == (1, 1)
    # The other half follows without a question: nothing is left with the wrong one.
    assert correct(changed.client, former, number=right).status_code == 302
    assert not former.client.recipient_numbers.filter(number="1234567899").exists()
