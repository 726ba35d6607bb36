"""One run over many offices closes what each office's own close would, row by row."""

from __future__ import annotations

import random
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from billing.actions import close_run
from billing.actions.close_run import close_months
from billing.actions.month import close_month, line_values, row_values
from billing.actions.office import notify_item
from billing.models import CityAnswer, MonthClosing, PersonMonth, PersonMonthLine
from billing.queries.month import boards_of, month_board
from billing.queries.verify import broken_closings
from clients.models import Client, Employment
from plans.models import CapPeriod, Certificate, Contract, Interview, ReportShare, SupportPlan
from teikyaku.accounts.models import AuditEvent, Membership
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.billing.corrections import serve_too
from tests.cast import make_member, ready_person


class _Back(Exception):
    """Ends a transaction that must leave nothing."""


@pytest.fixture
def month(cast):
    return Month.of(cast.today) - 1


def both(cast):
    return [cast.members["billing"], cast.members["outsider"]]


def run(cast, month, by=None):
    return list(close_months(month=month, by=by or both(cast), at=at_noon(cast.today)))


def stored(model, keys):
    """Every column of the rows, in order; but for keys that differ each time."""
    own = ("id", "public_id", "person_month_id", "closing_id")
    return [
        {name: value for name, value in row.items() if name not in own}
        for row in model.objects.filter(pk__in=keys).order_by("pk").values()
    ]


def as_saved_one_by_one(closing, entries):
    """What the ORM stores of the same entries, taken back afterwards."""
    try:
        with transaction.atomic():
            PersonMonthLine.objects.filter(person_month__closing=closing)._raw_delete("default")
            closing.person_months.all()._raw_delete("default")
            rows, lines = [], []
            for entry in entries:
                row = PersonMonth(**row_values(closing, entry))
                row.save()
                rows.append(row.pk)
                for values in line_values(row.pk, entry):
                    line = PersonMonthLine(**values)
                    line.save()
                    lines.append(line.pk)
            found = stored(PersonMonth, rows), stored(PersonMonthLine, lines)
            raise _Back
    except _Back:
        return found


def test_the_rows_are_those_of_the_orm(cast, month):
    entries = month_board(cast.office, month, cast.today).ready
    (closed,) = run(cast, month, [cast.members["billing"]])
    people = closed.closing.person_months.values_list("pk", flat=True)
    lines = PersonMonthLine.objects.filter(person_month__in=people).values_list("pk", flat=True)
    own = stored(PersonMonth, list(people)), stored(PersonMonthLine, list(lines))
    assert [row["units"] for row in own[0]] == [entry.copayment.units for entry in entries]
    assert [(row["kind"], row["label"], row["rule"]) for row in own[1]] == [
        (line.kind, line.label, line.rule) for entry in entries for line in entry.lines
    ]
    assert own == as_saved_one_by_one(closed.closing, entries)
    assert list(broken_closings()) == []


def test_boards_of_several_offices_are_those_of_each(cast, month):
    first = month - 2
    together = boards_of([cast.office, cast.other_office], first, month, cast.today)
    for office in (cast.office, cast.other_office):
        for each in Month.span(first, month):
            assert together[office.pk][each] == month_board(office, each, cast.today)


def test_who_has_no_report_is_not_read_for_a_close(cast, month):
    ReportShare.objects.filter(report__enrolment=cast.enrolment)._raw_delete("default")
    found = boards_of([cast.office, cast.other_office], month, month, cast.today, reported=True)
    assert [
        len(found[office.pk][month].entries) for office in (cast.office, cast.other_office)
    ] == [
        0,
        1,
    ]
    assert [(each.closed, each.left) for each in run(cast, month)] == [(0, 1), (1, 0)]
    assert [(each.closed, each.left) for each in run(cast, month)] == [(0, 1), (0, 0)]


@pytest.mark.parametrize(("yes", "closed"), [(True, 1), (False, 0)])
def test_who_died_without_a_report_is_closed_where_the_municipality_said_yes(
    cast, month, yes, closed
):
    died(cast.enrolment, yes=yes)
    assert len(month_board(cast.office, month, cast.today).ready) == closed
    assert [each.closed for each in run(cast, month, [cast.members["billing"]])] == [closed]


def test_whom_two_offices_served_is_closed_once(cast):
    """As if the offices had been closed one by one: the first has the month, the second is held."""
    month = Month.of(cast.person_month.month) + 1
    serve_too(cast, month)
    runs = run(cast, month)
    assert [(each.closed, each.left, each.problem) for each in runs] == [(1, 0, ""), (1, 1, "")]
    row = PersonMonth.objects.get(client=cast.enrolment.client_id, month=month.first_day)
    assert row.closing.office == cast.office


def test_reading_does_not_grow_with_the_offices(cast, month):
    def queries(*offices):
        boards_of(offices, month, month, cast.today)  # questions are put into SQL
        with CaptureQueriesContext(connection) as found:
            boards_of(offices, month, month, cast.today)
        return len(found)

    assert queries(cast.office, cast.other_office) <= queries(cast.office)


