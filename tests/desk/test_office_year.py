"""事業所の一年: 実績体制加算 to the person, staffing, meetings, ends, how jobs last, one workbook."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clients.actions.referral import record_referral
from clients.actions.staffing import set_staffing
from clients.models import Employment, Enrolment, OfficeStaffing
from clients.queries.job_stay import job_stays
from clients.queries.staffing import staffing_of
from clients.rules.work_record import Stay
from plans.models import Handover
from teikyaku.accounts.models import FigureOverride
from teikyaku.clock import at_noon
from teikyaku.desk.queries.office_year import coverage_of, led_of, office_year
from teikyaku.desk.queries.survival_line import survival_line
from teikyaku.periods import Month, fiscal_year
from tests.access.retention import former_user
from tests.accounts.test_coming_and_going import enter
from tests.clients.test_work_checks import record
from tests.lists.test_queries import cost


@pytest.fixture
def year(cast):
    return fiscal_year(cast.today)


@pytest.fixture
def day(year):
    return date(year, 3, 31)


def stay_of(cast, enrolment, until):
    stays = job_stays(cast.office, cast.today, until)
    return next(stay for stay in stays if stay.enrolment == enrolment)


def hire(enrolment, on, ends_on=None):
    Employment.objects.filter(client=enrolment.client).update(starts_on=on, ends_on=ends_on)


def test_of_who_left_work_is_known_to_the_end_of_use_and_by_answers(cast, year, day):
    row = former_user(cast)
    assert stay_of(cast, row, day).known_until == row.ends_on
    record(cast, row, day, "other_job")
    assert stay_of(cast, row, day).known_until == row.ends_on
    again = former_user(cast, "別の 人")
    record(cast, again, day, "same_job")
    found = stay_of(cast, again, day)
    assert (found.known_until, found.has_ended) == (day, False)


def test_an_end_recorded_after_the_use_is_not_told(cast, year, day):
    row = former_user(cast)
    hire(row, date(year - 2, 1, 10), row.ends_on + timedelta(days=9))
    assert stay_of(cast, row, day).has_ended is False
    hire(row, date(year - 2, 1, 10), row.ends_on - timedelta(days=60))
    found = stay_of(cast, row, day)
    assert (found.known_until, found.has_ended) == (row.ends_on - timedelta(days=60), True)
    # Who left use and job on the same day: no next job came to be known within the month.
    hire(row, date(year - 2, 1, 10), row.ends_on)
    assert stay_of(cast, row, day).has_ended is True
    assert stay_of(cast, row, row.ends_on + timedelta(days=5)).has_ended is False


def test_the_addition_to_the_person(client, cast, year, day):
    short = former_user(cast, "短い 人")
    long = former_user(cast, "長い 人")
    hire(long, date(year - 4, 4, 1))
    runs = former_user(cast, "続く 人", ends_on=None, end_reason="")
    found = office_year(cast.office, year, cast.today)
    how = {line.stay.enrolment.pk: line.person.how for line in found.stays}
    assert (how[short.pk], how[long.pk], how[runs.pk]) == (Stay.SHORT, Stay.LONG, Stay.LEFT_OUT)
    assert (found.long, found.record.total) == (1, 2)
    enter(client, cast.members["manager"])
    page = client.get(reverse("office_year", args=[year])).content.decode()
    assert "1 / 2" in page
    assert "7割に届いていません" in page


def test_staffing_by_the_year_before(client, cast, year):
    for n in range(2):
        former_user(cast, f"人{n}", ends_on=None, end_reason="")
    one = former_user(cast, "半年の人", ends_on=date(year - 1, 9, 30))
    found = staffing_of(cast.office, year, cast.today)
    assert [people for _month, people in found.months] == [3] * 6 + [2] * 6
    assert found.average == Decimal("2.5")
    assert (found.posts_needed, found.needed.managers) == (Decimal("0.1"), 1)
    assert (found.workers, found.managers, found.posts) == (1, 1, None)
    assert one.office == cast.office
    cast.office.opened_on = date(year - 1, 12, 1)
    assert len(staffing_of(cast.office, year, cast.today).months) == 4
    cast.office.opened_on = date(year, 4, 1)
    assert staffing_of(cast.office, year, cast.today).needed is None


def test_full_posts_are_asked_and_dated(client, cast, year):
    former_user(cast, ends_on=None, end_reason="")
    enter(client, cast.members["head"])
    url = reverse("staffing_set")
    assert client.post(url, {"worker_posts": "x", "starts_on": ""}).status_code == 422
    said = {"worker_posts": "0.0", "starts_on": f"{year}-04-01"}
    assert client.post(url, said).status_code == 302
    found = staffing_of(cast.office, year, cast.today)
    assert (found.posts.worker_posts, found.lacks_posts) == (Decimal("0.0"), True)
    short = f"{cast.today.month}/{cast.today.day}"
    assert "starts_on" not in client.post(url, {"starts_on": short}).context["form"].errors
    assert client.post(url, {**said, "worker_posts": "1.5"}).status_code == 302
    row = OfficeStaffing.objects.get()
    assert (row.worker_posts, row.history.count()) == (Decimal("1.5"), 2)
    assert staffing_of(cast.office, year, cast.today).lacks_posts is False
    head = cast.members["head"]
    later = cast.today + timedelta(days=3)
    set_staffing(
        office=cast.office, starts_on=later, worker_posts=Decimal(9), by=head,
        at=at_noon(cast.today),
    )  # fmt: skip
    assert staffing_of(cast.office, year, cast.today).posts == row


def test_meetings_by_month(cast):
    rows = coverage_of(cast.office, fiscal_year(cast.today), cast.today)
    assert rows[-1].month == Month.of(cast.today)
    met = {row.month: row.met for row in rows}
    last = Month.of(cast.today) - 1
    if last in met:
        assert (met[last], next(row.in_use for row in rows if row.month == last)) == (1, 1)
        assert next(row.percent for row in rows if row.month == last) == 100


def test_ends_and_referrals(client, cast, year, day):
    row = former_user(cast)
    Handover.objects.create(
        enrolment=row, judged_on=row.starts_on, is_needed=True, judgement="朝",
        consented_on=date(year, 4, 1), shared_on=date(year, 4, 1),
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    found = office_year(cast.office, year, cast.today)
    assert [(each.year, each.total) for each in found.ends] == [(year - 1, 1)]
    assert dict(found.ends[0].cells)["本人希望"] == 1
    assert (found.referrals.shared, found.referrals.accepted) == (1, 0)
    enter(client, cast.members["head"])
    page = client.get(reverse("office_year", args=[year])).content.decode()
    assert "情報の共有 1件" in page
    assert "この年度のつなぎ" not in page
    for outcome, told_on in (
        ("waiting", None),
        ("registered", cast.today),
        ("registered", date(year, 4, 9)),
    ):
        record_referral(
            client=row.client, referred_on=date(year, 4, 8), centre="core_support", outcome=outcome,
            outcome_on=told_on, by=cast.members["worker"], at=at_noon(cast.today),
        )  # fmt: skip
    assert led_of(cast.office, year, cast.today) == (("返事待ち", 1), ("登録した", 2))
    # On a past day what came later had not been told.
    assert led_of(cast.office, year, date(year, 5, 1)) == (("返事待ち", 2), ("登録した", 1))
    assert led_of(cast.other_office, year, cast.today) == ()
    page = client.get(reverse("office_year", args=[year])).content.decode()
    assert "3件（返事待ち 1・登録した 2）" in page
    assert office_year(cast.other_office, year, cast.today).ends == ()


def test_a_curve_only_of_enough_people(client, cast, year):
    for n in range(3):
        former_user(cast, f"人{n}")
    Enrolment.objects.filter(client=cast.enrolment.client).update(use_starts_on=None)
    enter(client, cast.members["manager"])
    url = reverse("office_year", args=[year])
    assert "20人になると、図が出ます" in client.get(url).content.decode()
    FigureOverride.objects.create(
        key="survival.people", value="3", first_month=date(2018, 4, 1), source="試験",
        recorded_by=cast.members["admin"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    page = client.get(url).content.decode()
    assert "働き続けている人の割合" in page
    assert 'class="pace__step"' in page


def test_the_picture_falls_with_who_left(cast, year):
    row = former_user(cast)
    hire(row, date(year - 2, 1, 10), date(year - 1, 1, 9))
    FigureOverride.objects.create(
        key="survival.people", value="1", first_month=date(2018, 4, 1), source="試験",
        recorded_by=cast.members["admin"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    Employment.objects.exclude(client=row.client).delete()
    curve = office_year(cast.office, year, cast.today).curve
    # The use began on 1 August, after six whole months of work: nothing is said of those.
    assert (curve.first, curve.told) == (6, ((6, 100, 1), (12, 100, 1)))
    assert [(step.months, step.watched, step.left) for step in curve.steps] == [(12, 1, 1)]
    line = survival_line(curve)
    assert [(s.x1, s.x2, s.y1, s.y2) for s in line.strokes[:2]] == [
        (50.0, 100.0, 24, 24), (100.0, 100.0, 24, 84),
    ]  # fmt: skip
    assert "12か月で100％" in line.description


def test_everything_as_one_workbook(client, cast, year, day):
    row = former_user(cast, "元の 人")
    record(cast, row, day, "same_job", "centre")
    enter(client, cast.members["billing"])
    answer = client.get(reverse("office_year_xlsx", args=[year]))
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == [
        "まとめ", "就労定着率（一人ひとり）", "基本報酬", "来年度の見通し", "実績体制加算",
        "前年度の利用者数", "面談", "終了の理由", "就労の続き方",
    ]  # fmt: skip
    people = list(book["就労定着率（一人ひとり）"].values)
    line = next(each for each in people if each[0] == "元の 人")
    assert line[2] == "働いている"
    assert line[7] == "センター"
    assert "docs" not in line[4]
    assert "「報酬」のきまり" in line[4]
    sums = {each[0]: each[1:] for each in list(book["まとめ"].values)[1:]}
    assert sums["3月31日に働いている人／数える人"] == ("1 / 1", 1, 1)
    assert sums["実績体制加算：42か月以上78か月未満の人／数える人"] == ("0 / 1", 0, 1)
    assert isinstance(sums["前年度の平均利用者数"][1], int | float)
    assert [each[0] for each in list(book["終了の理由"].values)[1:]] == [year - 1]


def test_page_and_file_cost_the_same_for_one_and_three(client, cast, year, day):
    enter(client, cast.members["manager"])
    record(cast, former_user(cast, "一人目"), day)
    urls = [reverse(name, args=[year]) for name in ("office_year", "office_year_xlsx")]
    few = [cost(client, url) for url in urls]
    for name in ("二人目", "三人目"):
        record(cast, former_user(cast, name), day)
    assert [cost(client, url) for url in urls] == few
