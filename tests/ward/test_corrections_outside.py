"""訂正 of a decision's days: the papers and caps that are left outside are told before it is stored."""

from datetime import timedelta

from plans.models import CapPeriod
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.ward.test_corrections import correct


def test_papers_and_caps_left_outside_are_told_and_asked_about(counter):
    decision = counter.granted().decision
    CapPeriod.objects.filter(client=decision.client).update(
        last_month=(Month.of(counter.on) + 7).first_day
    )
    enter(counter.client, counter.cast.members["city"])
    later = (Month.of(counter.on) + 2).first_day
    days = {"starts_on": later.isoformat(), "ends_on": (later + timedelta(days=58)).isoformat()}
    answer = correct(counter.client, decision, **days)
    form = answer.context["form"]
    assert list(form.errors) == ["is_known"]
    told = form["is_known"].help_text
    for words in ("受給者証（新規）", "負担上限月額 9,300円", "続けて訂正"):
        assert words in told
    decision.refresh_from_db()
    assert decision.starts_on == counter.on
    assert correct(counter.client, decision, **days, is_known="on").status_code == 302
    decision.refresh_from_db()
    assert decision.starts_on == later


def test_a_month_that_gets_no_cap_by_it_is_told(counter):
    decision = counter.granted(employed_days_ago=400).decision
    enter(counter.client, counter.cast.members["city"])
    earlier = (Month.of(counter.on) - 2).first_day
    answer = correct(
        counter.client, decision, starts_on=earlier.isoformat(),
        ends_on=(earlier + timedelta(days=90)).isoformat(),
    )  # fmt: skip
    assert f"{Month.of(earlier).label}の上限額がありません" in answer.content.decode()


def test_what_stays_inside_is_not_asked_about(counter):
    decision = counter.granted().decision
    enter(counter.client, counter.cast.members["city"])
    shorter = decision.ends_on - timedelta(days=20)
    assert correct(counter.client, decision, ends_on=shorter.isoformat()).status_code == 302


def test_a_changed_decision_keeps_what_was_granted(counter):
    decision = counter.granted().decision
    first_end, cut = decision.ends_on, decision.ends_on - timedelta(days=40)
    decision.ends_on = cut
    decision.save()
    enter(counter.client, counter.cast.members["city"])
    assert correct(counter.client, decision, amount="月3日").status_code == 302
    decision.refresh_from_db()
    assert (decision.ends_on, decision.granted_until, decision.amount) == (cut, first_end, "月3日")