@pytest.mark.parametrize("together", [1, 2])
def test_an_office_that_is_refused_stops_no_other(cast, month, monkeypatch, together):
    """Closed together or not, by the database itself: another run has closed one in between."""
    monkeypatch.setattr(close_run, "OFFICES_TOGETHER", together)
    boards = close_run.boards_of

    def closed_in_between(*asked, **how):
        found = boards(*asked, **how)
        close_month(
            office=cast.office, month=month, by=cast.members["head"], at=at_noon(cast.today)
        )
        return found

    monkeypatch.setattr(close_run, "boards_of", closed_in_between)
    refused, closed = run(cast, month)
    assert (refused.closing, refused.closed) == (None, 0)
    assert refused.problem == "この月は、たったいま別の人が締めました。"
    assert (closed.closed, closed.problem) == (1, "")
    assert MonthClosing.objects.filter(month=month.first_day).count() == 2
    assert list(broken_closings()) == []


def test_offices_are_closed_together_in_one_transaction(cast, month):
    with CaptureQueriesContext(connection) as found:
        run(cast, month)
    written = [query["sql"] for query in found if query["sql"].startswith(("INSERT", "COPY"))]
    assert len([sql for sql in written if PersonMonth._meta.db_table in sql]) <= 2
    lines = AuditEvent.objects.filter(verb="month_closed").order_by("-pk")[:2]
    closings = MonthClosing.objects.filter(month=month.first_day)
    assert {row.subject_id for row in lines} == {row.public_id for row in closings}
    assert {row.membership for row in lines} == set(both(cast))


# --- What many closed at once come to ---------------------------------------------------------------


def died(one, *, yes=True):
    """They died before a report was shared; with `yes`, the municipality lets last month be billed."""
    report = one.reports.latest("month")
    month, by = report.month, report.recorded_by
    ReportShare.objects.filter(report__enrolment=one)._raw_delete("default")
    Client.objects.filter(pk=one.client_id).update(died_on=Month.of(month).last_day)
    if yes:
        CityAnswer.objects.create(
            enrolment=one, month=month, codes=["report_died"], is_billable=True, way="phone",
            answered_on=Month.of(month).last_day, respondent="給付係", recorded_by=by,
            recorded_at=at_noon(Month.of(month).last_day),
        )  # fmt: skip


# What may be wrong with somebody's month; each takes the person's enrolment.
FAULTS = (
    lambda one: None,
    lambda one: ReportShare.objects.filter(report__enrolment=one)._raw_delete("default"),
    lambda one: Certificate.objects.filter(decision__client=one.client)._raw_delete("default"),
    lambda one: CapPeriod.objects.filter(client=one.client).update(cap_yen=9_300),
    lambda one: CapPeriod.objects.filter(client=one.client).update(cap_yen=0),
    lambda one: CapPeriod.objects.filter(client=one.client).update(
        cap_yen=9_300, is_managed=True, managing_office_number="1500000009"
    ),
    lambda one: SupportPlan.objects.filter(enrolment=one).update(review_by=F("starts_on")),
    lambda one: SupportPlan.objects.filter(enrolment=one).update(handed_over_on=None),
    lambda one: Interview.objects.filter(enrolment=one).update(way="phone"),
    lambda one: Contract.objects.filter(enrolment=one).update(ends_on=F("starts_on")),
    lambda one: Employment.objects.filter(client=one.client).update(ends_on=F("starts_on")),
)


def people_with_faults(cast, chance, count):
    """People of both offices, each with none, one or two faults by chance; two of them died."""
    sides = [
        (cast.office, cast.members["worker"], cast.members["manager"]),
        (cast.other_office, cast.members["outsider"], cast.members["outsider"]),
    ]
    for number in range(count):
        office, worker, manager = chance.choice(sides)
        one = ready_person(
            cast, office, worker, manager, f"{1_400_000_000 + number}",
            name=f"だれか {number}", kana=f"だれか {number % 3}",
        )  # fmt: skip
        for fault in chance.sample(FAULTS, chance.randint(0, 2)):
            fault(one)
        if number in {0, 1}:
            died(one, yes=number == 0)


def undone(work):
    """What the work hands out; what it wrote is taken back."""
    found = []
    try:
        with transaction.atomic():
            found.append(work())
            raise _Back
    except _Back:
        return found[0]


