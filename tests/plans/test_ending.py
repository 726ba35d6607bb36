"""終了: what each reason brings about is told before, and is true afterwards."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse

from clients.enums import EndReason
from clients.models import Consent, Enrolment
from plans.actions import handover as actions
from plans.actions import life_change
from plans.queries.ending import end_cards
from plans.queries.expiry import Expiries
from plans.rules.handover import HandoverStep as S
from teikyaku.clock import at_noon
from tests.access.handover import begun
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def who(cast):
    return {"by": cast.members["manager"], "at": at_noon(cast.today)}


def told(cast):
    return {card.reason: " ".join(card.lines) for card in end_cards(cast.enrolment, cast.today)}


def test_every_reason_has_its_effects(cast):
    found = told(cast)
    assert set(found) == set(EndReason.values)
    assert "何も渡せません" in found["died"]
    assert "義務に反しません" in found["left_job"]
    assert "義務に反しません" in found["moved"]
    assert "市に確認" in found["own_wish"]
    assert "市に確認" in found["other_office"]
    assert "要否の判断の記録がありません" in found["expired"]


def test_the_duty_of_an_end_in_time_follows_the_record(cast):
    begun(cast)
    assert "情報の共有の記録がありません" in told(cast)["expired"]


def test_the_page_says_it_before_saving(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("enrolment_end", args=[cast.enrolment.public_id])
    page = client.get(url).content.decode()
    assert "終わると、どうなりますか" in page
    assert "ほかの相手のどちらにも渡せません" in page
    bad = client.post(url, {"ends_on": "", "reason": "moved", "note": "県外へ"})
    assert bad.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "県外へ" in bad.content.decode()


def test_on_the_day_of_a_death_nothing_waits(client, cast, who):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        window_ends_on=cast.today + timedelta(days=100)
    )
    cast.enrolment.refresh_from_db()
    enter(client, cast.members["worker"])
    url = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert client.get(url).context["page"].next

    def waits():
        return [row.client_id for row in Expiries(cast.office, cast.today, 12)[0:50]]

    assert cast.enrolment.client.public_id in waits()
    life_change.end_use(enrolment=cast.enrolment, ends_on=cast.today, reason="died", note="", **who)
    assert client.get(url).context["page"].next == ()
    assert cast.enrolment.client.public_id not in waits()


def test_after_the_end_the_hand_over_goes_on_and_a_consent_can_go(client, cast, who):
    row, day = begun(cast), cast.today
    actions.record_step(handover=row, step=S.CONSENT, consented_on=day, **who)
    actions.record_step(handover=row, step=S.SHARING, shared_on=day, **who)
    actions.record_step(handover=row, step=S.ANSWER, accepted_on=day, **who)
    life_change.end_use(
        enrolment=cast.enrolment, ends_on=day - timedelta(days=1), reason="own_wish", note="",
        **who,
    )  # fmt: skip
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    (thing,) = page.context["page"].next
    assert thing.url == reverse("handover_page", args=[cast.enrolment.public_id])
    step = reverse("handover_step", args=[cast.enrolment.public_id, "contact"])
    assert client.post(step, {"first_contact_on": day}).status_code == HTTPStatus.FOUND
    given = Consent.objects.get(enrolment=cast.enrolment, scope="handover")
    end = reverse("consent_end", args=[cast.enrolment.public_id, given.public_id])
    assert client.post(end, {"withdrawn_on": day}).status_code == HTTPStatus.FOUND
    assert (
        "情報は渡せません"
        in client.get(reverse("handover_page", args=[cast.enrolment.public_id])).content.decode()
    )
