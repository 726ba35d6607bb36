"""全区の利用の終わり: counts of 1 to 4 stay hidden, and no sum gives them away."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Enrolment
from plans.access import wards_of
from plans.queries.city_ends import city_ends
from teikyaku.periods import fiscal_year, fiscal_year_period
from tests.accounts.test_coming_and_going import enter
from tests.cast import start_use, take_in, transcribe
from tests.lists.test_queries import cost


@pytest.fixture
def ended(cast):
    """Ends so many uses of people with a decision of a ward."""

    def end(count, reason="moved", number=0):
        worker, manager = cast.members["worker"], cast.members["manager"]
        first = fiscal_year_period(fiscal_year(cast.today)).starts_on
        for n in range(count):
            row = take_in(cast.office, worker, first - timedelta(days=500), name=f"人{n}")
            transcribe(row, cast.wards[2], worker, f"40000000{number + n:02d}", first)
            start_use(row, worker, manager, first)
            Enrolment.objects.filter(pk=row.pk).update(
                ends_on=first + timedelta(days=5), end_reason=reason
            )

    return end


def counts(cast, on=None, year=None):
    wards = wards_of(cast.members["city"])
    on = on or cast.today
    return dict(city_ends(wards, on, fiscal_year(on) if year is None else year))


def test_small_counts_are_hidden_and_nought_is_told(cast, ended):
    assert counts(cast)["転出"] == 0
    ended(1)
    assert counts(cast)["転出"] is None
    ended(3, number=1)
    assert counts(cast)["転出"] is None
    ended(1, number=4)
    assert counts(cast)["転出"] == 5
    assert counts(cast, year=fiscal_year(cast.today) - 1)["転出"] == 0
    first = fiscal_year_period(fiscal_year(cast.today)).starts_on
    assert counts(cast, on=first)["転出"] == 0  # the end still lies ahead


def test_the_citys_page_tells_no_sum(client, cast, ended):
    enter(client, cast.members["city"])
    few = cost(client, reverse("admin:index"))
    ended(2)
    page = client.get(reverse("admin:index")).content.decode()
    part = page.split('id="ends"', 1)[1].split("</section>", 1)[0]
    assert "転出</dt><dd>—</dd>" in part
    assert "2人" not in part
    assert "<dt>合計</dt>" not in part
    assert cost(client, reverse("admin:index")) == few
