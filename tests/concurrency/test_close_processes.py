"""A month closed by several processes: the rows of one, and a process that dies harms no other's offices."""

import os
import signal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.actions import close_run
from billing.actions.close_run import close_months
from billing.models import MonthClosing, PersonMonth, PersonMonthLine
from billing.queries.verify import broken_closings
from teikyaku.accounts.models import AuditEvent, Membership
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon, today
from teikyaku.periods import Month
from tests.billing.corrections import serve_too
from tests.cast import cast_of, make_member, ready_person
from tests.chaos.killing import forked, was_killed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

KEYS = ("id", "public_id", "closing_id", "person_month_id", "closed_at")


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch):
    """Two offices are a large run here, and each is a piece of its own."""
    monkeypatch.setattr(close_run, "OFFICES_A_PROCESS", 1)
    monkeypatch.setattr(close_run, "OFFICES_AT_A_TIME", 1)


@pytest.fixture
def town():
    return cast_of(today())


@pytest.fixture
def month(town):
    return Month.of(town.today) - 1


def run(town, month, processes=2):
    by = [town.members["billing"], town.members["outsider"]]
    found = close_months(month=month, by=by, at=at_noon(town.today), processes=processes)
    return sorted(found, key=lambda each: each.by.office_id)


def told(runs):
    return [(each.closed, each.left, each.problem) for each in runs]


def frozen(month):
    """All that was frozen of the month, but for keys that differ each time."""
    people = PersonMonth.objects.filter(month=month.first_day).order_by("client", "enrolment")
    lines = PersonMonthLine.objects.filter(person_month__in=people)
    lines = lines.order_by("person_month__client", "position")
    closings = MonthClosing.objects.filter(month=month.first_day).order_by("office")
    return [
        {name: value for name, value in row.items() if name not in KEYS}
        for rows in (people, lines, closings)
        for row in rows.values()
    ]


def open_again(month):
    closings = MonthClosing.objects.filter(month=month.first_day)
    people = PersonMonth.objects.filter(closing__in=closings.values("pk"))
    PersonMonthLine.objects.filter(person_month__in=people.values("pk"))._raw_delete("default")
    people._raw_delete("default")
    AuditEvent.objects.filter(verb="month_closed")._raw_delete("default")
    closings._raw_delete("default")


def test_several_processes_freeze_what_one_does(town, month):
    ready_person(
        town, town.office, town.members["worker"], town.members["manager"], "1234567892",
        name="つぎ 花", kana="つぎ はな",
    )  # fmt: skip
    alone = told(run(town, month, processes=1))
    rows = frozen(month)
    assert len(rows) >= 8
    open_again(month)
    runs = run(town, month)
    assert told(runs) == alone == [(2, 0, ""), (1, 0, "")]
    assert frozen(month) == rows
    stored = MonthClosing.objects.filter(month=month.first_day).order_by("office")
    assert [each.closing.digest for each in runs] == [each.digest for each in stored]
    assert [each.closing for each in runs] == list(stored)
    assert AuditEvent.objects.filter(verb="month_closed").count() == 2
    assert list(broken_closings()) == []
    assert told(run(town, month)) == [(0, 0, ""), (0, 0, "")]  # safe to run twice


def test_whom_two_offices_served_is_closed_at_the_first_whoever_is_quicker(town):
    month = Month.of(town.person_month.month) + 1
    serve_too(town, month)
    assert told(run(town, month)) == [(1, 0, ""), (1, 1, "")]
    row = PersonMonth.objects.get(client=town.enrolment.client_id, month=month.first_day)
    assert row.closing.office == town.office


def dying(monkeypatch, office, *, after):
    """The process dies that closes this office: before it writes, or `after` its commit."""
    close = close_run.close_boards

    def die(boards, *, at):
        concerned = any(each.office == office for each in boards)
        if concerned and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        found = close(boards, at=at)
        if concerned:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    monkeypatch.setattr(close_run, "close_boards", die)


