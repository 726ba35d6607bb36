"""A change of roles from a day that has passed: money, due dates, lists and pages say the same (docs/rules.md §6)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.queries.month import month_board
from billing.queries.service_records import record_sheets
from clients.models import Enrolment
from clients.queries.dossier import client_dossier
from plans.actions.in_post import change_roles
from plans.models import ReportShare
from plans.queries.caseload import Ask, ask_q
from plans.queries.dossier import support_dossier
from plans.queries.pace import due_by, next_due_of
from plans.queries.report import unshared_months
from teikyaku.accounts.models import Membership
from teikyaku.clock import at_noon
from teikyaku.desk.queries.month_strip import month_lines
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def month(cast):
    """Last month: one meeting on the 10th."""
    return Month.of(cast.today) - 1


def became(cast, month, day, *roles):
    """The worker's roles from a day of the month on, as heard of today."""
    change_roles(
        membership=Membership.objects.get(pk=cast.members["worker"].pk), roles=roles,
        starts_on=month.first_day.replace(day=day), by=cast.members["admin"],
        at=at_noon(cast.today),
    )  # fmt: skip


def everywhere(cast, month) -> dict[str, bool]:
    """Whether the meeting of the month counts, as each page and list has it."""
    on, row = cast.today, Enrolment.objects.get(pk=cast.enrolment.pk)
    board = month_board(cast.office, month, on)
    money = next(each for each in board.entries if each.support.enrolment_id == row.pk)
    dossier = support_dossier(client_dossier(row, on))
    strip = next(each for each in month_lines(dossier, (), None) if each.month == month)
    sheets = {sheet.enrolment_id: sheet for sheet in record_sheets(cast.office, month, on)}
    ReportShare.objects.filter(report__month=month.first_day).delete()
    lists = Enrolment.objects.filter(ask_q(Ask.REPORT, on))
    return {
        "money": bool(money.support.facts.qualifying_meetings),
        "stored": _is_of(row.last_met_on, month),
        "rule": _is_of(next_due_of(row).last_met_on, month),
        "dossier": _is_of(due_by(row, dossier.history, dossier.settings).last_met_on, month),
        "strip": bool(strip.met_on),
        "sheet": row.pk in sheets,
        "list": row in lists,
        "mail": month in unshared_months([row.pk], on).get(row.pk, ()),
    }


def _is_of(day: date | None, month: Month) -> bool:
    return day is not None and month.contains(day)


def test_it_counts_everywhere_while_they_were_in_post(cast, month):
    assert set(everywhere(cast, month).values()) == {True}


def test_another_role_from_before_the_meeting_takes_it_everywhere(cast, month):
    due_on = cast.enrolment.interview_due_on
    became(cast, month, 9, "billing")
    assert set(everywhere(cast, month).values()) == {False}
    row = Enrolment.objects.get(pk=cast.enrolment.pk)
    assert row.interview_due_on < due_on
    assert next_due_of(row).due_on == row.interview_due_on


def test_another_role_from_the_day_after_takes_it_nowhere(cast, month):
    became(cast, month, 11, "billing")
    assert set(everywhere(cast, month).values()) == {True}


def test_it_comes_back_with_the_role(cast, month):
    became(cast, month, 9, "billing")
    again = Membership.objects.get(user=cast.user("worker"), ends_on=None)
    change_roles(
        membership=again, roles=["support_worker", "billing"],
        starts_on=month.first_day.replace(day=10), by=cast.members["admin"], at=at_noon(cast.today),
    )  # fmt: skip
    assert set(everywhere(cast, month).values()) == {True}


def test_a_change_on_the_wrong_day_is_put_right_from_that_same_day(cast, month):
    became(cast, month, 10, "billing")
    assert set(everywhere(cast, month).values()) == {False}
    again = Membership.objects.get(user=cast.user("worker"), ends_on=None)
    with pytest.raises(ValidationError, match="始まった日"):
        back(cast, again, month.first_day.replace(day=9), "support_worker")
    back(cast, again, month.first_day.replace(day=10), "support_worker")
    assert set(everywhere(cast, month).values()) == {True}
    assert Membership.objects.filter(user=cast.user("worker")).count() == 2
    assert [row.roles for row in again.history.order_by("history_id")] == [
        ["billing"], ["support_worker"],
    ]  # fmt: skip


def back(cast, membership, day, *roles):
    change_roles(
        membership=membership, roles=roles, starts_on=day, by=cast.members["admin"],
        at=at_noon(cast.today),
    )  # fmt: skip


def test_the_page_moves_the_due_dates_too(client, cast, month):
    enter(client, cast.members["admin"])
    url = reverse("membership_roles", args=[cast.members["worker"].public_id])
    day = month.first_day.replace(day=5).isoformat()
    assert client.post(url, {"roles": ["billing"], "starts_on": day}).status_code == 302
    assert set(everywhere(cast, month).values()) == {False}


def test_the_message_after_recording_asks_the_day_of_the_meeting(client, cast, month):
    became(cast, month, 20, "billing")
    worker = Membership.objects.get(user=cast.user("worker"), ends_on=None)
    enter(client, cast.members["manager"])
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    sent = {
        "way": "face", "outcome": "met", "met_by": str(worker.public_id),
        "work_rating": "settled", "life_rating": "settled", "notes": "元気",
    }  # fmt: skip
    told = "その日は就労定着支援員ではないので"
    for day, is_told in ((21, True), (19, False)):
        held_on = month.first_day.replace(day=day).isoformat()
        page = client.post(url, {**sent, "held_on": held_on}, follow=True).content.decode()
        assert (told in page) is is_told, day
