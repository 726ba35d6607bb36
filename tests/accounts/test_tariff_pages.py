"""報酬表: nobody can bill past a table's end until an operator confirms that it goes on."""

import pytest
from django.urls import reverse

from billing.models import TariffConfirmation
from billing.queries.office_month import office_month
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter

ERROR = 422


@pytest.fixture
def admin(client, cast):
    TariffConfirmation.objects.all().delete()
    enter(client, cast.members["admin"])
    return client


def test_a_table_goes_on_once_confirmed(admin, cast):
    assert office_month(cast.office, Month(2026, 7)).tariff is None
    assert "報酬表がありません" in admin.get(reverse("tariffs")).content.decode()
    url = reverse("tariff_confirm")
    data = {"tariff": "R6", "first_month": "令和8年6月", "last_month": "", "source": "告示第1号"}
    early = admin.post(url, {**data, "first_month": "2026-05"})
    assert "次の月から" in str(early.context["form"].errors["first_month"])
    assert "source" in admin.post(url, {**data, "source": ""}).context["form"].errors
    assert admin.post(url, data).status_code == 302
    found = office_month(cast.office, Month(2026, 7))
    assert (found.tariff.name, found.is_sample) == ("R6", False)
    assert admin.post(url, data).status_code == ERROR  # the months overlap
    page = admin.get(reverse("tariffs")).content.decode()
    assert "告示第1号" in page
    assert "3,512" in page


def test_a_confirmation_ends_with_a_reason(admin, cast):
    data = {"tariff": "R6", "first_month": "2026-06", "last_month": "", "source": "告示"}
    admin.post(reverse("tariff_confirm"), data)
    row = TariffConfirmation.objects.get()
    url = reverse("tariff_correct", args=[row.public_id])
    change = {"first_month": "2026-06", "last_month": "2027-03", "source": "告示", "reason": ""}
    assert "reason" in admin.post(url, change).context["form"].errors
    assert admin.post(url, {**change, "reason": "次の改定"}).status_code == 302
    assert office_month(cast.office, Month(2027, 4)).tariff is None
    row.refresh_from_db()
    assert row.history.first().history_change_reason == "次の改定"
