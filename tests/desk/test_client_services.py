"""3つの支援をくらべる: the guidance's table with one person's facts, as the office knows them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.actions.other_support import record_support
from clients.models import Organisation
from plans.actions.referral import refer
from teikyaku.clock import at_noon
from teikyaku.era import both
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_centre


@pytest.fixture
def who(cast):
    return {"by": cast.members["worker"], "at": at_noon(cast.today)}


def page(client, cast, key="worker"):
    client.logout()
    enter(client, cast.members[key])
    url = reverse("client_services", args=[cast.enrolment.client.public_id])
    return client.get(url).content.decode()


def own(text):
    return text.rpartition("この方は")[2].partition("</tr>")[0]


def test_every_line_of_the_guidance_and_the_office_used_before(client, cast):
    text = page(client, cast, "billing")
    for line in ("使える人", "いつから", "期間", "お金", "始めるには", "聞くところ"):
        assert f">{line}</th>" in text
    assert "就職の前に利用していた事業所（前の事業所）に相談してください" in text
    assert "9,300円" in own(text)
    assert "使えます" in own(text)


def test_what_the_person_has_already(client, cast, who):
    start = cast.today - timedelta(days=40)
    coach = Organisation.objects.create(kind="job_coach", name="架空職業センター")
    about = {"client": cast.enrolment.client, "starts_on": start, **who}
    refer(client=cast.enrolment.client, centre="life_up", referred_on=start, **who)
    assert "返事待ち" in own(page(client, cast))
    record_support(kind="centre", organisation=make_centre(), **about)
    record_support(kind="job_coach", organisation=coach, **about)
    text = own(page(client, cast))
    assert "架空センター" in text
    assert "架空職業センター" in text
    assert "集中支援" in text


def test_the_phase_of_today_has_its_own_first_day(client, cast, who):
    begun, moved = cast.today - timedelta(days=60), cast.today - timedelta(days=10)
    record_support(
        client=cast.enrolment.client, kind="job_coach", starts_on=begun, transition_on=moved,
        organisation=Organisation.objects.create(kind="job_coach", name="架空職業センター"), **who,
    )  # fmt: skip
    text = own(page(client, cast))
    assert f"{both(begun)}から、いまは移行支援：{both(moved)}から" in text


def test_what_another_office_wrote_is_not_told(client, cast):
    who = {"by": cast.members["outsider"], "at": at_noon(cast.today)}
    record_support(
        client=cast.enrolment.client, kind="centre", organisation=make_centre(),
        starts_on=cast.today, **who,
    )  # fmt: skip
    assert "架空センター" not in own(page(client, cast))
