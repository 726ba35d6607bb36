"""支給決定 by two officers: written by one, confirmed by another, or handed back with its words."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from plans.actions import file_transfer, second_officer
from plans.models import Decision, NumberRange, PendingGrant
from teikyaku.accounts.roles import Role
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member
from tests.ward.conftest import ERROR


@pytest.fixture
def careful(counter):
    """The counter of a ward that wants two officers, and its second officer."""
    ward = counter.cast.wards[2]
    ward.needs_second_officer = True
    ward.save()
    counter.second = make_member("second", Role.WARD_OFFICER, municipality=ward)
    return counter


def page(counter, name, row):
    return counter.client.get(reverse(f"admin:{name}", args=[row.public_id]))


def written(counter, **changes):
    row = counter.heard()
    data = counter.grant_data(**changes)
    assert counter.post("decision_grant", row, data).status_code == 302
    return row


def assert_nothing_waits(counter, row):
    address = reverse("admin:decision_confirm", args=[row.public_id])
    late = counter.client.get(address, follow=True).content.decode()
    assert "確認を待っている案はありません" in late
    assert "二人目の確認" not in counter.client.get(reverse("admin:index")).content.decode()


def test_off_by_default_nothing_waits(counter):
    assert counter.granted().outcome == "granted"
    assert not PendingGrant.objects.exists()


def test_one_writes_and_another_confirms(careful):
    row = written(careful, reason="職場に慣れるまで")
    assert not Decision.objects.filter(application=row).exists()
    # Who wrote it sees that it waits, and cannot confirm it.
    assert (
        "ほかの職員の確認を待っています" in page(careful, "application_page", row).content.decode()
    )
    assert "支給決定の案を確認する" not in page(careful, "application_page", row).content.decode()
    own = page(careful, "decision_confirm", row).content.decode()
    assert "自分の案は、自分では確認できません" in own
    assert careful.post("decision_confirm", row, {}).status_code == 302
    assert not Decision.objects.filter(application=row).exists()
    # A second one is not begun beside it.
    assert page(careful, "decision_grant", row).status_code == 302
    again = careful.post("decision_grant", row, careful.grant_data())
    assert again.status_code == ERROR
    assert "もう確認を待っています" in again.content.decode()

    enter(careful.client, careful.second)
    queue = careful.client.get(reverse("admin:index")).content.decode()
    assert "二人目の確認を待つ支給決定" in queue
    assert "<td>二人目の確認</td>" in queue
    assert "支給決定の案を確認する" in page(careful, "application_page", row).content.decode()
    shown = page(careful, "decision_confirm", row).content.decode()
    assert "職場に慣れるまで" in shown
    assert "9,300" in shown
    assert "1234567899" in shown
    assert careful.post("decision_confirm", row, {}).status_code == 302
    decision = Decision.objects.get(application=row)
    assert decision.recorded_by == careful.second
    pending = PendingGrant.objects.get()
    assert (pending.outcome, pending.outcome_by) == ("confirmed", careful.second)
    assert_nothing_waits(careful, row)


def test_what_is_handed_back_is_not_typed_again(careful):
    row = written(careful, reason="理由はこれ", cap_yen="９，３００")
    enter(careful.client, careful.second)
    empty = careful.post("decision_return", row, {"reason": " "})
    assert empty.status_code == ERROR
    assert PendingGrant.objects.get().outcome == ""
    assert careful.post("decision_return", row, {"reason": "上限額を確かめる"}).status_code == 302
    assert not Decision.objects.filter(application=row).exists()
    enter(careful.client, careful.officer)
    assert "上限額を確かめる" in page(careful, "application_page", row).content.decode()
    form = page(careful, "decision_grant", row)
    assert "上限額を確かめる" in form.content.decode()
    assert "理由はこれ" in form.content.decode()
    assert form.context["form"]["cap_yen"].value() == "９，３００"
    assert careful.post("decision_grant", row, careful.grant_data()).status_code == 302
    assert PendingGrant.objects.filter(application=row).count() == 2


def test_a_draft_handed_back_is_kept_where_one_officer_is_enough_by_now(careful):
    row = written(careful, amount="月10日")
    assert careful.post("decision_return", row, {"reason": "書き直す"}).status_code == 302
    careful.cast.wards[2].needs_second_officer = False
    careful.cast.wards[2].save()
    form = page(careful, "decision_grant", row)
    assert form.context["form"]["amount"].value() == "月10日"
    assert "書き直す" in form.content.decode()


def test_a_file_does_not_pass_with_a_draft_that_waits(careful):
    """Offered first, written afterwards: the draft is confirmed or handed back where it was written."""
    receiver = careful.cast.members["other_officer"]
    who = {"by": receiver, "at": careful.who["at"]}
    former = careful.heard()
    transfer = file_transfer.offer_file(
        client=former.client, sender=former.municipality, receiver=receiver.municipality,
        moved_on=careful.on, note="", **careful.who,
    )  # fmt: skip
    assert careful.post("decision_grant", former, careful.grant_data()).status_code == 302
    enter(careful.client, receiver)
    answer = careful.client.post(reverse("admin:transfer_accept", args=[transfer.public_id]), {})
    assert answer.status_code == ERROR
    told = answer.content.decode()
    assert "ほかの職員の確認を待っています" in told
    assert former.municipality.full_name in told
    former.refresh_from_db()
    assert former.municipality == careful.cast.wards[2]
    pending = PendingGrant.objects.get()
    second_officer.return_grant(
        pending=pending, reason="直す", by=careful.second, at=careful.who["at"]
    )
    assert file_transfer.accept_file(transfer=transfer, **who).outcome == "accepted"


def test_a_file_that_was_asked_for_waits_for_its_draft_too(careful):
    row = written(careful)
    received = file_transfer.Received("new", careful.on, "ward_office", "", "架空町2", False)
    transfer = file_transfer.ask_for_file(
        client=row.client, keeper=row.municipality, moved_on=careful.on, received=received,
        receiver=careful.cast.members["other_officer"].municipality,
        by=careful.cast.members["other_officer"], at=careful.who["at"],
    )  # fmt: skip
    with pytest.raises(ValidationError, match="先に確認するか、戻してください"):
        file_transfer.accept_file(transfer=transfer, **careful.who)


def test_what_cannot_be_granted_is_told_to_the_writer(careful):
    row = careful.heard()
    answer = careful.post("decision_grant", row, careful.grant_data(decided_on="2199-01-01"))
    assert answer.status_code == ERROR
    assert "decided_on" in answer.context["form"].errors
    assert not PendingGrant.objects.exists()


def test_a_number_is_taken_when_it_is_confirmed(careful):
    numbers = NumberRange.objects.create(
        municipality=careful.cast.wards[2], first_number="3000000000", last_number="3000000099",
        next_number=3_000_000_000, recorded_by=careful.officer, recorded_at=careful.who["at"],
    )  # fmt: skip
    row = written(careful, number="")
    numbers.refresh_from_db()
    assert numbers.next_number == 3_000_000_000
    enter(careful.client, careful.second)
    assert careful.post("decision_confirm", row, {}).status_code == 302
    paper = Decision.objects.get(application=row).certificates.get()
    assert 3_000_000_000 <= int(paper.recipient_number.number) < numbers.next_number + 100


def test_what_changed_in_between_is_told_and_still_waits(careful):
    row = written(careful)
    enter(careful.client, careful.second)
    pending = PendingGrant.objects.get()
    pending.answers["number"] = "12345"
    pending.save()
    answer = careful.client.post(
        reverse("admin:decision_confirm", args=[row.public_id]), follow=True
    )
    # With the question that it is about: nothing stands beside it on this page.
    assert "受給者証番号：" in answer.content.decode()
    assert "10桁" in answer.content.decode()
    pending.refresh_from_db()
    assert pending.outcome == ""


def test_an_ended_application_waits_for_nobody(careful):
    row = written(careful)
    end = {"outcome": "withdrawn", "outcome_on": careful.on.isoformat(), "reason": "本人の希望"}
    assert careful.post("application_end", row, end).status_code == 302
    enter(careful.client, careful.second)
    assert_nothing_waits(careful, row)


def test_settled_once(careful):
    written(careful)
    pending = PendingGrant.objects.get()
    who = {"by": careful.second, "at": careful.who["at"]}
    second_officer.return_grant(pending=pending, reason="直す", **who)
    with pytest.raises(ValidationError, match="もう「戻した」"):
        second_officer.confirm_grant(pending=pending, grant=pytest.fail, **who)


def test_the_database_keeps_the_second_person(careful):
    written(careful)
    with pytest.raises(IntegrityError), transaction.atomic():
        PendingGrant.objects.update(
            outcome="confirmed", outcome_by=careful.officer, outcome_at=careful.who["at"]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        PendingGrant.objects.update(
            outcome="returned", outcome_by=careful.second, outcome_at=careful.who["at"]
        )


def test_another_ward_sees_nothing(careful):
    row = written(careful)
    stranger = make_member("stranger", Role.WARD_OFFICER, municipality=careful.cast.wards[0])
    enter(careful.client, stranger)
    for name in ("decision_confirm", "decision_return"):
        assert page(careful, name, row).status_code == 404
        assert careful.post(name, row, {"reason": "x"}).status_code == 404
    assert "二人目の確認" not in careful.client.get(reverse("admin:index")).content.decode()
