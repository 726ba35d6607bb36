"""引き継ぎ: step by step on the days of the facts, several centres, corrections, nothing after a death."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.enums import EndReason
from clients.models import Consent, Organisation
from plans.actions import handover as actions
from plans.actions import life_change
from plans.actions.report import give_consent, withdraw_consent
from plans.documents_handover import package
from plans.models import Handover
from plans.queries.expiry import Expiries
from plans.queries.handover import centre_proposal, is_other_centre
from plans.rules.handover import HandoverStep as S
from teikyaku.clock import at_noon
from teikyaku.periods import months_later
from tests.access.handover import begun
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_centre


@pytest.fixture
def who(cast):
    return {"by": cast.members["manager"], "at": at_noon(cast.today)}


@pytest.fixture
def row(cast):
    early = cast.today - timedelta(days=30)
    found = actions.judge_need(
        enrolment=cast.enrolment, judged_on=early, is_needed=True, judgement="生活",
        by=cast.members["manager"], at=at_noon(cast.today),
    )  # fmt: skip
    return actions.record_step(
        handover=found, step=S.CENTRE, centre=make_centre(), by=cast.members["manager"],
        at=at_noon(cast.today),
    )  # fmt: skip


def go(row, who, step, **facts):
    return actions.record_step(handover=row, step=step, **facts, **who)


def consented(row, who, on):
    return go(row, who, S.CONSENT, consented_on=on)


def accepted(row, who, on):
    consented(row, who, on)
    go(row, who, S.SHARING, shared_on=on)
    go(row, who, S.MEETING, meeting_on=on)
    return go(row, who, S.ANSWER, accepted_on=on)


def test_the_whole_way(cast, who, row):
    day = cast.today - timedelta(days=20)
    found = accepted(row, who, day)
    assert found.look_due_on == months_later(day, 6)
    later = day + timedelta(days=10)
    found = go(row, who, S.CONTACT, first_contact_on=later, first_contact_note="会えた")
    assert found.look_due_on == months_later(later, 6)
    found = go(row, who, S.LOOK, looked_on=cast.today, look_note="通えている")
    assert found.look_due_on is not None
    assert found.looked_on == cast.today


def test_consent_stands_among_the_consents_once(cast, who, row):
    consented(row, who, cast.today)
    found = Consent.objects.get(enrolment=cast.enrolment, scope="handover")
    assert (found.recipient, found.recipient_name) == ("centre", make_centre().name)


def test_nothing_out_of_turn(cast, who, row):
    with pytest.raises(ValidationError, match="記録できません"):
        go(row, who, S.SHARING, shared_on=cast.today)
    with pytest.raises(ValidationError) as told:
        consented(row, who, cast.today - timedelta(days=31))
    assert "要否を判断した日" in told.value.message_dict["consented_on"][0]
    with pytest.raises(ValidationError, match="まだ来ていない"):
        consented(row, who, cast.today + timedelta(days=1))
    with pytest.raises(ValidationError, match="先に、情報の共有"):
        go(row, who, S.ANSWER, accepted_on=cast.today)


def test_two_at_once_record_a_step_once(cast, who, row):
    consented(row, who, cast.today)
    other = Handover.objects.get(pk=row.pk)
    go(row, who, S.SHARING, shared_on=cast.today)
    with pytest.raises(ValidationError, match="ほかの職員が先に"):
        go(other, who, S.SHARING, shared_on=cast.today - timedelta(days=1))
    assert Handover.objects.get(pk=row.pk).shared_on == cast.today


def test_a_withdrawn_consent_shares_nothing(cast, who, row):
    day = cast.today - timedelta(days=5)
    consented(row, who, day)
    given = Consent.objects.get(enrolment=cast.enrolment, scope="handover")
    withdraw_consent(consent=given, on=cast.today - timedelta(days=2), **who)
    with pytest.raises(ValidationError, match="有効な、引き継ぎの情報"):
        go(row, who, S.SHARING, shared_on=cast.today)
    assert go(row, who, S.SHARING, shared_on=day).shared_on == day


def test_who_declined_stays_and_another_is_asked(cast, who, row):
    day = cast.today - timedelta(days=9)
    consented(row, who, day)
    go(row, who, S.SHARING, shared_on=day)
    with pytest.raises(ValidationError, match="理由"):
        go(row, who, S.ANSWER, declined_on=day)
    go(row, who, S.ANSWER, declined_on=day, decline_reason="空きがない")
    other = Organisation.objects.create(kind="centre", name="となりのセンター")
    found = go(row, who, S.CENTRE, centre=other, centre_note="区域の外だが空きがある")
    kept = found.refusals.get()
    assert (kept.centre, kept.shared_on, kept.decline_reason) == (make_centre(), day, "空きがない")
    assert (found.centre, found.shared_on, found.declined_on) == (other, None, None)
    # The consent named the first centre: the second needs its own.
    with pytest.raises(ValidationError):
        go(row, who, S.SHARING, shared_on=cast.today)
    consented(row, who, cast.today)
    assert Consent.objects.filter(enrolment=cast.enrolment, scope="handover").count() == 2
    rows = Expiries(cast.office, cast.today, 12).sources["handover"].rows
    assert cast.enrolment.pk not in {row.pk for row in rows}


def test_the_person_may_say_no(cast, who, row):
    found = go(row, who, S.CONSENT, not_consented_on=cast.today, consent_note="考えたい")
    assert found.consented_on is None
    with pytest.raises(ValidationError):
        go(row, who, S.SHARING, shared_on=cast.today)
    assert consented(row, who, cast.today).not_consented_on is None


def test_a_correction_needs_its_reason_and_its_order(cast, who, row):
    accepted(row, who, cast.today - timedelta(days=3))
    change = {"accepted_on": cast.today}
    with pytest.raises(ValidationError, match="理由"):
        actions.correct_handover(handover=row, changes=change, reason="", **who)
    found = actions.correct_handover(handover=row, changes=change, reason="書き間違い", **who)
    assert found.look_due_on == months_later(cast.today, 6)
    assert found.history.latest("history_id").history_change_reason == "書き間違い"
    for changes in ({"shared_on": None}, {"consented_on": cast.today}, {"centre": None}):
        with pytest.raises(ValidationError):
            actions.correct_handover(handover=row, changes=changes, reason="誤り", **who)


def test_the_look_shows_until_it_is_done_also_after_the_end(cast, who, row):
    accepted(row, who, cast.today - timedelta(days=3))
    life_change.end_use(
        enrolment=cast.enrolment, ends_on=cast.today - timedelta(days=1), reason="own_wish",
        note="", **who,
    )  # fmt: skip

    def looks():
        return list(Expiries(cast.office, cast.today, 12).sources["handover_look"].rows)

    assert len(looks()) == 1
    go(row, who, S.LOOK, looked_on=cast.today, look_note="元気")
    assert looks() == []


def test_after_a_death_nothing_goes_on(cast, who, row):
    accepted(row, who, cast.today)
    life_change.end_use(
        enrolment=cast.enrolment, ends_on=cast.today, reason=EndReason.DIED, note="", **who
    )
    row = Handover.objects.get(pk=row.pk)
    with pytest.raises(ValidationError, match="亡くなった"):
        go(row, who, S.CONTACT, first_contact_on=cast.today)
    assert len(Expiries(cast.office, cast.today, 12, "handover_look")) == 0


def test_the_area_proposes_and_a_protected_home_does_not(cast):
    home = cast.enrolment.client.residences.create(
        municipality=cast.wards[2], address="架空町1", starts_on=cast.today,
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    found = centre_proposal(cast.enrolment.client, cast.today)
    assert not found.is_home_hidden
    assert "らいふあっぷ" in found.centres.referrals[0].name
    home.is_protected = True
    home._history_date = at_noon(cast.today)
    home.save()
    hidden = centre_proposal(cast.enrolment.client, cast.today)
    assert hidden.is_home_hidden
    assert "お住まいの市町村はどこですか。" in hidden.centres.questions


def test_the_pages_follow_the_way(client, cast):
    enter(client, cast.members["manager"])
    begun(cast)
    page = client.get(reverse("handover_page", args=[cast.enrolment.public_id]))
    assert "本人の同意を記録する" in page.content.decode()
    url = reverse("handover_step", args=[cast.enrolment.public_id, "consent"])
    bad = client.post(url, {"consented_on": "", "consent_note": "残る言葉"})
    assert "残る言葉" in bad.content.decode()
    assert bad.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(url, {"consented_on": cast.today}).status_code == 302
    gone = client.get(url, follow=True)
    assert gone.redirect_chain[0][0] == reverse("handover_page", args=[cast.enrolment.public_id])
    assert "先に「情報の共有」を記録します" in gone.content.decode()
    assert (
        client.get(
            reverse("handover_step", args=[cast.enrolment.public_id, "nonsense"])
        ).status_code
        == 404
    )


def test_a_centre_of_another_area_has_its_reason_on_the_record_and_in_the_package(
    client, cast, who
):
    row = actions.judge_need(
        enrolment=cast.enrolment, judged_on=cast.today, is_needed=True, judgement="生活", **who
    )
    fitting, other = make_centre(), Organisation.objects.create(kind="centre", name="遠いセンター")
    home = row.enrolment.client.residences.create(
        municipality=cast.wards[2], address="架空町1", starts_on=cast.today,
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    fitting.areas.add(home.municipality)
    assert is_other_centre(row.enrolment.client, other, cast.today)
    assert not is_other_centre(row.enrolment.client, fitting, cast.today)
    enter(client, cast.members["manager"])
    url = reverse("handover_step", args=[row.enrolment.public_id, "centre"])
    answer = client.post(url, {"centre": other.pk, "centre_note": " "})
    assert list(answer.context["form"].errors) == ["centre_note"]
    assert f'value="{other.pk}" selected' in answer.content.decode()
    assert client.post(url, {"centre": other.pk, "centre_note": "母の家に近い"}).status_code == 302
    row.refresh_from_db()
    page = client.get(reverse("handover_page", args=[row.enrolment.public_id])).content.decode()
    assert "母の家に近い" in page
    consent = give_consent(
        enrolment=row.enrolment, recipient="centre", recipient_name=other.name, scope="handover",
        starts_on=cast.today, **who,
    )  # fmt: skip
    told = package(row, consent, number="1", issued_on=cast.today, without=frozenset())
    assert told.content["centre_note"] == "母の家に近い"
    # What was explained once cannot lose its explanation, nor another centre come without one.
    with pytest.raises(ValidationError) as error:
        actions.correct_handover(handover=row, changes={"centre_note": ""}, reason="誤り", **who)
    assert "centre_note" in error.value.message_dict
    actions.correct_handover(
        handover=row, changes={"centre": fitting, "centre_note": ""}, reason="誤り", **who
    )
