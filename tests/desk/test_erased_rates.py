"""The rates of past years before and after a file is erased: the same people, without names."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from billing.queries.tier_basis import tier_basis
from clients.models import Client, Employment, Enrolment, RetentionEvidence, WorkCheck
from clients.queries.evidence import may_lack_people
from clients.rules.retention import Counted
from clients.rules.work_record import Stay
from teikyaku.accounts.models import FigureOverride, Office
from teikyaku.clock import at_noon
from teikyaku.desk.actions.erase import erase_file
from teikyaku.desk.exports import year_workbook
from teikyaku.desk.queries.forecast import forecast
from teikyaku.desk.queries.office_year import office_year
from teikyaku.periods import fiscal_year, months_later
from tests.access.retention import former_user
from tests.accounts.test_coming_and_going import enter
from tests.clients.test_work_checks import record
from tests.lists.test_queries import cost


@pytest.fixture
def year(cast):
    return fiscal_year(cast.today)


@pytest.fixture
def soon(cast):
    """Files are kept for one year, so that a page of the cast's years has erased people."""
    Office.objects.filter(pk=cast.office.pk).update(opened_on=date(2019, 4, 1))
    cast.office.refresh_from_db()
    FigureOverride.objects.create(
        key="keeping.years", value="1", first_month=date(2018, 4, 1), source="試験",
        recorded_by=cast.members["admin"], recorded_at=at_noon(cast.today),
    )  # fmt: skip


@pytest.fixture
def people(cast, soon, year):
    """Former users: found at the same job later, left, never asked, and of two uses."""
    ended = date(year - 2, 6, 30)
    names = ("続いた 人", "辞めた 人", "聞かない 人", "二度の 人")
    began = {"starts_on": date(year - 3, 7, 1), "use_starts_on": date(year - 3, 8, 1)}
    rows = [former_user(cast, name, ends_on=ended, **began) for name in names]
    for row in rows:
        Employment.objects.filter(client=row.client).update(starts_on=date(year - 5, 3, 1))
    Employment.objects.filter(client=rows[1].client).update(ends_on=date(year - 2, 5, 31))
    record(cast, rows[0], date(year - 1, 3, 31), "same_job")
    record(cast, rows[0], date(year, 3, 31), "other_job")
    record(cast, rows[1], date(year, 3, 31), "not_employed")
    record(cast, rows[3], date(year, 3, 31), "same_job")
    Enrolment.objects.filter(pk=rows[3].pk).update(ends_on=date(year - 3, 12, 31))
    own = {"recorded_by": rows[3].recorded_by, "recorded_at": rows[3].recorded_at}
    Enrolment.objects.create(
        client=rows[3].client, office=cast.office, starts_on=date(year - 2, 2, 1),
        use_starts_on=date(year - 2, 2, 1), ends_on=ended, end_reason="own_wish", **own,
    )  # fmt: skip
    return rows


def figures(cast, year):
    """What the pages of every year say in numbers."""
    found = []
    for each in range(year - 2, year + 1):
        basis, page = (
            tier_basis(cast.office, each, cast.today),
            office_year(cast.office, each, cast.today),
        )
        # Of an erased file nobody can be asked any more: who was open counts as before, and is not open.
        short = page.record.count(Stay.SHORT) + page.record.count(Stay.UNKNOWN)
        counts = [page.long, short, page.record.count(Stay.TOO_LONG)]
        tier = basis.tier.key if basis.tier else None
        found.append((each, basis.employed, basis.found.total, tier, counts))
    ahead = forecast(cast.office, cast.today)
    return [*found, (ahead.now.employed, ahead.now.total, ahead.now.tier)]


def erase(cast, rows):
    for row in rows:
        erase_file(
            client=row.client, office=cast.office, by=cast.members["head"], at=at_noon(cast.today)
        )


