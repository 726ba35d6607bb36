"""After 却下 and 取消 the letter comes next: told by the message, first on the page until it is made."""

import re

from django.urls import reverse

from plans.models import WardPaper


def primary(page):
    """The first primary button of the page's head: where it leads."""
    found = re.search(r'<a class="button" href="([^"]+)">', page)
    return found and found[1]


def asked(counter, name, row):
    return counter.client.get(reverse(f"admin:{name}", args=[row.public_id]))


def test_after_a_refusal_its_letter_leads_until_it_is_made(counter):
    row = counter.received()
    data = {"outcome": "refused", "outcome_on": counter.on.isoformat(), "reason": "対象外"}
    assert counter.post("application_end", row, data).status_code == 302
    page = asked(counter, "application_page", row).content.decode()
    assert "次に、申請却下通知書を作ります。" in page
    assert primary(page) == reverse("admin:application_refusal_notice", args=[row.public_id])
    made = counter.post("application_refusal_notice", row, _head(counter))
    assert made.status_code == 302, made.context["form"].errors
    assert primary(asked(counter, "application_page", row).content.decode()) is None


def test_a_withdrawal_asks_for_no_letter(counter):
    row = counter.received()
    data = {"outcome": "withdrawn", "outcome_on": counter.on.isoformat(), "reason": "本人から"}
    assert counter.post("application_end", row, data).status_code == 302
    page = asked(counter, "application_page", row).content.decode()
    assert "通知書を作ります" not in page
    assert primary(page) is None


def test_after_a_revocation_its_letter_goes_before_that_of_the_grant(counter):
    decision = counter.granted().decision
    data = {"revoked_on": counter.on.isoformat(), "reason": "転出", "is_known": "on"}
    assert counter.post("decision_revoke", decision, data).status_code == 302
    page = asked(counter, "decision_page", decision).content.decode()
    letter = reverse("admin:decision_revocation_notice", args=[decision.public_id])
    assert "次に、支給決定取消通知書を作ります。" in page
    assert primary(page) == letter
    grant = reverse("admin:decision_grant_notice", args=[decision.public_id])
    assert page.rindex(letter) < page.index(grant)
    assert counter.post("decision_revocation_notice", decision, _head(counter)).status_code == 302
    assert decision.papers.filter(kind=WardPaper.Kind.REVOCATION).exists()
    assert primary(asked(counter, "decision_page", decision).content.decode()) is None


def _head(counter):
    return {"issued_on": counter.on.isoformat()}
