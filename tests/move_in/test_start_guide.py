"""始め方: the guide of an office that moves in, and what was known of each person before."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Enrolment
from plans.models import OpeningFacts
from teikyaku.accounts.actions.figure import override_figure
from teikyaku.accounts.models import OfficeStart
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.desk.queries.office_start import guide_on_home, office_guide
from teikyaku.desk.queries.start_asks import mark_of
from teikyaku.desk.queries.start_figures import OF_WARDS, open_figures
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member, make_office
from tests.sheets import person

BEGINS = "始め方を開く"


def home(client):
    return client.get(reverse("home")).content.decode()


@pytest.mark.django_db
def test_a_new_office_sees_it_until_it_is_put_away(client, cast):
    office = make_office("1500000009", "あたらしい")
    head = make_member("newhead", Role.OFFICE_MANAGER, office=office)
    enter(client, head)
    assert BEGINS in home(client)
    client.post(reverse("start_put_away"))
    assert BEGINS not in home(client)
    page = client.get(reverse("office_start")).content.decode()
    assert "ホームに戻す" in page
    client.post(reverse("start_put_away"), {"back": "1"})
    assert BEGINS in home(client)


@pytest.mark.django_db
def test_an_office_with_people_that_never_moved_in_is_not_asked(client, cast):
    for who in ("head", "worker", "billing"):
        assert guide_on_home(cast.members[who], cast.today) is None


@pytest.mark.django_db
def test_each_step_tells_how_it_stands(mover):
    mover.run(person(mover.on, 1), person(mover.on, 2, last_met_on="", pace_months=""))
    steps = {step.label: step for step in office_guide(mover.office, mover.on).steps}
    assert steps["ここで請求する最初の月"].state == Month.of(mover.on).label
    assert "所在地" in steps["事業所の情報"].state
    assert not steps["事業所の情報"].is_done
    assert steps["就労定着率の区分"].is_done
    assert steps["利用者の移行"].is_done
    assert "1人" in steps["移行時の事実"].state
    assert "移行　三郎2" in mover.client.get(reverse("office_start")).content.decode()


@pytest.mark.django_db
def test_the_last_meeting_is_told_by_hand_and_put_right(mover):
    mover.run(person(mover.on, 1, last_met_on="", pace_months=""))
    (row,) = mover.people()
    url = reverse("opening_edit", args=[row.public_id])
    month = Month.of(mover.on)
    day = (month - 1).first_day + timedelta(days=3)
    data = {"last_met_on": day.isoformat(), "pace_months": "2", "settled_meetings": "1"}
    assert mover.client.post(url, {**data, "last_met_on": ""}).status_code == 422
    assert mover.client.post(url, data).status_code == 302
    row = Enrolment.objects.get(pk=row.pk)
    assert (row.last_met_on, row.pace_months) == (day, 2)
    assert row.interview_due_on == (month + 1).last_day
    assert mover.client.post(url, {**data, "pace_months": "1"}).status_code == 422
    mover.client.post(url, {**data, "pace_months": "1", "reason": "書き間違い"})
    assert OpeningFacts.objects.get().pace_months == 1
    page = mover.client.get(reverse("client_page", args=[row.client.public_id])).content.decode()
    assert url in page


@pytest.mark.django_db
def test_whose_certificate_was_renewed_before_is_on_their_way_no_more(mover):
    renewed = (Month.of(mover.on) - 2).first_day
    granted = {"granted_from": renewed, "issued_on": renewed - timedelta(days=10)}
    used = {"use_from": (Month.of(mover.on) - 8).first_day}
    mover.run(person(mover.on, 1, **granted, **used))
    (row,) = mover.people()
    page = mover.client.get(reverse("client_page", args=[row.client.public_id])).content.decode()
    assert "すべて済んでいます" in page
    assert "の番です" not in page


def answer(mover, key):
    """The button of a step, as the page has it."""
    steps = office_guide(mover.office, mover.on).steps
    seen = next(step.seen for step in steps if step.key == key)
    assert f'value="{seen}"' in mover.client.get(reverse("office_start")).content.decode()
    mover.client.post(reverse("start_answer", args=[key]), {"seen": seen})


def steps_of(mover):
    return {step.label: step for step in office_guide(mover.office, mover.on).steps}


@pytest.mark.django_db
def test_who_has_no_plan_on_record_is_asked_about_with_what_it_costs(mover):
    empty = office_guide(make_office("1500000009", "あたらしい"), mover.on).steps
    waiting = {step.label for step in empty if not step.is_done}
    assert {"個別支援計画", "終わりの日", "移行前の請求", "移行時の事実"} <= waiting
    mover.run(person(mover.on, 1), person(mover.on, 2, plan_made_on=""))
    step = steps_of(mover)["個別支援計画"]
    assert (step.is_done, "1人" in step.state, "×0.7" in step.state) == (False, True, True)
    answer(mover, "plans")
    assert steps_of(mover)["個別支援計画"].is_done
    # Whoever comes later was not meant by it.
    mover.run(person(mover.on, 3, plan_made_on=""))
    assert not steps_of(mover)["個別支援計画"].is_done
    answer(mover, "plans")
    mover.client.post(reverse("start_answer", args=["plans"]), {"again": "1"})
    assert not steps_of(mover)["個別支援計画"].is_done


@pytest.mark.django_db
def test_an_answer_holds_for_the_people_who_were_shown(mover):
    mover.run(person(mover.on, 1, plan_made_on=""))
    seen = steps_of(mover)["個別支援計画"].seen
    mover.run(person(mover.on, 2, plan_made_on=""))
    page = mover.client.post(reverse("start_answer", args=["plans"]), {"seen": seen}, follow=True)
    assert "確かめる人が変わりました" in page.content.decode()
    assert not steps_of(mover)["個別支援計画"].is_done
    answer(mover, "plans")
    assert steps_of(mover)["個別支援計画"].is_done
    # One of them gets a plan, somebody else comes: as many as before, and other people.
    mover.run(person(mover.on, 2))
    assert steps_of(mover)["個別支援計画"].is_done
    mover.run(person(mover.on, 3, plan_made_on=""))
    assert not steps_of(mover)["個別支援計画"].is_done


@pytest.mark.django_db
def test_a_bare_count_of_before_is_asked_again(mover):
    mover.run(person(mover.on, 1, plan_made_on=""))
    OfficeStart.objects.filter(office=mover.office).update(answered={"plans": 5})
    assert not steps_of(mover)["個別支援計画"].is_done


@pytest.mark.django_db
def test_a_leaving_without_its_day_and_a_right_that_was_over_are_asked_about(mover):
    mover.run(person(mover.on, 1))
    assert steps_of(mover)["終わりの日"].is_done
    month = Month.of(mover.on)
    gone = person(mover.on, 2, ended_on=(month - 2).last_day, end_reason="離職",
                  last_met_on=(month - 3).first_day, plan_made_on="")  # fmt: skip
    over = (month - 9).first_day
    mover.run(gone, person(
        mover.on, 3, granted_from=over, granted_until=(month - 3).last_day, signed_on=over,
        use_from=over, issued_on="",
    ))  # fmt: skip
    step = steps_of(mover)["終わりの日"]
    assert (step.is_done, "2人" in step.state) == (False, True)
    page = mover.client.get(reverse("office_start")).content.decode()
    assert "離職日がありません" in page
    assert "最初の月より前に終わっています" in page
    answer(mover, "ends")
    assert steps_of(mover)["終わりの日"].is_done


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "label"), [("invoices", "移行前の請求"), ("claims", "移行前の国保連への請求")]
)
def test_that_nothing_was_open_before_is_said_by_somebody(mover, key, label):
    mover.run(person(mover.on, 1))
    assert not steps_of(mover)[label].is_done
    mover.client.post(reverse("start_answer", args=[key]))
    step = steps_of(mover)[label]
    assert (step.is_done, "ない、と答えています" in step.state) == (True, True)
    assert mover.client.post(reverse("start_answer", args=["nonsense"])).status_code == 404


@pytest.mark.django_db
def test_figures_wait_until_the_administrator_was_asked_for_each(mover, cast):
    mover.run(person(mover.on, 1))
    step = steps_of(mover)["制度の数値"]
    rows = open_figures(mover.on)
    assert (step.is_done, f"未確認のものが{len(rows)}" in step.state) == (False, True)
    page = mover.client.get(reverse("office_start")).content.decode()
    assert [row.label for row in rows if row.label not in page] == []
    assert "システム管理者" in page
    assert not {row.key for row in rows} & OF_WARDS
    answer(mover, "figures")
    step = steps_of(mover)["制度の数値"]
    assert (step.is_done, "頼んでいます" in step.state) == (True, True)
    # One that came to the list since is asked about, and an old list is not answered for.
    row = OfficeStart.objects.get(office=mover.office)
    assert row.answered["figures"] == sorted(each.key for each in rows)
    row.answered["figures"].pop()
    row.save()
    assert not steps_of(mover)["制度の数値"].is_done
    url = reverse("start_answer", args=["figures"])
    said = mover.client.post(url, {"seen": mark_of(["network.year"])}, follow=True)
    assert "確かめる数値が変わりました" in said.content.decode()


@pytest.mark.django_db
def test_figures_that_the_administrator_confirmed_are_asked_about_no_more(mover, cast):
    for row in open_figures(mover.on):
        override_figure(
            key=row.key, value=str(row.value), first_month=Month.of(mover.on).first_day,
            last_month=None, source="市に確認", by=cast.members["admin"], at=at_noon(mover.on),
        )  # fmt: skip
    step = steps_of(mover)["制度の数値"]
    assert (step.is_done, step.ask, step.url) == (True, "", "")
    page = mover.client.get(reverse("office_start")).content.decode()
    assert "未確認の制度の数値" not in page
