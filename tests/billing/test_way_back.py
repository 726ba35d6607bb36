"""From a month to what holds somebody back, and to the month again: what is left is seen there."""

import pytest
from django.urls import reverse

from plans.models import ReportShare
from teikyaku.accounts.way_back import WayBack, with_way_back
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def month(cast):
    return Month.of(cast.today) - 1


@pytest.fixture
def month_url(month):
    return reverse("month_page", args=[month])


def test_addresses():
    month = Month(2026, 4)
    assert with_way_back("/a/", month) == "/a/?mend=2026-04"
    assert with_way_back("/a/?b=1#c", month) == "/a/?b=1&mend=2026-04#c"
    place = WayBack(month, "held", "no_cap", "2")
    assert with_way_back("/a/", place) == "/a/?mend=2026-04.held.no_cap.2"
    assert WayBack.parse(str(place)) == place
    assert WayBack.parse("2026-04") == WayBack(month)
    assert place.url == reverse("month_page", args=[month]) + "?list=held&reason=no_cap&page=2"
    for nonsense in ("2026-04.", "2026-13.held..", "2026-04.held/..", "2026-04.held.no_cap.x", ""):
        assert WayBack.parse(nonsense) is None


def unshared(cast):
    ReportShare.objects.filter(report__enrolment=cast.enrolment).delete()


def test_a_held_person_leads_there_and_back(cast, client, month, month_url):
    unshared(cast)
    enter(client, cast.members["manager"])
    page = client.get(month_url)
    (row,) = page.context["people"]
    (mend,) = row.mends
    assert [why.mend for why in row.whys] == [mend]
    assert mend.url.endswith(f"?mend={month}.held..")
    assert month_url in client.get(mend.url).context["way_back"]["url"]
    # On every page on the way, until the month is opened again, or the home.
    elsewhere = reverse("client_list")
    for end in (month_url, reverse("home")):
        client.get(mend.url)
        assert client.get(elsewhere).context["way_back"]["url"] == f"{month_url}?list=held"
        # The month itself is no way back to it.
        assert "請求に戻る" in client.get(elsewhere).content.decode()
        assert "請求に戻る" not in client.get(end).content.decode() or end != month_url
        assert client.get(elsewhere).context["way_back"] is None


@pytest.mark.parametrize("name", ["journal", "opening_invoices", "payment_reminders"])
def test_the_money_of_the_office_is_on_no_way_back(cast, client, month, month_url, name):
    unshared(cast)
    enter(client, cast.members["billing"])
    client.get(with_way_back(reverse("client_list"), month))
    assert client.get(reverse("client_list")).context["way_back"]["url"] == month_url
    assert client.get(reverse(name)).context["way_back"] is None
    assert client.get(reverse("client_list")).context["way_back"] is None
    # A link of the month that leads there leads back from there.
    assert client.get(with_way_back(reverse(name), month)).context["way_back"]["url"] == month_url


def test_what_is_kept_half_written_leads_on_to_itself(cast, client, month, month_url):
    enter(client, cast.members["worker"])
    url = with_way_back(reverse("interview_new", args=[cast.enrolment.public_id]), month)
    answer = client.post(url, {"save_draft": "1", "notes": "途中"})
    assert answer.status_code == 302
    assert answer["Location"] != month_url


def test_what_is_stored_comes_back_to_the_month(cast, client, month, month_url):
    enter(client, cast.members["billing"])
    url = with_way_back(reverse("journal_accounts"), month)
    # What is refused stays where it was typed.
    assert client.post(url, {"first_month": "x"}).status_code == 422
    answer = client.post(url, {"first_month": str(month), "cash": "手許現金"})
    assert answer["Location"] == month_url
    assert "保存しました" in client.get(month_url).content.decode()
    # Without the mark a form ends where it always ends.
    answer = client.post(reverse("journal_accounts"), {"first_month": str(month)})
    assert answer["Location"] != month_url


def test_only_a_month_is_taken_from_the_address(cast, client):
    enter(client, cast.members["billing"])
    for nonsense in ("https://example.org", "2026-13", "//x", ""):
        assert client.get(reverse("home"), {"mend": nonsense}).context["way_back"] is None


def test_who_may_not_read_the_month_is_not_led_there(cast, client, month):
    enter(client, cast.members["officer"])
    answer = client.get(reverse("home"), {"mend": str(month)}, follow=True)
    assert "請求に戻る" not in answer.content.decode()


def test_nobody_signed_in_gets_a_session(client, month):
    answer = client.get("/guide/", {"mend": str(month)})
    assert "sessionid" not in answer.cookies


def test_who_can_mend_nothing_is_told_so(cast, client, month_url):
    unshared(cast)
    enter(client, cast.members["billing"])
    assert "あなたが直せるものはありません" in client.get(month_url).content.decode()
    enter(client, cast.members["manager"])
    assert "あなたが直せるものはありません" not in client.get(month_url).content.decode()
