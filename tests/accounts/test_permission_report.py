"""権限の一覧: who may what in an office on a day; of no other place, and each look on the record."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.queries.permission_report import permission_report
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def keys(rows):
    return {row.membership.user.name.removeprefix("職員 ") for row in rows}


def report(cast, days=0):
    return permission_report(cast.office, cast.today + days * DAY, cast.today)


def test_it_names_the_members_of_the_day_and_of_this_office_alone(cast):
    assert keys(report(cast).holders) == {"worker", "manager", "head", "billing"}
    assert "gone" in keys(report(cast, -1).holders)
    assert keys(report(cast).ended) == {"gone"}
    assert not report(cast, 90).ended


def test_who_was_ended_by_hand_today_gets_in_no_more(cast):
    member = cast.members["billing"]
    type(member).objects.filter(pk=member.pk).update(
        ends_on=cast.today, ended_at=at_noon(cast.today)
    )
    assert "billing" not in keys(report(cast).holders)
    assert "billing" in keys(report(cast).ended)
    assert "billing" in keys(report(cast, -1).holders)


def test_what_ends_within_sixty_days(cast):
    for days in (60, 61):
        make_member(
            f"until{days}", Role.BILLING, office=cast.office, ends_on=cast.today + days * DAY
        )
    assert keys(report(cast).ending) == {"until60"}


def test_an_invitation_waits_and_says_who_gave_it(cast):
    member = make_member("new", Role.BILLING, office=cast.office)
    member.user.set_unusable_password()
    member.user.save()
    for verb, by in (("member_invited", "admin"), ("invitation_sent", "admin2")):
        audit(verb=verb, subject=member, by=cast.members[by], at=at_noon(cast.today))
    (row,) = report(cast).invited
    assert (row.membership, row.given_by) == (member, cast.user("admin").name)


def test_more_people_ask_no_more_questions(cast, django_assert_num_queries):
    for number in range(3):
        make_member(f"more{number}", Role.BILLING, office=cast.office)
    with django_assert_num_queries(3):
        report(cast)


def test_each_look_and_each_file_is_on_the_record(client, cast):
    enter(client, cast.members["head"])
    assert "職員 worker" in client.get(reverse("permissions")).content.decode()
    lines = AuditEvent.objects.filter(subject_id=cast.office.public_id, user=cast.user("head"))
    assert lines.filter(verb="read").count() == 1
    answer = client.get(reverse("permissions_xlsx"))
    assert lines.filter(verb="permissions_exported").count() == 1
    names = [row[0] for row in load_workbook(BytesIO(answer.content)).worksheets[0].values]
    assert "職員 worker" in names
    assert "職員 outsider" not in names


def test_a_day_that_cannot_be_read_is_said_at_its_field(client, cast):
    enter(client, cast.members["head"])
    page = client.get(reverse("permissions"), {"on": "きのうごろ"}).content.decode()
    assert "きのうごろ" in page
    assert "職員 worker" in page


def test_it_stands_in_the_menu_of_who_leads_alone(client, cast):
    def menu(who):
        enter(client, cast.members[who])
        return [item.url for item in client.get(reverse("home")).context["nav"]]

    assert reverse("permissions") in menu("head")
    assert reverse("permissions") not in menu("manager")
