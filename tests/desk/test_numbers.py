"""Every number on every home leads to a list with exactly that many."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.urls import reverse

from clients.models import Enrolment, StaffAssignment
from plans.models import ReportShare, SupportPlan
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_office, talk
from tests.lists.test_queries import add_people

COUNT = re.compile(r"(\d[\d,]*)\s*(?:人|件|か所|区)")


class Numbers(HTMLParser):
    """The text of the page's main part: of each link with its address, and of what is no link."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.links, self.plain = [], ""
        self.is_main, self.href = False, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.is_main = self.is_main or tag == "main"
        if tag == "a" and self.is_main:
            self.href = attrs.get("href")
            self.links.append([self.href, ""])

    def handle_endtag(self, tag):
        self.is_main = self.is_main and tag != "main"
        if tag == "a":
            self.href = None

    def handle_data(self, data):
        if not self.is_main:
            return
        if self.href is None:
            self.plain += data
        else:
            self.links[-1][1] += data

    def counted(self):
        """(address, text, number) of each link that tells one; the last number is the count."""
        for href, text in self.links:
            found = COUNT.findall(text) or re.findall(r"^\s*(\d+)\s*$", text)
            if found:
                yield href, " ".join(text.split()), int(found[-1].replace(",", ""))


def listed(client, url):
    """How many the page behind a number lists."""
    page = client.get(url.partition("#")[0])
    assert page.status_code == 200, url
    if "#resets" in url:
        return len(page.context["resets"])
    if "/close/" in url:  # the confirmation says how many
        return int(COUNT.search(page.context["submit"])[1])
    if "packaged" in page.context:
        return len(page.context["packaged"])
    if "is_unsure" in page.context:
        return sum(len(group["rows"]) for group in page.context["groups"])
    if "/claim/" in url:
        return len(page.context["found"].people) + len(page.context["left_out"])
    return page.context["page"].paginator.count


@pytest.fixture
def busy(cast):
    """Something of everything: late, worrying, unshared, ending, unpaid, people of several states."""
    add_people(cast, 3)
    make_office("1500000088", "管理者のいない事業所")
    on = cast.today
    own = Enrolment.objects.filter(office=cast.office, use_starts_on__lte=on).order_by("pk")
    first, second, third, fourth = own
    Enrolment.objects.filter(pk=first.pk).update(interview_due_on=on - timedelta(days=3))
    Enrolment.objects.filter(pk=second.pk).update(
        suggested_months=2, interview_due_on=on + timedelta(days=40), last_met_on=on
    )
    ReportShare.objects.filter(report__enrolment__in=[first, third]).delete()
    SupportPlan.objects.filter(enrolment=third).update(review_by=on - timedelta(days=5))
    SupportPlan.objects.filter(enrolment=fourth).update(review_by=on + timedelta(days=20))
    StaffAssignment.objects.filter(enrolment=fourth).delete()
    yesterday = on - timedelta(days=1)
    talk(second, cast.members["worker"], yesterday, way="phone", outcome="others", next_on=on)
    with connection.cursor() as cursor:  # an issued paper is frozen for everybody else
        cursor.execute("UPDATE billing_invoice SET due_on = %s", [on - timedelta(days=2)])
    Membership.objects.filter(pk=cast.members["other_officer"].pk).update(ends_on=on)
    return cast


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("who", "at_least"),
    [("worker", 7), ("manager", 20), ("head", 20), ("billing", 8), ("admin", 10)],
)
def test_every_number_leads_to_its_list(client, busy, who, at_least):
    enter(client, busy.members[who])
    page, home = Numbers(), client.get(reverse("home"), follow=True).content.decode()
    page.feed(home)
    for part in re.findall(r'data-part="([^"]+)"', home):
        shown = client.get(part, headers={"X-Part": "1"}).content.decode()
        page.feed(f"<main>{shown}</main>")
    found = list(page.counted())
    assert sum(1 for _url, _text, number in found if number) >= at_least / 2
    assert len(found) >= at_least, found
    for url, text, number in found:
        assert listed(client, url) == number, (text, url)
    left = [line.strip() for line in page.plain.splitlines() if COUNT.search(line)]
    # The standard of a full post is no count, mail that waits has no page, and who mends what holds
    # the people of the list is a part of it.
    assert [line for line in left if not re.search(r"常勤1人|送信待ち|直せる人", line)] == []


def test_a_missed_deadline_leads_to_who_is_left(client, busy):
    """On the billing home of whichever day: after the 10th, and with an earlier month still open."""
    from billing.queries.claim_calendar import claim_days
    from teikyaku.desk.queries.billing_desk import billing_desk

    member = Membership.objects.select_related("office").get(pk=busy.members["billing"].pk)
    enter(client, busy.members["billing"])
    first = Month.of(busy.today).first_day
    before = billing_desk(member, first.replace(day=10))
    assert (before.missed, before.days.calendar.month) == (None, Month.of(busy.today))
    after = billing_desk(member, first.replace(day=11))
    assert after.days.calendar.month == Month.of(busy.today) + 1
    assert after.missed.passed_on == first.replace(day=10)
    assert after.missed.next_claim.on == claim_days(first.replace(day=11)).next_claim.on
    assert after.missed.next_claim.on.day == 10
    unclaimed = after.unclaimed.count if after.unclaimed else 0
    assert sum(link.count for link in after.missed.links) == after.last.left + unclaimed > 0
    for link in after.missed.links:
        assert listed(client, link.url) == link.count
