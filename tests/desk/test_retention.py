"""就労定着率: the page of a fiscal year, the tier from the table of that time, the confirmation."""

from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from billing.models import OfficeTier, TariffConfirmation
from billing.queries.tier_basis import fee_spans, tier_basis
from clients.models import Client, Employment
from teikyaku.accounts.models import OfficeTerms
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


def people(cast, day, *outcomes):
    """Former users with these answers; None for nobody asked."""
    rows = [former_user(cast, f"元の人{n}") for n in range(len(outcomes))]
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome:
            record(cast, row, day, outcome)
    return rows


def test_the_rate_to_the_person(client, cast, year, day):
    people(cast, day, "same_job", "other_job", "not_employed", None)
    basis = tier_basis(cast.office, year, cast.today)
    assert (basis.employed, basis.found.total, basis.open, basis.highest) == (2, 4, 1, 3)
    assert basis.found.rate == Fraction(1, 2)
    assert basis.tier.key == "50"
    assert [(reach.answers, reach.tier.key) for reach in basis.reaches] == [(0, "50"), (1, "70")]
    enter(client, cast.members["billing"])
    page = client.get(reverse("retention", args=[year])).content.decode()
    for words in (
        "2 / 4",
        "50％以上70％未満",
        "3 / 4",
        "あと1人が働いていると分かると、70％以上80％未満",
    ):
        assert words in page
    assert page.count("元の人") == 4
    only = client.get(reverse("retention", args=[year]) + "?how=unanswered").content.decode()
    assert only.count("元の人") == 1
    assert "まだ確かめられていない" in only


def test_the_dead_are_listed_with_the_open_question(client, cast, year, day):
    (row,) = people(cast, day, None)
    Client.objects.filter(pk=row.client_id).update(died_on=date(year, 1, 5))
    enter(client, cast.members["head"])
    page = client.get(reverse("retention", args=[year])).content.decode()
    assert "数に入れるかどうかは、指定の担当に確認してください" in page
    assert "0 / 1" in page


def test_the_fee_is_of_the_tables_of_that_year(cast, year):
    OfficeTerms.objects.update(unit_price="11.200")
    spans = fee_spans(cast.office, 2026)
    assert [(str(s.first), str(s.last), s.months) for s in spans] == [
        ("2026-04", "2026-05", 2), ("2026-06", "2027-03", 10),
    ]  # fmt: skip
    assert [s.yen_for(Fraction(4, 5)) for s in spans] == [31001, 31001]  # 2768 × 11.2 = 31,001.6
    TariffConfirmation.objects.all().delete()
    last = fee_spans(cast.office, 2026)[-1]
    assert (last.tariff, last.yen_for(Fraction(1))) == (None, None)
    assert "報酬表がありません" in last.problem
    OfficeTerms.objects.all().delete()
    assert fee_spans(cast.office, 2025)[0].yen_for(Fraction(1)) is None


def test_without_a_table_the_page_says_so(client, cast, year, day):
    people(cast, day, "same_job")
    TariffConfirmation.objects.all().delete()
    enter(client, cast.members["head"])
    month = Month(year, 6)
    page = client.get(reverse("retention", args=[year])).content.decode()
    if month > Month(2026, 5):
        assert "報酬表がありません" in page


def test_a_new_office_has_no_rate_and_other_years_are_no_pages(client, cast, year):
    enter(client, cast.members["outsider"])
    page = client.get(reverse("retention", args=[year])).content.decode()
    assert "割合は出ません" in page
    for wrong in (year + 1, 2019, 0):
        assert client.get(reverse("retention", args=[wrong])).status_code == 404


def test_the_confirmation_is_filled_in_and_told_where_it_differs(client, cast, year, day):
    people(cast, day, "same_job", "not_employed")
    enter(client, cast.members["head"])
    url = reverse("tier_confirm") + f"?year={year}"
    shown = client.get(url, follow=True)
    url, page = shown.request["PATH_INFO"], shown.content.decode()
    assert "区分：確認したのは80％以上90％未満、いまの記録では50％以上70％未満" in page
    for filled in ('value="1"', 'value="2"', 'value="50" selected'):
        assert filled in page
    said = {
        "tier": "50", "numerator": 1, "denominator": 2,
        "notified_on": f"{year}-04-15", "reason": "数え直した",
    }  # fmt: skip
    answer = client.post(url, said)
    if answer.status_code == 422:
        said |= {"is_known": "on", "known_of": answer.context["form"]["known_of"].value()}
        answer = client.post(url, said)
    assert answer.status_code == 302
    row = OfficeTier.objects.get(office=cast.office, fiscal_year=year)
    assert (row.tier, row.numerator, row.denominator) == ("50", 1, 2)
    assert tier_basis(cast.office, year, cast.today).differences == ()
    # An answer comes later: the page tells that the numbers are no longer the same.
    people(cast, day, "other_job")
    page = client.get(reverse("retention", args=[year])).content.decode()
    assert "人数：確認したのは1 / 2、いまの記録では2 / 3" in page


def test_a_second_job_of_another_kind_is_no_ordinary_one(cast, year, day):
    row = former_user(cast, ends_on=None, end_reason="")
    Employment.objects.filter(client=row.client).update(kind="continued_a")
    assert tier_basis(cast.office, year, cast.today).employed == 0


def test_the_page_costs_the_same_for_one_and_three(client, cast, year, day):
    enter(client, cast.members["manager"])
    url = reverse("retention", args=[year])
    people(cast, day, "same_job")
    few = cost(client, url)
    people(cast, day, "not_employed", None)
    assert cost(client, url) == few


@pytest.mark.parametrize(
    ("who", "page", "links"),
    [
        ("head", "home", ("retention_latest", "retention_forecast", "work_checks_latest")),
        ("billing", "office_settings", ("retention_latest",)),
        ("worker", "client_list", ("work_checks_latest",)),
    ],
)
def test_the_pages_are_found_from_where_people_work(client, cast, who, page, links):
    enter(client, cast.members[who])
    text = client.get(reverse(page)).content.decode().split("<main", 1)[1]
    assert [name for name in links if f'href="{reverse(name)}"' not in text] == []


def test_the_list_of_tiers_leads_to_the_years_that_can_be_shown(client, cast, year):
    enter(client, cast.members["head"])
    text = client.get(reverse("office_settings")).content.decode()
    assert f'href="{reverse("retention", args=[year])}"' in text
    # The cast's tier of the calendar year to come has no March 31 behind it yet.
    assert client.get(reverse("retention_latest")).headers["Location"] == reverse(
        "retention", args=[year]
    )
