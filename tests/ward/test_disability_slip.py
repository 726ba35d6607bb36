"""障害種別 of a decision's page: recorded, and put right where it stands."""

from django.urls import reverse

from tests.cast import LONG_AGO
from tests.ward.conftest import ERROR


def test_a_wrong_disability_is_corrected_where_it_stands(counter):
    decision = counter.granted().decision
    page, day = reverse("admin:decision_page", args=[decision.public_id]), LONG_AGO.isoformat()
    text = counter.client.get(page).content.decode()
    assert "記録する</a>" in text
    known = {"kind": "mental", "starts_on": day}
    assert counter.post("decision_disability_new", decision, known).status_code == 302
    (fact,) = decision.client.disabilities.all()
    wrong = reverse("admin:decision_disability_correct", args=[decision.public_id, fact.public_id])
    text = counter.client.get(page).content.decode()
    assert wrong in text
    assert "ほかの種別を記録する</a>" in text
    data = {"kind": "intellectual", "starts_on": day}
    assert counter.client.post(wrong, data).status_code == ERROR
    assert counter.client.post(wrong, {**data, "reason": "押しまちがい"}).status_code == 302
    fact.refresh_from_db()
    assert (fact.kind, fact.history.count()) == ("intellectual", 2)
