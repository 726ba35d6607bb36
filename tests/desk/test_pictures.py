"""What is drawn says the same as the facts: the step line, the axis of what ends, the waiting bar."""

from datetime import date, timedelta
from types import SimpleNamespace

from django.template.loader import render_to_string

from plans.queries.expiry import Expiries
from plans.rules.pace import NextDue
from teikyaku.desk.queries.end_axis import AxisCell, AxisRow, EndAxis, end_axis
from teikyaku.desk.queries.pace_line import HEIGHTS, pace_line
from teikyaku.periods import Month

START, END, ON = date(2025, 1, 1), date(2027, 12, 31), date(2026, 1, 1)


def support(changes, contacts=(), due_on=None):
    due = NextDue(due_on, 1, 1, None, None)
    rows = [SimpleNamespace(held_on=day, outcome=outcome) for day, outcome in contacts]
    return SimpleNamespace(
        pace_changes=tuple(changes),
        contacts=tuple(rows),
        due=due,
        interview_dues=(),
    )


def test_the_line_steps_where_the_pace_changes():
    line = pace_line(support([(START, 1), (date(2025, 7, 1), 2)]), START, END, ON)
    flat, riser, upper = line.strokes
    assert (flat.y1, flat.y2) == (HEIGHTS[1], HEIGHTS[1])
    assert (riser.x1, riser.x2) == (flat.x2, flat.x2)
    assert (riser.y1, riser.y2) == (HEIGHTS[1], HEIGHTS[2])
    assert (upper.x1, upper.y1) == (riser.x1, HEIGHTS[2])
    assert line.today == upper.x2 == 33.4
    assert [words for _day, words in line.changes] == ["毎月", "2か月ごと"]


def test_contacts_stand_at_the_height_of_their_day():
    contacts = [(date(2025, 3, 1), "met"), (date(2025, 8, 1), "attempt"), (ON, "others")]
    line = pace_line(support([(START, 1), (date(2025, 7, 1), 3)], contacts), START, END, ON)
    assert [(dot.y, dot.kind) for dot in line.dots] == [
        (HEIGHTS[1], "met"), (HEIGHTS[3], "attempt"), (HEIGHTS[3], "other"),
    ]  # fmt: skip
    assert "会えた記録1件、会えなかった記録1件" in line.description


def test_the_line_reaches_the_next_due_date():
    due = ON + timedelta(days=60)
    line = pace_line(support([(START, 1)], due_on=due), START, END, ON)
    assert line.due is not None
    assert line.strokes[-1].x2 == line.due.x > line.today
    assert "次の期限" in line.description
    late = pace_line(support([(START, 1)], due_on=ON - timedelta(days=1)), START, END, ON)
    assert "過ぎています" in late.description


def test_a_window_that_is_over_ends_at_today():
    line = pace_line(support([(START, 1)]), START, date(2025, 6, 30), ON)
    assert line.today == 100


def test_the_axis_counts_what_the_list_shows(cast):
    axis = end_axis(cast.office, cast.today)
    assert len(axis.months) == 12
    assert sum(cell.count for row in axis.rows for cell in row.cells) > 0
    for row in axis.rows:
        for month, cell in zip(axis.months, row.cells, strict=True):
            kind = cell.url.split("kind=")[1].split("&")[0]
            found = Expiries(cast.office, cast.today, 12, kind, month)
            assert len(found[:100]) == cell.count, (kind, month)


def test_the_year_stands_where_another_begins():
    def row(**counts):
        months = Month.span(Month(2026, 11), Month(2027, 10))
        cells = [AxisCell(month, counts.get(f"m{month.month}", 0), "") for month in months]
        return AxisRow("x", tuple(cells))

    assert row(m11=1, m12=2).year_firsts == frozenset()
    assert row(m11=1, m2=1, m3=1).year_firsts == {Month(2027, 2)}
    assert row(m3=1, m5=1).year_firsts == {Month(2027, 3)}
    assert row().is_empty
    shown = render_to_string(
        "components/end_axis.html",
        {"axis": EndAxis((Month(2026, 11),), (row(m2=1), row()), 3, "/expiry/?late=1")},
    )
    assert "期限が過ぎた 3件" in shown
    assert "<small>2027年2月</small>" in shown
    assert shown.count('<th scope="row">') == 1


def test_what_has_passed_is_counted_apart(cast):
    on = cast.enrolment.client.decisions.get().ends_on + timedelta(days=5)
    axis = end_axis(cast.office, on)
    late = [row for row in Expiries(cast.office, on, 12)[:100] if row.is_late]
    assert axis.late == len(late) > 0