def test_offices_of_a_process_that_died_stay_open_and_are_told(town, month, monkeypatch):
    with monkeypatch.context() as dead:
        dying(dead, town.office, after=False)
        lost, closed = run(town, month)
    assert (lost.closed, lost.left, lost.closing) == (0, 1, None)
    assert "途中で止まりました" in lost.problem
    assert (closed.closed, closed.problem) == (1, "")
    assert list(broken_closings()) == []
    assert told(run(town, month)) == [(1, 0, ""), (0, 0, "")]


def test_an_office_that_breaks_off_leaves_those_beside_it_to_be_closed(
    town, month, monkeypatch, capfd
):
    monkeypatch.setattr(close_run, "OFFICES_AT_A_TIME", 2)  # both are one piece
    boards_of = close_run.boards_of

    def poison(offices, *given, **facts):
        if town.office in offices:
            raise ArithmeticError("poison")
        return boards_of(offices, *given, **facts)

    with monkeypatch.context() as wrong:
        wrong.setattr(close_run, "boards_of", poison)
        lost, closed = run(town, month)
    assert (lost.closed, lost.left, lost.closing) == (0, 1, None)
    assert "途中で止まりました" in lost.problem
    assert (closed.closed, closed.problem) == (1, "")
    assert "ArithmeticError: poison" in capfd.readouterr().err
    assert told(run(town, month)) == [(1, 0, ""), (0, 0, "")]


def test_what_a_process_had_closed_before_it_died_is_told_as_closed(town, month, monkeypatch):
    dying(monkeypatch, town.office, after=True)
    runs = run(town, month)
    assert told(runs) == [(1, 0, ""), (1, 0, "")]
    assert runs[0].closing == MonthClosing.objects.get(office=town.office, month=month.first_day)


def test_the_command_fails_where_a_process_died(town, month, monkeypatch):
    member = make_member("owner", Role.BILLING, office=town.office)
    Membership.objects.create(
        user=member.user, office=town.other_office, roles=[Role.OFFICE_MANAGER.value],
        starts_on=member.starts_on,
    )  # fmt: skip
    dying(monkeypatch, town.other_office, after=False)
    asked, out = ["--month", str(month), "--by", member.user.email, "--processes", "2"], StringIO()
    with pytest.raises(CommandError, match="1か所を締められませんでした"):
        call_command("close_months", *asked, stdout=out)
    lines = sorted(out.getvalue().splitlines()[:2], key=lambda line: line.split()[1])
    assert lines[0].endswith("1500000001 1人を締めました")
    assert "1500000002 締められません: 締めている途中で止まりました" in lines[1]


def test_two_runs_at_once_close_everybody_once(town, month):
    first, second = (forked(lambda: run(town, month)) for _each in range(2))
    assert not was_killed(first)
    assert not was_killed(second)
    assert MonthClosing.objects.filter(month=month.first_day).count() == 2
    assert PersonMonth.objects.filter(month=month.first_day).count() == 2
    assert list(broken_closings()) == []


def test_a_run_that_is_killed_leaves_nothing_half(town, month):
    child = forked(lambda: run(town, month))
    os.kill(child, signal.SIGKILL)
    was_killed(child)
    for _each in range(50):  # its processes end what they are at
        run(town, month)
        if PersonMonth.objects.filter(month=month.first_day).count() == 2:
            break
    assert MonthClosing.objects.filter(month=month.first_day).count() == 2
    assert list(broken_closings()) == []


@pytest.mark.parametrize(
    ("processes", "offices", "worth"), [(8, 1, 0), (8, 3, 1), (2, 9, 2), (8, 5, 2), (1, 9, 1)]
)
def test_a_process_of_its_own_is_for_many_offices(monkeypatch, processes, offices, worth):
    monkeypatch.setattr(close_run, "OFFICES_A_PROCESS", 2)
    assert close_run._worth(processes, offices) == worth