def test_no_figure_of_any_year_changes_when_files_are_erased(cast, people, year):
    before = figures(cast, year)
    assert before[2][1:3] == (2, 4)
    assert before[2][4] != before[1][4]
    erase(cast, people)
    assert figures(cast, year) == before
    assert RetentionEvidence.objects.count() == 4


def test_the_dead_stay_in_the_count_as_they_were(cast, people, year):
    Client.objects.filter(pk=people[0].client_id).update(died_on=date(year, 1, 5))
    before = figures(cast, year)
    erase(cast, people[:1])
    assert figures(cast, year) == before
    (person,) = tier_basis(cast.office, year, cast.today).erased
    assert person.reason.code.endswith("died")


def test_they_are_lines_without_a_name_and_without_a_link(client, cast, people, year):
    keys = [str(row.client.public_id) for row in people]
    erase(cast, people)
    enter(client, cast.members["manager"])
    for url, words in (
        (reverse("retention", args=[year]), "記録を消去した方 2人"),
        (reverse("office_year", args=[year]), "記録を消去した方 2人"),
        # Who worked at the end of the use will work on, as far as anybody knows.
        (reverse("retention_forecast"), "記録を消去した方 3人"),
    ):
        page = client.get(url).content.decode()
        assert words in page
        assert [word for word in (*keys, "続いた", "聞かない") if word in page] == []
    page = client.get(reverse("retention", args=[year])).content.decode()
    assert "就労を確かめないまま記録を消去した" in page
    assert "確かめる人の一覧" not in page
    only = client.get(reverse("retention", args=[year]) + "?how=employed").content.decode()
    assert "記録を消去した方 2人" in only
    assert "就労を確かめないまま" not in only


def test_the_workbook_has_the_same_lines(cast, people, year):
    erase(cast, people)
    office, on = cast.office, cast.today
    book = load_workbook(BytesIO(year_workbook(
        tier_basis(office, year, on), office_year(office, year, on), forecast(office, on)
    )))  # fmt: skip
    for sheet, alike in (
        ("就労定着率（一人ひとり）", 2), ("来年度の見通し", 3), ("実績体制加算", 2),
    ):  # fmt: skip
        names = [row[0] for row in book[sheet].values]
        assert f"記録を消去した方 {alike}人" in names


def test_a_day_that_lay_ahead_and_was_never_asked_is_not_counted_as_work(cast, people, year):
    erase(cast, people[:1])
    row = RetentionEvidence.objects.get()
    assert (row.employed_years[-1], row.open_years[-1]) == (year + 1, year + 1)
    later = tier_basis(cast.office, year + 1, date(year + 1, 4, 1))
    assert later.erased[0].how is Counted.NOT_EMPLOYED


def test_an_attempt_is_no_answer(cast, people, year):
    record(cast, people[2], date(year, 3, 31), "not_reached")
    erase(cast, people[2:3])
    assert year in RetentionEvidence.objects.get().open_years
    assert not WorkCheck.objects.filter(client=people[2].client).exists()


def test_erased_people_cost_no_query(client, cast, people, year):
    enter(client, cast.members["manager"])
    urls = [reverse(name, args=[year]) for name in ("retention", "office_year", "office_year_xlsx")]
    former_user(cast, "残る 人")
    erase(cast, people[:1])
    few = [cost(client, url) for url in urls]
    erase(cast, people[1:])
    assert [cost(client, url) for url in urls] == few


def test_a_year_whose_evidence_is_gone_says_so(client, cast, people, year):
    office, on = cast.office, cast.today
    erase(cast, people[:1])
    assert not may_lack_people(office, year, on)
    assert not may_lack_people(office, year - 1, on)
    RetentionEvidence.objects.all().delete()
    assert not may_lack_people(office, year, on)
    assert may_lack_people(office, year - 1, on)
    # Who left before the years that count was never in the figure.
    assert not may_lack_people(office, fiscal_year(months_later(on, 60)), months_later(on, 84))
    enter(client, cast.members["manager"])
    page = client.get(reverse("retention", args=[year - 1])).content.decode()
    assert "届出のときより少ないことがあります" in page
