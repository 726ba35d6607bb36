"""A day outside the decision is told with everything else that is wrong, and the page says which one it is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.models import CapPeriod
from teikyaku.era import both
from tests.accounts.test_coming_and_going import enter
from tests.ward.conftest import ERROR
from tests.ward.test_changed_ends import changed  # noqa: F401  (the fixture)
from tests.ward.test_corrections import correct
from tests.ward.test_decision_change import url


def period(row):
    return f"{both(row.starts_on)}〜{both(row.ends_on)}"


def test_a_revocation_names_the_period_and_what_follows(changed):  # noqa: F811
    former, new = changed.former, changed.new
    page = changed.client.get(url("decision_revoke", former)).content.decode()
    assert f"支給決定 {period(former)}" in page
    assert f"{period(new)}、月10日" in page
    day = former.starts_on - timedelta(days=1)
    answer = changed.client.post(
        url("decision_revoke", former), {"revoked_on": day.isoformat(), "reason": ""}
    )
    assert answer.status_code == ERROR
    errors = answer.context["form"].errors
    assert set(errors) == {"revoked_on", "reason"}
    assert period(former) in str(errors["revoked_on"])
    # After the change it is the change's period that counts.
    late = new.ends_on + timedelta(days=1)
    data = {"revoked_on": late.isoformat(), "reason": ""}
    errors = changed.client.post(url("decision_revoke", former), data).context["form"].errors
    assert period(new) in str(errors["revoked_on"])


def test_a_correction_tells_all_that_is_wrong_at_once(changed):  # noqa: F811
    new = changed.new
    enter(changed.client, changed.cast.members["city"])
    first = changed.former.starts_on.isoformat()
    answer = correct(changed.client, new, starts_on=first, reason="", amount="")
    assert answer.status_code == ERROR
    assert {"starts_on", "reason", "amount"} <= set(answer.context["form"].errors)
    paper = new.certificates.get()
    late = (new.ends_on + timedelta(days=1)).isoformat()
    answer = changed.client.post(
        reverse("admin:city_paper_correct", args=[new.public_id, paper.public_id]),
        {"issued_on": paper.issued_on.isoformat(), "applies_on": late, "reason": ""},
    )
    errors = answer.context["form"].errors
    assert set(errors) == {"applies_on", "reason"}
    assert period(new) in str(errors["applies_on"])


@pytest.mark.parametrize("which", ["decision", "paper", "cap"])
def test_the_main_offices_pages_say_what_they_correct(changed, which):  # noqa: F811
    row = changed.former
    paper, cap = row.certificates.get(), CapPeriod.objects.get(client=row.client)
    enter(changed.client, changed.cast.members["city"])
    names = {
        "decision": ("city_decision_correct", []),
        "paper": ("city_paper_correct", [paper.public_id]),
        "cap": ("city_cap_correct", [cap.public_id]),
    }
    name, more = names[which]
    page = changed.client.get(reverse(f"admin:{name}", args=[row.public_id, *more]))
    told = page.content.decode()
    assert row.municipality.full_name in told
    assert "1234567899" in told
    assert both(row.ends_on) in told
    if which == "paper":
        assert f"受給者証（新規） 交付 {both(paper.issued_on)}" in told
    # The way back stands on the page.
    assert [step["label"] for step in page.context["breadcrumbs"]][:3] == [
        "ホーム", "支給決定の訂正", "この支給決定"
    ]  # fmt: skip
