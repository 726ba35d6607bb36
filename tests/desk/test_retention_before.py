"""移行前の人数: typed with its source, counted with those on file, said on the page, never invented."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from billing.queries.tier_basis import tier_basis
from clients.actions.retention_before import correct_before, take_before_back, tell_before
from clients.models import RetentionBefore
from clients.queries.retention_before import told_before
from teikyaku.accounts.models import OfficeStart
from teikyaku.clock import at_noon
from teikyaku.desk.actions.office_start import set_first_month
from teikyaku.periods import Month, fiscal_year
from tests.access.retention import former_user
from tests.accounts.test_coming_and_going import enter
from tests.clients.test_work_checks import record


@pytest.fixture
def year(cast):
    return fiscal_year(cast.today)


@pytest.fixture
def moved(cast, year):
    """One former user who works, of an office that bills here since last year."""
    OfficeStart.objects.create(
        office=cast.office, first_month=Month(year - 1, 10).first_day,
        recorded_by=cast.members["head"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    from datetime import date

    record(cast, former_user(cast), date(year, 3, 31), "same_job")
    cast.who = {"by": cast.members["head"], "at": at_noon(cast.today)}
    return cast


def tell(cast, year, people=9, employed=7, source="届出書の別紙", office=None):
    return tell_before(
        office=office or cast.office, fiscal_year=year, people=people, employed=employed,
        source=source, **cast.who,
    )  # fmt: skip


def test_the_rate_counts_both_and_proposes_a_tier(moved, year):
    basis = tier_basis(moved.office, year, moved.today)
    assert (basis.employed, basis.found.total, basis.is_partial) == (1, 1, True)
    row = tell(moved, year)
    basis = tier_basis(moved.office, year, moved.today)
    assert (basis.employed, basis.found.total, basis.is_partial) == (8, 10, False)
    assert basis.tier.key == "80"
    assert len(basis.users) == len(basis.people) == 1
    assert (len(basis.erased), len(basis.before)) == (0, 9)
    correct_before(
        row=row, people=9, employed=9, source="届出書の別紙", reason="見落とし", **moved.who
    )
    assert tier_basis(moved.office, year, moved.today).employed == 10
    # Another year is told for itself.
    assert told_before(moved.office, year - 1) is None
    take_before_back(row=told_before(moved.office, year), **moved.who)
    assert tier_basis(moved.office, year, moved.today).is_partial


def test_what_cannot_be_is_refused(moved, year):
    for wrong in ({"people": 0, "employed": 0}, {"people": 3, "employed": 4}, {"source": ""},
                  {"people": 99_999}):  # fmt: skip
        with pytest.raises(ValidationError):
            tell(moved, year, **wrong)
    with pytest.raises(ValidationError):
        tell(moved, year + 1)
    with pytest.raises(ValidationError):  # nothing of it was elsewhere
        tell_before(
            office=moved.other_office, fiscal_year=year, people=1, employed=1, source="x",
            by=moved.members["outsider"], at=at_noon(moved.today),
        )  # fmt: skip
    tell(moved, year)
    with pytest.raises(ValidationError):
        tell(moved, year)
    assert RetentionBefore.objects.count() == 1


def test_the_page_says_what_is_typed_and_by_whom(client, moved, year):
    enter(client, moved.members["head"])
    page, url = reverse("retention", args=[year]), reverse("retention_before", args=[year])
    assert url in client.get(page).content.decode()
    data = {"people": "9", "employed": "10", "source": "前の台帳"}
    assert client.post(url, data).status_code == 422
    assert client.post(url, {**data, "employed": "7", "source": ""}).status_code == 422
    assert client.post(url, {**data, "employed": "7"}).status_code == 302
    text = client.get(page).content.decode()
    for words in (
        "8 / 10",
        "前の台帳",
        moved.members["head"].user.name,
        "移行前の方 7人",
        "移行前の方 2人",
    ):
        assert words in text, words
    assert "8 / 10" in client.get(page + "?how=employed").content.decode()
    book = load_workbook(
        BytesIO(client.get(reverse("office_year_xlsx", args=[year])).content), read_only=True
    )
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "移行前の方 7人" in cells
    assert client.post(url, {**data, "employed": "8"}).status_code == 422  # without a reason
    client.post(url, {**data, "employed": "8", "reason": "数え直し"})
    assert told_before(moved.office, year).employed == 8
    client.post(reverse("retention_before_back", args=[year]))
    assert told_before(moved.office, year) is None
    for nonsense in (1, 2017, year + 1, 99_999_999):
        assert client.get(reverse("retention_before", args=[nonsense])).status_code == 404
    enter(client, moved.members["billing"])
    assert client.get(url).status_code == 403


def test_an_office_whose_years_are_whole_is_not_asked(client, cast, year):
    set_first_month(
        office=cast.other_office, first_month=Month(year, 10),
        by=cast.members["outsider"], at=at_noon(cast.today),
    )  # fmt: skip
    enter(client, cast.members["head"])
    assert client.get(reverse("retention_before", args=[year])).status_code == 404
