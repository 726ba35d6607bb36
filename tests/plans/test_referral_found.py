"""つなぎ found again: who acts on it, from the home, the list and the person's page."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clients.actions import referral as plain
from clients.models import Referral, StaffAssignment
from plans.queries.referral import ReferralAsk
from teikyaku.clock import at_noon
from teikyaku.periods import months_later
from tests.accounts.test_coming_and_going import enter
from tests.plans.test_referrals import led, service, take_in


@pytest.fixture
def who(cast):
    return {"by": cast.members["worker"], "at": at_noon(cast.today)}


@pytest.fixture
def hired(cast):
    """Eight months ago: the six months are complete."""
    return months_later(cast.today, -8)


def found_again(cast, who, hired, **names):
    row = take_in(cast, who, hired, [service(hired)], **names)
    led(row, who, cast.today - timedelta(days=90))
    return row


def test_the_home_counts_the_office_apart_from_ones_own(client, cast, who, hired):
    found_again(cast, who, hired)
    enter(client, cast.members["worker"])
    answer = client.get(reverse("home"))
    desk, page = answer.context["worker"], answer.content.decode()
    label = str(ReferralAsk.ELIGIBLE.label)
    assert label not in [item.label for item in desk.counts.every]
    assert [(item.label, item.count) for item in desk.found_again.some] == [(label, 1)]
    assert page.index('id="office-wide"') < page.index(label)


def test_the_list_says_who_is_in_charge(client, cast, who, hired):
    row = found_again(cast, who, hired)
    enter(client, cast.members["manager"])
    url = reverse("referral_list")
    assert "未定" in client.get(url).content.decode()
    worker = cast.members["worker"]
    StaffAssignment.objects.create(
        enrolment=row, staff=worker, starts_on=cast.today, recorded_by=worker,
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    (shown, _url), *others = client.get(url).context["rows"]
    assert (shown.staff, others) == (worker.user.name, [])
    sheet = client.get(reverse("referrals_xlsx"))
    head, line = list(load_workbook(BytesIO(sheet.content)).active.values)[:2]
    assert dict(zip(head, line, strict=True))["担当"] == worker.user.name


def test_the_list_opens_on_whom_to_speak_to(client, cast, who, hired):
    led(take_in(cast, who, hired, name="待つ 人"), who, cast.today)
    enter(client, cast.members["worker"])
    url = reverse("referral_list")
    assert client.get(url).context["ask"] is ReferralAsk.ALL
    found_again(cast, who, hired)
    found = client.get(url)
    assert found.context["ask"] is ReferralAsk.ELIGIBLE
    assert len(found.context["rows"]) == 1
    for typed in ({"ask": "all"}, {"q": "人"}):
        assert client.get(url, typed).context["ask"] is ReferralAsk.ALL


def test_the_persons_page_says_it(client, cast, who, hired):
    row = found_again(cast, who, hired)
    page = reverse("client_page", args=[row.client.public_id])
    follow = reverse("referral_follow", args=[Referral.objects.get().public_id])
    words = "いまは就労定着支援を使えるかもしれません。もう一度声をかける"
    enter(client, cast.members["worker"])
    text = client.get(page).content.decode()
    assert words in text
    assert f'href="{follow}"' in text
    client.logout()
    enter(client, cast.members["billing"])
    text = client.get(page).content.decode()
    assert words in text
    assert f'href="{follow}"' not in text
    plain.follow_referral(
        referral=Referral.objects.get(), follow_up="applies", on=cast.today, note="", **who
    )
    assert words not in client.get(page).content.decode()
