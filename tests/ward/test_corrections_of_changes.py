"""訂正 of a decision that was changed, or that changed another: the two stay beside each other."""

from datetime import timedelta

from django.urls import reverse

from plans.models import CapPeriod
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
        assert "支給決定のない日" not in told
        answer = correct(changed.client, new, starts_on=day.isoformat(), is_known="on")
        assert answer.status_code == 302, answer.context["form"].errors
        again(former, new)
        assert (former.ends_on, new.starts_on) == (day_before(day), day)
        assert (former.granted_until, is_changed(former), next_of(former)) == (until, True, new)
    assert former.history.first().history_change_reason == "写し間違い"
    assert CapPeriod.objects.get(client=former.client) == cap


def test_days_between_the_two_are_told_and_leave_it_a_change(changed):  # noqa: F811
    former, new = as_city(changed)
    until, shorter = former.granted_until, former.ends_on - timedelta(days=2)
    answer = correct(changed.client, former, ends_on=shorter.isoformat())
    assert answer.status_code == ERROR
    told = answer.context["form"]["is_known"].help_text
    assert f"{both(former.ends_on)}までは、支給決定のない日になります" in told
    assert (
        correct(changed.client, former, ends_on=shorter.isoformat(), is_known="on").status_code
        == 302
    )
    again(former)
    assert (former.ends_on, former.granted_until) == (shorter, until)
    assert (is_changed(former), next_of(former)) == (True, new)
    enter(changed.client, changed.officer)
    page = reverse("admin:decision_page", args=[former.public_id])
    told = changed.client.get(page).content.decode()
    assert reverse("admin:decision_page", args=[new.public_id]) in told
    assert reverse("admin:decision_cap", args=[former.public_id]) not in told


def test_an_end_over_the_next_one_is_refused_with_the_next_step(changed):  # noqa: F811
    former, new = as_city(changed)
    answer = correct(changed.client, former, ends_on=new.starts_on.isoformat(), is_known="on")
    assert "次の支給決定の開始日を訂正" in str(answer.context["form"].errors["ends_on"])
    first = former.starts_on.isoformat()
    answer = correct(changed.client, new, starts_on=first, is_known="on")
    assert "より後の日付" in str(answer.context["form"].errors["starts_on"])
