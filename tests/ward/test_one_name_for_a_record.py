"""A record of the ward is one step of the way, called by one name on its own page and below it."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(("record", "below"), [
    ("application_page", "survey_correct"), ("decision_page", "decision_cap"), ("decision_page", "decision_revoke"),
])  # fmt: skip
def test_the_step_has_the_persons_name_on_both_pages(counter, record, below):
    application = counter.granted()
    row = application if record == "application_page" else application.decision
    own = counter.client.get(reverse(f"admin:{record}", args=[row.public_id]))
    form = counter.client.get(reverse(f"admin:{below}", args=[row.public_id]))
    assert own.context["breadcrumbs"][-1]["label"] == "窓口 花子"
    assert form.context["breadcrumbs"][-2]["label"] == "窓口 花子"
