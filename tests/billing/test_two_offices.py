"""One base fee per person and month, also when two offices served it (docs/rules.md §7)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.month import close_month
from billing.models import PersonMonth
from billing.queries import month as months
from billing.queries.month import month_board
from clients.actions.client import open_enrolment
from plans.rules.month import MonthState
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet, report, start_use


@pytest.fixture
def month(cast):
    """Last month: served by both offices, closed by none."""
    month = Month.of(cast.today) - 1
    out, first = cast.members["outsider"], cast.enrolment.use_starts_on
    again = open_enrolment(
        client=cast.enrolment.client, office=cast.other_office, starts_on=first, by=out,
        at=at_noon(first),
    )  # fmt: skip
    start_use(again, out, out, first)
    day = month.first_day.replace(day=12)
    meet(again, out, day)
    report(again, out, day)
    return month


def entry(office, month, cast):
    board = month_board(office, month, cast.today)
    return next(e for e in board.entries if e.support.client_id == cast.enrolment.client_id)


def close(cast, office, key, month):
    return close_month(office=office, month=month, by=cast.members[key], at=at_noon(cast.today))


def test_both_are_warned_without_a_name(client, cast, month):
    for office, key, other in (
        (cast.office, "billing", cast.other_office),
        (cast.other_office, "outsider", cast.office),
    ):
        found = entry(office, month, cast)
        assert found.state == MonthState.READY
        assert [reason.code for reason in found.warnings] == ["served_elsewhere"]
        enter(client, cast.members[key])
        page = client.get(reverse("month_page", args=[month])).content.decode()
        assert "ほかの事業所も契約しています" in page
        assert other.name not in page


def test_a_month_with_one_office_warns_nobody(cast):
    assert entry(cast.office, Month.of(cast.today) - 1, cast).warnings == ()


def test_who_closes_first_has_the_fee_and_the_other_is_held(client, cast, month):
    close(cast, cast.office, "billing", month)
    found = entry(cast.other_office, month, cast)
    assert found.state == MonthState.HELD
    assert [reason.code for reason in found.reasons] == ["claimed_elsewhere"]
    assert found.warnings == ()
    close(cast, cast.other_office, "outsider", month)  # their other people are not kept waiting
    rows = PersonMonth.objects.filter(client=cast.enrolment.client, month=month.first_day)
    assert rows.get().closing.office == cast.office


def test_the_database_refuses_a_second_fee(cast, month, monkeypatch):
    # Both boards were drawn before either closed.
    monkeypatch.setattr(months, "people_months", lambda *span: {})
    close(cast, cast.office, "billing", month)
    with pytest.raises(ValidationError, match="別に締められました"):
        close(cast, cast.other_office, "outsider", month)
