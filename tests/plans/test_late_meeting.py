"""A contact recorded for a month that is over: its own day, what mends nothing, the way back to its list."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Enrolment, StaffAssignment
from plans.models import Interview, InterviewDraft
from plans.rules.late_meeting import why_too_late
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.accounts.way_back import WayBack, with_way_back
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member

PLACE = ("not-billable", "no_meeting", "")


@pytest.fixture
def month(cast):
    return Month.of(cast.today) - 1


@pytest.fixture
def url(cast, month):
    page = reverse("interview_new", args=[cast.enrolment.public_id])
    return with_way_back(page, WayBack(month, *PLACE))


def answers(cast, day, **changes):
    return {
        "outcome": "met", "way": "face", "held_on": day.isoformat(), "work_rating": "settled",
        "met_by": str(cast.members["worker"].public_id), "life_rating": "settled", **changes,
    }  # fmt: skip


def test_the_list_of_a_month_leads_to_its_own_day_and_back_to_itself(client, cast, month):
    Interview.objects.filter(enrolment=cast.enrolment).delete()
    enter(client, cast.members["manager"])
    listed = f"{reverse('month_page', args=[month])}?list=not-billable"
    page = client.get(listed)
    (row,) = page.context["people"]
    (mend,) = row.mends
    form = client.get(mend.url)
    text = form.content.decode()
    assert f"{month.label}の面談の日を入れてください" in text
    assert form.context["form"]["held_on"].value() is None
    assert "data-date" not in re.search(r'id="id_held_on".*?</div>', text, re.S)[0]
    assert form.context["way_back"]["url"] == listed
    day = month.first_day + timedelta(days=9)
    answer = client.post(mend.url, answers(cast, day))
    assert answer["Location"].partition("#")[0] == listed
    assert not client.get(listed).context["people"]


def test_a_day_without_its_year_is_one_of_the_month(client, cast, url, month):
    enter(client, cast.members["worker"])
    day = f"{month.month}/12"
    client.post(url, answers(cast, cast.today, held_on=day, way="phone"))
    assert Interview.objects.order_by("-pk").first().held_on == month.first_day.replace(day=12)


def test_a_meeting_of_another_month_is_told_to_mend_nothing(client, cast, url, month):
    enter(client, cast.members["worker"])
    answer = client.post(url, answers(cast, cast.today), follow=True)
    assert f"{month.label}は、面談がないままです" in answer.content.decode()


def test_the_running_month_and_a_form_of_its_own_propose_today(client, cast):
    enter(client, cast.members["worker"])
    page = reverse("interview_new", args=[cast.enrolment.public_id])
    for each in (page, with_way_back(page, Month.of(cast.today))):
        answer = client.get(each)
        assert answer.context["form"]["held_on"].value() == cast.today.isoformat()
        assert "面談の日を入れてください" not in answer.content.decode()


def test_who_worked_then_is_asked_for_and_proposed(client, cast, url, month):
    """A colleague who has left since can have met the person; who came since cannot."""
    manager = cast.members["manager"]
    worker = Membership.objects.filter(pk=cast.members["worker"].pk)
    worker.update(ends_on=month.last_day)
    Membership.objects.filter(pk=manager.pk).update(starts_on=(month + 1).first_day)
    enter(client, manager)
    form = client.get(url).context["form"]
    assert str(cast.members["worker"].public_id) in form.members
    assert str(manager.public_id) not in form.members
    assert form["met_by"].value() == str(cast.members["worker"].public_id)


def test_nobody_in_post_then_is_said_plainly(client, cast, url, month):
    Membership.objects.filter(office=cast.office).update(roles=["service_manager"])
    enter(client, cast.members["manager"])
    text = client.get(url).content.decode()
    assert f"{month.label}の面談は、もう記録できません" in text
    assert "就労定着支援員だった職員がいません" in text
    assert "まだ記録していない面談だけを書きます" not in text


def test_a_draft_keeps_the_month(client, cast, url, month):
    enter(client, cast.members["worker"])
    page = client.post(url, {"save_draft": "1", "notes": "途中"})["Location"]
    assert InterviewDraft.objects.count() == 1
    assert f"mend={WayBack(month, *PLACE)}" in page
    assert "draft=" in page
    assert "途中" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("starts", "last", "has_worker", "said"),
    [(0, None, True, ""), (30, None, True, ""), (31, None, True, "始まる前"), (-90, 0, True, ""),
     (-90, -1, True, "終わった後"), (-90, None, False, "就労定着支援員")],
)  # fmt: skip
def test_until_when_a_late_record_helps(starts, last, has_worker, said):
    month = Month(2026, 10)
    first = month.first_day
    why = why_too_late(
        month,
        starts_on=first + timedelta(days=starts),
        last_day=None if last is None else first + timedelta(days=last),
        has_worker=has_worker,
    )
    assert bool(why) is bool(said)
    assert said in why


def test_after_the_end_of_use_the_page_says_so(client, cast, month):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        ends_on=month.first_day - timedelta(days=1), end_reason="other"
    )
    enter(client, cast.members["worker"])
    page = reverse("interview_new", args=[cast.enrolment.public_id])
    text = client.get(with_way_back(page, month)).content.decode()
    assert "利用が終わった後の月です" in text


@pytest.mark.parametrize("name", ["cap_new", "certificate_transcribe", "contract_new"])
def test_papers_opened_from_a_month_say_which_one_and_propose_no_day(client, cast, name, month):
    """A proposed day of today would be outside the month that is to be mended."""
    enter(client, cast.members["manager"])
    page = reverse(name, args=[cast.enrolment.public_id])
    answer = client.get(with_way_back(page, month))
    assert f"{month.label}が入る期間を" in answer.content.decode()
    today = cast.today.isoformat()
    assert not [field.name for field in answer.context["form"] if str(field.value()) == today]
    assert f"{month.label}が入る期間を" not in client.get(page).content.decode()


def test_who_is_in_charge_is_proposed_to_somebody_else(client, cast, url):
    """The manager writes it up for the colleague who was there, not for the first of a list."""
    make_member("aaa", Role.SUPPORT_WORKER, office=cast.office)
    enter(client, cast.members["manager"])
    plain = reverse("interview_new", args=[cast.enrolment.public_id])
    for page in (url, plain):
        form = client.get(page).context["form"]
        assert form["met_by"].value() == str(cast.members["worker"].public_id)
    StaffAssignment.objects.all().delete()
    form = client.get(url).context["form"]
    assert (form["met_by"].value(), form.fields["met_by"].choices[0][0]) == ("", "")


def test_giving_up_leads_back_to_the_list(client, cast, url, month):
    enter(client, cast.members["manager"])
    listed = WayBack(month, *PLACE).url
    left = re.search(
        r'<a class="button button--plain" href="([^"]+)">やめて戻る', page_of(client, url)
    )
    assert html.unescape(left[1]) == listed
    plain = page_of(client, reverse("interview_new", args=[cast.enrolment.public_id]))
    person = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert f'<a class="button button--plain" href="{person}">やめて戻る' in plain


def page_of(client, url):
    return client.get(url).content.decode()


def test_a_draft_opened_from_elsewhere_goes_on_with_its_month(client, cast, url, month):
    enter(client, cast.members["worker"])
    place = f"mend={WayBack(month, *PLACE)}"
    # By the page's script as by the button.
    saved = html.unescape(re.search(r'data-draft-url="([^"]+)"', page_of(client, url))[1])
    assert saved.endswith(place)
    draft = client.post(saved, {"notes": "途中"}).json()["draft"]
    plain = reverse("interview_new", args=[cast.enrolment.public_id])
    answer = client.get(f"{plain}?draft={draft}")
    assert answer.status_code == 302
    assert answer["Location"].endswith(place)
    page = client.get(answer["Location"])
    assert page.context["late"].month == month
    assert "途中" in page.content.decode()
    # A month alone is nobody's writing.
    assert client.post(saved, {"notes": ""}).json() == {"emptied": False}


def test_the_device_forgets_the_text_that_was_stored(client, cast, url, month):
    enter(client, cast.members["worker"])
    day = month.first_day.replace(day=12)
    answer = client.post(url, answers(cast, day, way="phone", kept="0abc12345678xy"))
    assert answer["Location"] == f"{WayBack(month, *PLACE).url}#stored=0abc12345678xy"
