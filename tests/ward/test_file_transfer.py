"""区の引継ぎ: the file passes with an acceptance; what a ward decided stays readable to it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.models import Residence
from plans.actions import file_transfer
from plans.models import Application, Decision, FileTransfer
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.roles import Role
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member
from tests.ward.conftest import ERROR


def url(name, row):
    return reverse(f"admin:{name}", args=[row.public_id])


def offered(two, row, **changes):
    data = {
        "to_municipality": str(two.there.pk), "moved_on": two.on.isoformat(), "note": "母と同居へ",
        **changes,
    }  # fmt: skip
    answer = two.client.post(url("decision_transfer", row.decision), data)
    assert answer.status_code == 302
    return FileTransfer.objects.get(client=row.client, outcome="")


def queue_of(two, member):
    enter(two.client, member)
    return two.client.get(reverse("admin:index")).content.decode()


def test_the_file_passes_and_the_old_ward_reads(two):
    row = two.granted()
    transfer, page = offered(two, row), url("decision_page", row.decision)
    # Nothing has passed yet: the old ward still acts, the new one sees the offer alone.
    assert two.client.get(url("decision_cap", row.decision)).status_code == 200
    assert "引継ぎを申し出ています" in two.client.get(page).content.decode()
    assert "答えを待っています" in queue_of(two, two.receiver)
    assert two.client.get(page).status_code == 404
    assert "母と同居へ" in two.client.get(url("transfer_page", transfer)).content.decode()

    data = {"address": "架空町9-9"}
    assert two.client.post(url("transfer_accept", transfer), data).status_code == 302
    transfer.refresh_from_db()
    assert (transfer.outcome, transfer.outcome_by) == ("accepted", two.receiver)
    home = Residence.objects.get(client=row.client, ends_on=None)
    assert (home.address, home.municipality, home.starts_on) == ("架空町9-9", two.there, two.on)
    # The new ward acts; who pays and the number stay until the next decision.
    assert two.client.get(page).status_code == 200
    assert two.client.get(url("application_page", row)).status_code == 200
    assert two.client.get(url("survey_correct", row)).status_code == 200
    cap = two.client.get(url("decision_cap", row.decision))
    assert cap.status_code == 200
    decision = Decision.objects.get(pk=row.decision.pk)
    assert (decision.municipality, decision.keeper) == (two.cast.wards[2], two.there)
    renewal = two.client.get(reverse("admin:application_new") + f"?renew={decision.public_id}")
    assert "窓口 花子" in renewal.content.decode()

    enter(two.client, two.officer)
    old = two.client.get(page)
    assert "引き継ぎました" in old.content.decode()
    assert not old.context["may_write"]
    for name in ("decision_cap", "decision_reissue", "decision_revoke", "decision_transfer"):
        assert two.client.get(url(name, decision)).status_code == 404
    assert two.client.get(url("application_page", row)).status_code == 200
    assert two.client.get(url("survey_correct", row)).status_code == 404


def test_a_running_application_passes_to_the_new_wards_queue(two):
    row = two.heard()
    data = {"to_municipality": str(two.there.pk), "moved_on": two.on.isoformat()}
    assert two.client.post(url("application_transfer", row), data).status_code == 302
    transfer = FileTransfer.objects.get()
    enter(two.client, two.receiver)
    assert two.client.post(url("transfer_accept", transfer), {}).status_code == 302
    row.refresh_from_db()
    assert row.municipality == two.there
    assert two.post("decision_grant", row, two.grant_data()).status_code == 302
    assert Decision.objects.get(application=row).municipality == two.there
    enter(two.client, two.officer)
    assert two.client.get(url("application_page", row)).status_code == 404
    assert two.client.get(url("decision_page", row.decision)).status_code == 404


def test_the_renewal_list_follows_the_file(two):
    row = two.granted()
    Decision.objects.filter(pk=row.decision.pk).update(ends_on=two.on + timedelta(days=20))
    assert "窓口 花子" in two.client.get(reverse("admin:index")).content.decode()
    transfer = offered(two, row)
    file_transfer.accept_file(transfer=transfer, by=two.receiver, at=two.who["at"])
    assert "窓口 花子" not in two.client.get(reverse("admin:index")).content.decode()
    assert "窓口 花子" in queue_of(two, two.receiver)
    # And back again: it is simply its own.
    enter(two.client, two.receiver)
    back = file_transfer.offer_file(
        client=row.client, sender=two.there, receiver=two.cast.wards[2], moved_on=two.on, note="",
        by=two.receiver, at=two.who["at"],
    )  # fmt: skip
    file_transfer.accept_file(transfer=back, **two.who)
    assert Decision.objects.get(pk=row.decision.pk).passed_to is None


def test_declined_with_a_reason_that_the_other_ward_reads(two):
    row = two.granted()
    transfer = offered(two, row)
    enter(two.client, two.receiver)
    assert two.client.post(url("transfer_decline", transfer), {"reason": ""}).status_code == ERROR
    data = {"reason": "まだ転入の届けがありません。12月に確かめます。"}
    assert two.client.post(url("transfer_decline", transfer), data).status_code == 302
    assert two.client.get(url("decision_page", row.decision)).status_code == 404
    # Too late: told, not done.
    late = two.client.post(url("transfer_accept", transfer), {})
    assert late.status_code == ERROR
    assert "もう「引き受けなかった」" in late.content.decode()
    enter(two.client, two.officer)
    shown = two.client.get(url("decision_page", row.decision)).content.decode()
    assert "12月に確かめます" in shown
    assert "12月に確かめます" in two.client.get(reverse("admin:transfer_list")).content.decode()


def test_taken_back_before_the_answer(two):
    row = two.granted()
    transfer = offered(two, row)
    enter(two.client, two.receiver)
    assert two.client.post(url("transfer_withdraw", transfer)).status_code == 404
    enter(two.client, two.officer)
    assert two.client.post(url("transfer_withdraw", transfer)).status_code == 302
    again = two.client.post(url("transfer_withdraw", transfer), follow=True).content.decode()
    assert "もう「取り下げた」" in again
    assert "引継ぎ" not in queue_of(two, two.receiver)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to_municipality": ""}, "to_municipality"),
        ({"moved_on": "2/30"}, "moved_on"),
        ({"note": "あ" * 10_000}, "note"),
    ],
)
def test_wrong_offers_are_told_at_their_field(two, changes, field):
    row = two.granted()
    data = {"to_municipality": str(two.there.pk), "moved_on": "R8.11.20", "note": "残る", **changes}
    answer = two.client.post(url("decision_transfer", row.decision), data)
    assert answer.status_code == ERROR
    assert field in answer.context["form"].errors
    assert not FileTransfer.objects.exists()


def test_other_cities_are_no_choice_and_one_offer_is_enough(two):
    row = two.granted()
    form = two.client.get(url("decision_transfer", row.decision)).context["form"]
    choices = form.fields["to_municipality"].queryset
    assert two.cast.wards[2] not in choices
    assert {ward.city for ward in choices} == {two.cast.wards[2].city}
    elsewhere = Municipality.objects.create(code="999990", name="遠い市", kana="とおいし")
    offer = {"client": row.client, "sender": two.cast.wards[2], "moved_on": two.on, "note": ""}
    with pytest.raises(ValidationError, match="同じ市"):
        file_transfer.offer_file(receiver=elsewhere, **offer, **two.who)
    offered(two, row)
    data = {"to_municipality": str(two.there.pk), "moved_on": two.on.isoformat()}
    again = two.client.post(url("decision_transfer", row.decision), data)
    assert again.status_code == ERROR
    assert "もう申し出ています" in again.content.decode()


def test_who_has_applied_there_already_is_told(two):
    row = two.received()
    other = Application(
        client=row.client, municipality=two.there, received_on=two.on, received_place="ward_office",
        recorded_by=two.receiver, recorded_at=two.who["at"],
    )  # fmt: skip
    other.save()
    transfer = file_transfer.offer_file(
        client=row.client, sender=two.cast.wards[2], receiver=two.there, moved_on=two.on, note="",
        **two.who,
    )  # fmt: skip
    enter(two.client, two.receiver)
    answer = two.client.post(url("transfer_accept", transfer), {"address": "書いたもの"})
    assert answer.status_code == ERROR
    assert "まだ終わっていない申請" in answer.content.decode()
    assert "書いたもの" in answer.content.decode()
    assert Application.objects.get(pk=row.pk).municipality == two.cast.wards[2]
    assert FileTransfer.objects.get().outcome == ""


def test_a_third_ward_sees_nothing(two):
    transfer = offered(two, two.granted())
    third = next(ward for ward in two.cast.wards if ward not in (two.there, two.cast.wards[2]))
    enter(two.client, make_member("third", Role.WARD_OFFICER, municipality=third))
    for name in ("transfer_page", "transfer_accept", "transfer_decline"):
        assert two.client.get(url(name, transfer)).status_code == 404
    assert "引継ぎ" not in two.client.get(reverse("admin:index")).content.decode()


def test_the_database_wants_reasons_and_two_wards(two):
    transfer = offered(two, two.granted())
    mine = FileTransfer.objects.filter(pk=transfer.pk)
    for wrong in (
        {"outcome": "declined", "outcome_by": two.receiver, "outcome_at": two.who["at"]},
        {"outcome": "accepted"},
        {"to_municipality": two.cast.wards[2]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**wrong)
