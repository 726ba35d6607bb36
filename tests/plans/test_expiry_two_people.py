"""Two people lay the same end aside: the second is told who was faster, and loses nothing."""

import pytest
from django.urls import reverse

from plans.models import ExpirySettlement
from tests.access.expiry import lapsed_consent, lapsed_decision
from tests.accounts.test_coming_and_going import enter

SIDES = [
    ("expiry_settle", "consent", lapsed_consent, "manager", "worker"),
    ("admin:ward_expiry_settle", "decision", lapsed_decision, "officer", "officer"),
]


@pytest.mark.parametrize(
    ("name", "kind", "lapsed", "first", "second"), SIDES, ids=["office", "ward"]
)
def test_the_second_is_told_who_was_faster(client, cast, name, kind, lapsed, first, second):
    url = reverse(name, args=[kind, lapsed(cast).public_id])
    enter(client, cast.members[first])
    assert client.post(url, {"reason": "先に書いた理由"}).status_code == 302
    enter(client, cast.members[second])
    page = client.post(url, {"reason": "あとの<理由>"}, follow=True)
    assert page.redirect_chain == [(reverse(name.replace("settle", "settled")), 302)]
    text = page.content.decode()
    is_other = first != second
    assert (f"{cast.members[first].user.name}さんが先に済みにしました" in text) is is_other
    assert ("もう済みになっています" in text) is not is_other
    assert "あとの&lt;理由&gt;" in text
    assert "先に書いた理由" in text
    assert [row.reason for row in ExpirySettlement.objects.all()] == ["先に書いた理由"]
    # Opened from an old page, the same without a word of a reason.
    text = client.get(url, follow=True).content.decode()
    assert "いま入れた理由" not in text
    assert "済みに" in text
