"""事業所, 自治体 and 制度の数値 by the system administrator: corrected, never lost."""

import pytest
from django.urls import reverse

from teikyaku.accounts.models import FigureOverride, Municipality, OfficeTerms
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.rules.municipality import has_check_digit
from teikyaku.figures import pick
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter

ERROR = 422
KEY = "decision.months"


@pytest.fixture
def admin(client, cast):
    enter(client, cast.members["admin"])
    return client


@pytest.mark.parametrize(
    ("code", "is_right"),
    [
        ("151009", True),
        ("131016", True),
        ("011002", True),
        ("151008", False),
        ("15100", False),
        ("１５１００９", False),
    ],
)
def test_the_check_digit_of_a_municipality(code, is_right):
    assert has_check_digit(code) is is_right


def test_terms_are_corrected_with_a_reason_and_the_old_value_stays(admin, cast):
    terms = OfficeTerms.objects.get(office=cast.office)
    url = reverse("terms_correct", args=[terms.public_id])
    data = {"starts_on": "R2.4.1", "ends_on": "", "area_class": "16", "unit_price": "10.21",
            "source": "告示", "certainty": "S", "reason": ""}  # fmt: skip
    answer = admin.post(url, data)
    assert answer.status_code == ERROR
    assert "reason" in answer.context["form"].errors
    backwards = {**data, "reason": "級地の誤り", "ends_on": "R1.5.1"}
    assert "ends_on" in admin.post(url, backwards).context["form"].errors
    assert admin.post(url, {**backwards, "ends_on": ""}).status_code == 302
    terms.refresh_from_db()
    assert str(terms.unit_price) == "10.210"
    assert (terms.certainty, terms.is_unsure) == ("S", False)
    assert terms.history.first().history_change_reason == "級地の誤り"
    assert [str(row.unit_price) for row in terms.history.all()] == ["10.210", "10.000"]


def test_a_price_that_nobody_looked_up_is_marked_where_it_stands(client, admin, cast):
    """What stands from before is not sure; the form asks, and the mark goes with the answer."""
    mark = "（未確認）"
    assert mark in admin.get(reverse("offices")).content.decode()
    enter(client, cast.members["billing"])
    assert mark in client.get(reverse("office_settings")).content.decode()
    new = {"starts_on": "R2.4.1", "area_class": "23", "unit_price": "10.00", "source": "告示"}
    url = reverse("terms_new", args=[cast.other_office.public_id])
    enter(client, cast.members["admin"])
    assert list(client.post(url, new).context["form"].errors) == ["certainty"]
    OfficeTerms.objects.all().update(certainty="S")
    enter(client, cast.members["billing"])
    assert mark not in client.get(reverse("office_settings")).content.decode()


def test_another_municipality_and_a_number_that_does_not_check(admin, cast):
    url = reverse("municipality_new")
    data = {"code": "１５２０２１", "name": "架空市", "kana": "かくうし", "kind": "municipality",
            "department": "福祉課", "phone": "025-000-0000"}  # fmt: skip
    kinds = [value for value, _label in Municipality.Kind.choices if value not in ("ward", "city")]
    data["kind"] = kinds[0]
    wards_without_city = admin.post(url, {**data, "kind": "ward"})
    assert "city" in wards_without_city.context["form"].errors
    answer = admin.post(url, data, follow=True)
    assert Municipality.objects.filter(code="152021").exists()
    assert ("検査用" in answer.content.decode()) is not has_check_digit("152021")
    twice = admin.post(url, data)
    assert twice.status_code == ERROR
    assert "code" in twice.context["form"].errors
    assert "架空市" in admin.get(reverse("municipalities")).content.decode()


def post(admin, first, value, last=""):
    return admin.post(
        reverse("figure_correct", args=[KEY]),
        {"value": value, "first_month": first, "last_month": last, "source": "試験の通知"},
    )


def test_a_figure_is_corrected_again_and_taken_back(admin, cast):
    packaged = pick(KEY, Month(2027, 1)).value
    assert post(admin, "2027-01", "ten").status_code == ERROR
    assert post(admin, "2027-01", "１１").status_code == 302
    # A later one ends the one that runs on.
    assert post(admin, "2027-06", "10").status_code == 302
    assert [figure(KEY, Month(2027, month)).value for month in (1, 5, 6)] == [11, 11, 10]
    assert post(admin, "2027-03", "9", "2027-07").status_code == ERROR
    row = FigureOverride.objects.get(first_month="2027-06-01")
    edit = {"value": "8", "first_month": "2027-06", "last_month": "", "source": "通知"}
    url = reverse("correction_edit", args=[row.public_id])
    assert "reason" in admin.post(url, edit).context["form"].errors
    assert admin.post(url, {**edit, "reason": "読み違い"}).status_code == 302
    assert figure(KEY, Month(2027, 6)).value == 8
    assert row.history.count() == 2
    undo = reverse("correction_withdraw", args=[row.public_id])
    assert admin.post(undo, {"reason": ""}).status_code == ERROR
    assert admin.post(undo, {"reason": "通知の撤回"}).status_code == 302
    assert figure(KEY, Month(2027, 6)).value == packaged
    last = FigureOverride.history.filter(public_id=row.public_id).first()
    assert (last.history_type, last.history_change_reason) == ("-", "通知の撤回")


def test_the_pages_show_what_can_be_done(admin, cast):
    post(admin, "2027-01", "11")
    page = admin.get(reverse("figures")).content.decode()
    assert "書き直す" in page
    assert "試験の通知" in page
    assert reverse(
        "terms_correct", args=[OfficeTerms.objects.get(office=cast.office).public_id]
    ) in (admin.get(reverse("offices")).content.decode())