@pytest.mark.parametrize("seed", [1, 2])
def test_many_at_once_come_to_what_each_page_comes_to(cast, month, seed):
    people_with_faults(cast, random.Random(seed), 12)
    offices = [cast.office, cast.other_office]
    together = boards_of(offices, month, month, cast.today)
    to_close = boards_of(offices, month, month, cast.today, reported=True)
    alone = {office.pk: month_board(office, month, cast.today) for office in offices}
    for office in offices:
        assert together[office.pk][month] == alone[office.pk]
        assert to_close[office.pk][month].ready == alone[office.pk].ready
        assert [e.copayment.steps for e in together[office.pk][month].ready] == [
            e.copayment.steps for e in alone[office.pk].ready
        ]

    def rows():
        found = PersonMonth.objects.filter(month=month.first_day).order_by("pk")
        lines = PersonMonthLine.objects.filter(person_month__in=found).order_by("pk")
        digests = MonthClosing.objects.filter(month=month.first_day).order_by("office")
        return (
            stored(PersonMonth, found.values("pk")), stored(PersonMonthLine, lines.values("pk")),
            list(digests.values_list("office", "number", "digest", "closed_by")),
        )  # fmt: skip

    def one_by_one():
        for office, by in zip(offices, both(cast), strict=True):
            close_month(office=office, month=month, by=by, at=at_noon(cast.today))
        return rows()

    def at_once():
        run(cast, month)
        assert list(broken_closings()) == []
        return rows()

    assert len({e.state for board in alone.values() for e in board.entries}) > 2
    single, many = undone(one_by_one), undone(at_once)
    assert single == many
    assert len({row["cap_yen"] for row in many[0]}) > 1


@pytest.mark.parametrize("key", ["worker", "manager", "admin", "officer"])
def test_only_who_may_close_closes_and_nobody_else_of_the_run(cast, month, key):
    with pytest.raises(ValidationError, match="権限のない"):
        run(cast, month, [cast.members["outsider"], cast.members[key]])
    assert not MonthClosing.objects.filter(month=month.first_day).exists()


def test_no_month_is_closed_before_it_is_over(cast, month):
    with pytest.raises(ValidationError, match="終わってから"):
        run(cast, month + 1)


def test_no_office_is_closed_twice_in_a_run(cast, month):
    with pytest.raises(ValidationError, match="二度"):
        run(cast, month, [cast.members["billing"], cast.members["head"]])


# --- The command ------------------------------------------------------------------------------------


@pytest.fixture
def both_offices(cast):
    """Somebody who may close at both."""
    member = make_member("owner", Role.BILLING, office=cast.office)
    Membership.objects.create(
        user=member.user, office=cast.other_office, roles=[Role.OFFICE_MANAGER.value],
        starts_on=member.starts_on,
    )  # fmt: skip
    return member.user.email


def said(month, by, *offices):
    out = StringIO()
    named = [part for number in offices for part in ("--office", number)]
    call_command("close_months", "--month", str(month), "--by", by, *named, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_closes_all_and_skips_what_is_closed(cast, month, both_offices):
    assert said(month, both_offices) == [
        "1/2 1500000001 1人を締めました",
        "2/2 1500000002 1人を締めました",
        "2か所のうち2か所で、2人の月を締めました。",
    ]
    assert said(month, both_offices)[-1] == "2か所のうち0か所で、0人の月を締めました。"
    assert PersonMonth.objects.filter(month=month.first_day).count() == 2
    assert list(broken_closings()) == []
    by = MonthClosing.objects.filter(month=month.first_day).values_list("closed_by__user__email")
    assert set(by) == {(both_offices,)}


def test_the_command_leaves_held_people_open(cast, month, both_offices):
    ReportShare.objects.filter(report__enrolment=cast.enrolment).delete()
    lines = said(month, both_offices, cast.office.number)
    assert (
        lines[0]
        == "1/1 1500000001 いま締められる方はいません（締めていない方が1人います。理由は「月の請求」のページに出ます）"
    )
    assert not MonthClosing.objects.filter(month=month.first_day).exists()


@pytest.mark.parametrize("key", ["worker", "gone", "admin"])
def test_the_command_is_for_who_may(cast, month, key):
    with pytest.raises(CommandError, match="締められる事業所がありません"):
        said(month, cast.members[key].user.email)


def test_the_command_refuses_offices_of_others(cast, month):
    with pytest.raises(CommandError, match="1500000002"):
        said(month, cast.members["billing"].user.email, "1500000001", "1500000002")
    assert not MonthClosing.objects.filter(month=month.first_day).exists()


def test_an_office_where_staffing_and_notification_differ_stays_open(cast, month, both_offices):
    """As on the page, which asks first: by the timer nobody reads it."""
    notify_item(
        office=cast.office, item="no_manager", first_month=month.first_day, last_month=None,
        notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    out = StringIO()
    asked = ("close_months", "--month", str(month), "--by", both_offices)
    with pytest.raises(CommandError, match="1か所は、職員の配置と届出がちがう"):
        call_command(*asked, stdout=out)
    plain, left, summed = out.getvalue().splitlines()
    assert plain == "1/2 1500000002 1人を締めました"
    assert left.startswith("2/2 1500000001 締めませんでした。")
    assert "届出に「サービス管理責任者欠如減算（4か月目まで）」があります" in left
    assert "総費用は" in left
    assert summed == "2か所のうち1か所で、1人の月を締めました。"
    told = AuditEvent.objects.filter(verb="month_closed_as_notified")
    assert not told.exists()
    again = StringIO()
    call_command(*asked, "--as-notified", stdout=again)
    assert "2/2 1500000001 1人を締めました（届出のまま）" in again.getvalue()
    assert told.count() == 1
    # Once closed there is nothing to ask.
    last = StringIO()
    call_command(*asked, stdout=last)
    assert "締めませんでした" not in last.getvalue()
