"""地域連携会議 of before the move: read as people write it, and never more than four a year with it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from billing.queries.additions import addition_facts
from billing.queries.person_additions import person_additions
from billing.queries.used_before import UsedBefore
from plans.actions.opening import correct_opening, record_opening
from plans.models import OpeningFacts
from plans.rules.network_before import NetworkBefore, NotRead, read_months, refusal
from teikyaku.accounts.models import OfficeStart
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.billing.test_additions import answer, entry, figure, hold, kinds, month  # noqa: F401

MAY, SEPTEMBER = Month(2026, 5), Month(2026, 9)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", NetworkBefore()),
        ("2回", NetworkBefore((), 2)),
        ("３", NetworkBefore((), 3)),
        ("2026-05", NetworkBefore(((MAY, ""),))),
        ("令和8年9月（Ⅱ）、2026年5月Ⅰ", NetworkBefore(((MAY, "Ⅰ"), (SEPTEMBER, "Ⅱ")))),
        ("2026/5(1), R8.9", None),
        ("たくさん", None),
    ],
)
def test_cells_as_people_write_them(text, found):
    if found is None:
        with pytest.raises(NotRead):
            read_months(text)
        return
    assert read_months(text) == found
    assert read_months(found.text).months == found.months


def test_what_cannot_be():
    here, limit = Month(2026, 11), 4
    assert not refusal(read_months("2026-05、2026-09"), here, here, limit)
    for text in (
        "2026-05、2026-05Ⅱ",
        "2026-11",
        "5回",
        "2026-04、2026-05、2026-06、2026-07、2026-08",
    ):
        assert refusal(read_months(text), here, here, limit), text
    # Four of one year and one of the year before.
    assert not refusal(
        read_months("2026-03、2026-04、2026-05、2026-06、2026-07"), here, here, limit
    )


def test_a_count_without_months_counts_in_the_year_of_the_move():
    used = UsedBefore(frozenset(), 2, (Month(2026, 4), Month(2026, 10)))
    assert used.unknown_in(Month(2026, 4), Month(2027, 3)) == 2
    assert used.unknown_in(Month(2027, 4), Month(2028, 3)) == 0
    assert used.unknown_in(Month(2025, 11), Month(2026, 10)) == 2
    assert used.unknown_in(Month(2026, 11), Month(2027, 10)) == 0


def told(cast, months="", count=0):
    """What was used before, of an office that bills here from the closed month on."""
    return record_opening(
        enrolment=cast.enrolment, network_months=months, network_count=count,
        by=cast.members["manager"], at=at_noon(cast.today),
    )  # fmt: skip


@pytest.fixture
def here(cast, month):  # noqa: F811
    """The office bills here from the month before the open one: earlier months were elsewhere."""
    OfficeStart.objects.create(
        office=cast.office, first_month=(month - 1).first_day,
        recorded_by=cast.members["head"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    figure(cast, "network.year", "12か月")
    hold(cast, month)
    return month


def test_four_of_before_leave_none(cast, here):
    assert kinds(cast, here) == ["base", "network_1"]
    months = [here - back for back in (3, 4, 5)]
    row = told(cast, "、".join(map(str, months)))
    assert kinds(cast, here) == ["base", "network_1"]
    correct_opening(
        opening=row, network_months="、".join(map(str, [*months, here - 2])), network_count=0,
        reason="もう1回あった", by=cast.members["manager"], at=at_noon(cast.today),
    )  # fmt: skip
    assert kinds(cast, here) == ["base"]
    (warning,) = entry(cast, here).warnings
    assert (here - 2).label in warning.text


def test_a_bare_count_and_what_is_used_here_come_together(cast, here):
    told(cast, count=4)
    year = addition_facts(cast.office, here, here, cast.today).network_year(
        cast.enrolment.client_id, here
    )
    assert (year.unknown, year.is_full) == (4, True)
    assert "移行前に4回" in entry(cast, here).warnings[0].text


def test_the_action_refuses_months_billed_here_at_their_field(cast, here):
    with pytest.raises(ValidationError) as error:
        told(cast, str(here))
    assert "network_months" in error.value.message_dict
    assert not OpeningFacts.objects.exists()


def test_the_page_counts_them_before_any_meeting_was_held_here(cast, month):  # noqa: F811
    OfficeStart.objects.create(
        office=cast.office, first_month=(month - 1).first_day,
        recorded_by=cast.members["head"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    figure(cast, "network.year", "12か月")
    told(cast, "、".join(str(month - back) for back in (2, 3)))
    found = person_additions(cast.enrolment, month.fiscal_year, cast.today)
    assert (found.network_year.count, found.left) == (2, 2)
