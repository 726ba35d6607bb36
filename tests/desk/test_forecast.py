"""来年度の見通し: from today's facts, with what-ifs that store nothing."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from billing.models import TariffConfirmation
from clients.models import Client, Employment, WorkCheck
from teikyaku.desk.queries.forecast import forecast
from teikyaku.periods import fiscal_year
from tests.access.retention import former_user
from tests.accounts.test_coming_and_going import enter
from tests.clients.test_work_checks import record
from tests.lists.test_queries import cost


@pytest.fixture
def office(cast):
    """Four people: two in use at work, one in use who lost the job, one who left the office at work."""
    year = fiscal_year(cast.today)
    rows = [
        former_user(cast, f"続く人{n}", ends_on=None, end_reason="") for n in range(3)
    ]  # fmt: skip
    Employment.objects.filter(client=rows[2].client).update(ends_on=date(year, 4, 30))
    rows.append(former_user(cast, "終えた人", ends_on=date(year - 1, 12, 31)))
    return rows


def others(cast, rows):
    """The people of the cast itself who count too."""
    own = {row.client_id for row in rows}
    lines = forecast(cast.office, cast.today).lines
    return [line for line in lines if line.user.client.pk not in own]


def test_from_todays_facts(cast, office):
    found = forecast(cast.office, cast.today)
    assert found.year == fiscal_year(cast.today) + 1
    works = {line.user.name: line.works for line in found.lines}
    assert works["続く人0"] is works["続く人1"] is works["終えた人"] is True
    assert works["続く人2"] is False
    bases = {line.user.name: line.user.basis for line in found.lines}
    assert bases["終えた人"] == "利用が終わった日の記録"
    assert found.then is None


def test_of_who_has_left_the_last_answer_counts(cast, office):
    day = date(fiscal_year(cast.today), 3, 31)
    record(cast, office[3], day, "not_employed")
    line = next(li for li in forecast(cast.office, cast.today).lines if li.user.name == "終えた人")
    assert (line.works, line.user.basis) == (False, "前の3月31日の答え")


def test_who_left_with_the_job_does_not_work(cast, office):
    office[3].end_reason = "left_job"
    office[3].save()
    line = next(li for li in forecast(cast.office, cast.today).lines if li.user.name == "終えた人")
    assert line.works is False


def test_what_if_somebody_leaves_or_works(cast, office):
    now = forecast(cast.office, cast.today).now
    key = office[0].client.public_id
    found = forecast(cast.office, cast.today, [key])
    assert (found.now.employed, found.then.employed) == (now.employed, now.employed - 1)
    found = forecast(cast.office, cast.today, [office[2].client.public_id])
    assert found.then.employed == now.employed + 1
    # A stranger's key supposes nothing.
    assert forecast(cast.office, cast.today, [cast.foreign.client.public_id]).then is None


def test_the_money_is_of_the_table_and_of_the_people_in_use(cast, office):
    found = forecast(cast.office, cast.today, [office[0].client.public_id])
    assert found.in_use == 3 + len([li for li in others(cast, office) if not li.user.is_former])
    assert found.now.month_yen == found.now.units * 10 * found.in_use
    assert found.now.year_yen == 12 * found.now.month_yen
    assert found.year_change_yen == found.then.year_yen - found.now.year_yen
    TariffConfirmation.objects.all().delete()
    found = forecast(cast.office, cast.today)
    if found.year > 2026:
        assert (found.now.tier, found.now.year_yen) == ("", None)
        assert found.problems


def test_how_many_may_leave_before_the_tier_falls(cast, office):
    for line in others(cast, office):
        Client.objects.filter(pk=line.user.client.pk).update(died_on=cast.today)
    found = forecast(cast.office, cast.today)
    # 3 of 4 and the dead: told by trying it out, one by one.
    keys = [line.user.client_id for line in found.working]
    if found.may_leave is not None:
        same = forecast(cast.office, cast.today, keys[: found.may_leave])
        assert (same.then or same.now).tier == found.now.tier
        lower = forecast(cast.office, cast.today, keys[: found.may_leave + 1])
        assert lower.then.tier != found.now.tier
    assert found.must_stay is not None


def test_who_is_supposed_to_leave_is_no_longer_paid_for(client, cast, office):
    keys = [row.client.public_id for row in office[:2]]
    found = forecast(cast.office, cast.today, keys)
    assert (found.now.in_use, found.then.in_use) == (found.in_use, found.in_use - 2)
    if found.then.units is not None:
        assert found.then.month_yen == found.then.units * 10 * (found.in_use - 2)
    # How many more may leave is told of the case that was asked for.
    lower = forecast(cast.office, cast.today, [*keys, office[3].client.public_id])
    if found.may_leave == 0:
        assert lower.then.tier != found.then.tier
    enter(client, cast.members["billing"])
    page = client.get(reverse("retention_forecast") + f"?other={keys[0]}&other={keys[1]}")
    assert "選んだ人が変わったあとは、" in page.content.decode()
    # Whoever has left the office already was not paid for.
    gone = forecast(cast.office, cast.today, [office[3].client.public_id])
    assert gone.then.in_use == gone.now.in_use


def test_the_page_stores_nothing_and_takes_nonsense(client, cast, office):
    enter(client, cast.members["billing"])
    url = reverse("retention_forecast")
    key = office[0].client.public_id
    page = client.get(f"{url}?other={key}&other=nonsense").content.decode()
    assert "選んだ人が変わったら" in page
    assert f'value="{key}" checked' in page
    assert not WorkCheck.objects.exists()
    assert "選んだ人が変わったら" not in client.get(url).content.decode()
    assert client.post(url).status_code in (200, 405)


def test_the_dead_cannot_be_supposed_to_work(cast, office):
    Client.objects.filter(pk=office[0].client_id).update(died_on=cast.today - timedelta(days=1))
    assert forecast(cast.office, cast.today, [office[0].client.public_id]).then is None


def test_the_page_costs_the_same_for_more_people(client, cast, office):
    enter(client, cast.members["manager"])
    url = reverse("retention_forecast") + f"?other={office[0].client.public_id}"
    few = cost(client, url)
    for name in ("五人目", "六人目"):
        former_user(cast, name)
    assert cost(client, url) == few
