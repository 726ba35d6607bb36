"""区分の訂正: another version with a reason; the former one is kept, closed months are read first."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.office import confirm_tier, correct_tier
from billing.models import OfficeTier
from billing.queries.tier_correction import former_tiers, tier_touches
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def row(cast):
    """The tier of the year in which the cast's month was closed."""
    year = Month.of(cast.person_month.month).fiscal_year
    return OfficeTier.objects.get(office=cast.office, fiscal_year=year)


def said(row, **more):
    return {
        "tier": row.tier, "numerator": "", "denominator": "", "reason": "届出の書き間違い",
        "notified_on": row.notified_on.isoformat(), **more,
    }  # fmt: skip


def test_a_year_is_confirmed_once_and_then_corrected(client, cast, row):
    enter(client, cast.members["head"])
    answer = client.post(
        reverse("tier_confirm"), {**said(row), "fiscal_year": row.fiscal_year, "tier": "50"}
    )
    assert "確認済み" in str(answer.context["form"].errors["fiscal_year"])
    row.refresh_from_db()
    assert row.tier == "80"
    with pytest.raises(ValidationError, match="確認済み"):
        confirm_tier(
            office=cast.office, fiscal_year=row.fiscal_year, tier="50",
            notified_on=row.notified_on, by=cast.members["head"], at=at_noon(cast.today),
        )  # fmt: skip
    asked = client.get(f"{reverse('tier_confirm')}?year={row.fiscal_year}")
    assert asked["Location"] == reverse("tier_correct", args=[row.public_id])


def test_another_tier_names_the_closed_months_before_anything_is_stored(client, cast, row):
    enter(client, cast.members["head"])
    url = reverse("tier_correct", args=[row.public_id])
    answer = client.post(url, said(row, tier="50"))
    assert answer.status_code == 422
    text = answer.content.decode()
    month = Month.of(cast.person_month.month).label
    assert f"もう締めた月の区分が変わります：{month}（1人、給付費" in text
    # Read first: the list stands above the form and its button.
    assert (
        text.index("もう締めた月の区分") < text.index('name="tier"') < text.index('name="is_known"')
    )
    row.refresh_from_db()
    assert row.tier == "80"
    mark = answer.context["form"]["known_of"].value()
    assert client.post(url, said(row, tier="50", is_known="on", known_of="x")).status_code == 422
    assert client.post(url, said(row, tier="50", is_known="on", known_of=mark)).status_code == 302
    row.refresh_from_db()
    assert row.tier == "50"
    (was,) = former_tiers([row])[row.pk]
    assert (was.tier, was.reason) == ("80％以上90％未満", "届出の書き間違い")
    assert was.corrected_by == cast.user("head").name
    page = client.get(reverse("office_settings")).content.decode()
    assert f"{row.fiscal_year}年度の訂正前" in page
    assert "届出の書き間違い" in page
    cast.person_month.refresh_from_db()


def test_people_and_dates_alone_touch_no_month_and_need_a_reason(client, cast, row):
    enter(client, cast.members["head"])
    url = reverse("tier_correct", args=[row.public_id])
    assert tier_touches(row, row.tier).words == ()
    answer = client.post(url, said(row, numerator=3, denominator=2))
    assert "numerator" in answer.context["form"].errors
    answer = client.post(url, said(row, numerator=4, denominator=5, reason=""))
    assert list(answer.context["form"].errors) == ["reason"]
    assert client.post(url, said(row)).status_code == 422
    assert client.post(url, said(row, numerator=4, denominator=5)).status_code == 302
    row.refresh_from_db()
    assert (row.numerator, row.denominator) == (4, 5)


@pytest.mark.parametrize(
    ("part", "whole", "tier", "is_fine"),
    [(40, 45, "95", False), (40, 45, "80", True), (95, 100, "95", True), (949, 1000, "95", False),
     ("", "", "95", True)],
)  # fmt: skip
def test_the_tier_is_that_of_its_numbers(client, cast, row, part, whole, tier, is_fine):
    enter(client, cast.members["head"])
    url = reverse("tier_correct", args=[row.public_id])
    answer = client.post(url, said(row, numerator=part, denominator=whole, tier=tier))
    form = (answer.context or {}).get("form")
    assert ("tier" in form.errors if form else False) is not is_fine


def test_what_was_shown_is_what_is_stored(cast, row):
    seen = tier_touches(row, "50").mark
    who = {"by": cast.members["head"], "at": at_noon(cast.today)}
    correct_tier(row=row, changes={"numerator": 1, "denominator": 2}, reason="人数", **who)
    with pytest.raises(ValidationError, match="開いている間に"):
        correct_tier(row=row, changes={"tier": "50"}, reason="区分", seen=seen, **who)
