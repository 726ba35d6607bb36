"""区への提案 instead of telephone calls: whose turn, what was read, and what an acceptance does."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.models import Employment, Residence
from plans.actions import proposal as actions
from plans.models import Application, Decision, Proposal
from plans.queries.proposal import proposal_desk, rows, waiting_for
from teikyaku.accounts.models import AuditEvent, Municipality
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.era import both
from teikyaku.form_pages import STORED
from tests.access.proposals import proposed
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member
from tests.ward.conftest import ERROR


def state_of(row):
    return Proposal.objects.get(pk=row.pk).state


def test_a_renewal_is_proposed_prefilled_and_opens_an_application(talk):
    enter(talk.client, talk.worker)
    url = reverse("proposal_new", args=[talk.enrolment.public_id, "renewal"])
    form = talk.client.get(url).context["form"]
    ends_on = talk.cast.decision.ends_on
    assert form["starts_on"].value() == (ends_on + timedelta(days=1)).isoformat()
    assert (
        talk.new("renewal", starts_on=ends_on + timedelta(days=1), text="更新を").status_code == 302
    )
    row = Proposal.objects.get()
    assert (row.state, row.decision, row.is_read) == ("ward", talk.cast.decision, False)
    answer = talk.ward("accept", row)
    opened = Application.objects.get(client=talk.cast.decision.client, outcome="")
    assert answer["Location"] == reverse("admin:application_page", args=[opened.public_id]) + STORED
    assert (opened.kind, opened.handed_in_by) == ("renewal", talk.cast.office.name)
    assert (state_of(row), Proposal.objects.get().application) == ("accepted", opened)
    assert [step.act for step in row.steps.all()] == ["proposed", "accepted"]


def test_asked_back_answered_refused_with_a_reason_and_a_next_step(talk):
    row = proposed(talk.cast)
    assert talk.ward("ask", row, {"text": ""}).status_code == ERROR
    assert talk.ward("ask", row, {"text": "計画案はいつ出ますか"}).status_code == 302
    assert state_of(row) == "office"
    # Not the ward's turn now: told, not done.
    late = talk.ward("accept", row)
    assert late.status_code == ERROR
    assert "もう「事業所の番」" in late.content.decode()
    enter(talk.client, talk.worker)
    shown = talk.client.get(reverse("proposal_answer", args=[row.public_id])).content.decode()
    assert "計画案はいつ出ますか" in shown
    assert talk.office("answer", row, {"text": "来週です"}).status_code == 302
    assert state_of(row) == "ward"
    data = {"reason": "missing", "text": "計画案を待ちます"}
    wrong = talk.ward("refuse", row, data)
    assert wrong.status_code == ERROR
    assert "計画案を待ちます" in wrong.content.decode()
    assert list(wrong.context["form"].errors) == ["next_step"]
    data["next_step"] = "計画案がそろったら、もう一度出してください。"
    assert talk.ward("refuse", row, data).status_code == 302
    enter(talk.client, talk.worker)
    page = talk.client.get(reverse("proposal_page", args=[row.public_id])).content.decode()
    for words in ("来週です", "書類や情報が足りない", data["next_step"], talk.officer.user.name):
        assert words in page
    assert talk.office("withdraw", row, {"text": "x"}).status_code == ERROR


def test_an_end_revokes_on_the_last_day(talk):
    decision = talk.cast.decision
    outside = talk.new("end", ends_on=decision.ends_on + timedelta(days=1), text="転居のため")
    assert outside.status_code == ERROR
    assert "ends_on" in outside.context["form"].errors
    assert (
        talk.new("end", ends_on=talk.on + timedelta(days=3), text="転居のため").status_code == 302
    )
    enter(talk.client, talk.officer)
    row = Proposal.objects.get()
    url = reverse("admin:ward_proposal_accept", args=[row.public_id])
    page = talk.client.get(url).content.decode()
    assert "元に戻せません" in page
    assert both(talk.on + timedelta(days=3)) in page
    # What goes on all the same is told before it is accepted.
    assert "負担上限月額は、そのまま残ります" in page
    assert talk.ward("accept", row, {"text": "承知しました"}).status_code == 302
    decision = Decision.objects.get(pk=decision.pk)
    assert decision.ends_on == decision.revoked_on == talk.on + timedelta(days=3)


def test_what_cannot_be_carried_out_is_not_accepted(talk):
    assert talk.new("end", ends_on=talk.on, text="終了").status_code == 302
    row = Proposal.objects.get()
    Decision.objects.filter(pk=row.decision_id).update(
        revoked_on=talk.on, revocation_reason="先に取り消した", granted_until=row.decision.ends_on
    )
    answer = talk.ward("accept", row, {"text": "書いたもの"})
    assert answer.status_code == ERROR
    assert "取り消されています" in answer.content.decode()
    assert "書いたもの" in answer.content.decode()
    assert (state_of(row), row.steps.count()) == ("ward", 1)


def test_a_move_is_recorded_and_leads_to_the_transfer(talk):
    there = talk.cast.wards[4]
    data = {"starts_on": talk.on, "municipality": there.pk, "value": "架空町5-5"}
    assert talk.new("address", **data).status_code == 302
    row = Proposal.objects.get()
    assert talk.ward("accept", row).status_code == 302
    home = Residence.objects.get(client=row.decision.client, ends_on=None)
    assert (home.address, home.municipality) == ("架空町5-5", there)
    page = talk.client.get(reverse("admin:ward_proposal", args=[row.public_id])).content.decode()
    assert reverse("admin:decision_transfer", args=[row.decision.public_id]) in page


def test_a_protected_address_is_not_sent(talk):
    client = talk.cast.decision.client
    client.residences.all().delete()
    Residence.objects.create(
        client=client, municipality=talk.cast.wards[2], address="秘密", is_protected=True,
        starts_on=talk.on - timedelta(days=9), recorded_by=talk.worker, recorded_at=at_noon(talk.on),
    )  # fmt: skip
    data = {"starts_on": talk.on, "municipality": talk.cast.wards[2].pk, "value": "架空町5-5"}
    answer = talk.new("address", **data)
    assert answer.status_code == ERROR
    assert "区に直接" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_a_job_change_ends_the_former_job_and_keeps_the_flag(talk):
    client = talk.cast.decision.client
    Employment.objects.filter(client=client).update(must_not_contact=True)
    enter(talk.client, talk.worker)
    url = reverse("proposal_new", args=[talk.enrolment.public_id, "job"])
    assert talk.client.get(url).context["form"]["must_not_contact"].value() is True
    new = {"starts_on": talk.on, "value": "新しい会社", "must_not_contact": "on"}
    wrong = talk.new("job", **new)
    assert wrong.status_code == ERROR
    assert "ends_on" in wrong.context["form"].errors
    new |= {"ends_on": talk.on - timedelta(days=5), "changes_to_improve": "yes"}
    assert talk.new("job", **new).status_code == 302
    assert talk.ward("accept", Proposal.objects.get()).status_code == 302
    former, job = Employment.objects.filter(client=client).order_by("starts_on")
    assert (former.ends_on, former.changes_to_improve) == (talk.on - timedelta(days=5), True)
    assert (job.starts_on, job.employer.name) == (talk.on, "新しい会社")
    assert job.must_not_contact


def test_what_the_office_has_recorded_itself_is_left_as_it_is(talk):
    client = talk.cast.decision.client
    data = {"starts_on": talk.on, "value": "新しい会社", "ends_on": talk.on - timedelta(days=5)}
    assert talk.new("job", **data).status_code == 302
    Employment.objects.filter(client=client).update(ends_on=talk.on - timedelta(days=5))
    enter(talk.client, talk.worker)
    job = {"employer": "新しい会社（正式名）", "kind": "ordinary", "starts_on": talk.on}
    page = reverse("employment_new", args=[client.public_id])
    assert talk.client.post(page, job).status_code == 302
    assert talk.ward("accept", Proposal.objects.get()).status_code == 302
    names = Employment.objects.filter(client=client).values_list("employer__name", flat=True)
    assert list(names)[1:] == ["新しい会社（正式名）"]


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("renewal", {"starts_on": "2/30"}, "starts_on"),
        ("renewal", {"starts_on": "R9.1.1", "ends_on": "R8.1.1"}, "ends_on"),
        ("change", {"starts_on": "R8.12.1", "text": "理由"}, "ends_on"),
        ("change", {"starts_on": "R8.12.1", "value": "月10日"}, "text"),
        ("end", {"ends_on": "R8.12.1", "text": "あ" * 10_000}, "text"),
        ("address", {"starts_on": "R8.12.1", "value": "どこか"}, "municipality"),
        ("job", {"starts_on": "R8.12.1", "ends_on": "R8.12.1", "value": "店"}, "starts_on"),
        ("job", {"starts_on": "R8.12.1"}, "value"),
    ],
)
def test_wrong_proposals_are_told_at_their_field(talk, kind, data, field):
    answer = talk.new(kind, **data)
    assert answer.status_code == ERROR
    assert field in answer.context["form"].errors
    assert not Proposal.objects.exists()


def test_one_open_of_a_kind_and_the_chooser_leads_to_it(talk):
    row = proposed(talk.cast)
    after = row.decision.ends_on + timedelta(days=1)
    early = talk.new("renewal", starts_on=row.decision.ends_on, text="重なる")
    assert "その翌日からにしてください" in str(early.context["form"].errors["starts_on"])
    again = talk.new("renewal", starts_on=after, text="もう一度")
    assert again.status_code == ERROR
    assert "もう出ています" in again.content.decode()
    url = reverse("proposal_choose", args=[talk.enrolment.public_id])
    assert reverse("proposal_page", args=[row.public_id]) in talk.client.get(url).content.decode()
    actions.withdraw(proposal=row, text="やめます", **talk.who("worker"))
    assert talk.new("renewal", starts_on=after, text="もう一度").status_code == 302


def test_copied_paper_has_no_ward_to_talk_to(talk):
    enter(talk.client, talk.worker)
    for name, args in (("proposal_choose", []), ("proposal_new", ["end"])):
        url = reverse(name, args=[talk.cast.enrolment.public_id, *args])
        assert "電話か書面" in talk.client.get(url, follow=True).content.decode()
    unknown = reverse("proposal_new", args=[talk.enrolment.public_id, "party"])
    assert talk.client.get(unknown).status_code == 404


def test_the_menu_says_why_there_is_nobody_to_propose_to(talk):
    enter(talk.client, talk.worker)
    address = reverse("proposal_choose", args=[talk.cast.enrolment.public_id])
    page = reverse("client_page", args=[talk.cast.enrolment.client.public_id])
    shown = talk.client.get(page).content.decode()
    assert address not in shown
    assert "紙から転記したものです" in shown
    page = reverse("client_page", args=[talk.enrolment.client.public_id])
    assert reverse("proposal_choose", args=[talk.enrolment.public_id]) in (
        talk.client.get(page).content.decode()
    )


def test_the_present_and_the_next_decision_are_called_so(talk):
    now = talk.cast.decision
    after = now.ends_on + timedelta(days=1)
    following = Decision.objects.create(
        client=now.client, municipality=now.municipality, decided_on=talk.on, starts_on=after,
        ends_on=after + timedelta(days=60), granted_until=after + timedelta(days=60), amount="当該月",
        recorded_by=talk.officer, recorded_at=at_noon(talk.on),
    )  # fmt: skip
    enter(talk.client, talk.worker)
    for name, args in (("proposal_choose", []), ("proposal_new", ["end"])):
        url = reverse(name, args=[talk.enrolment.public_id, *args])
        page = talk.client.get(url).content.decode()
        assert f"いまの支給決定は{both(now.starts_on)}" in page
        assert f"次の支給決定は{both(following.starts_on)}" in page
    # A day decides which of them a change or an end is about.
    assert talk.new("end", ends_on=talk.on, text="転居").status_code == 302
    assert talk.new("end", ends_on=after, text="転居").status_code == 302
    assert {row.decision for row in Proposal.objects.all()} == {now, following}


def test_unread_ones_are_counted_and_a_look_is_remembered(talk):
    row = proposed(talk.cast)
    desk = proposal_desk(talk.officer, talk.on)
    assert [(each.is_ours, each.is_unread) for each in desk.rows] == [(True, True)]
    enter(talk.client, talk.officer)
    home = talk.client.get(reverse("admin:index")).content.decode()
    assert "未読" in home
    talk.client.get(reverse("admin:ward_proposal", args=[row.public_id]))
    assert "未読" not in talk.client.get(reverse("admin:index")).content.decode()
    # The office's own look at its own words does not count.
    actions.refuse(proposal=row, reason="too_early", text="早い", next_step="1月に", **talk.who())
    assert [each.is_unread for each in proposal_desk(talk.worker, talk.on).rows] == [True]
    enter(talk.client, talk.worker)
    assert "未読" in talk.client.get(reverse("home")).content.decode()
    talk.client.get(reverse("proposal_page", args=[row.public_id]))
    assert proposal_desk(talk.worker, talk.on).rows == []
    events = AuditEvent.objects.filter(subject_type="proposal", outcome="read")
    assert events.filter(user=talk.worker.user, person_id=row.decision.client.public_id).exists()


def test_after_ten_days_colleagues_see_it(talk):
    colleague = make_member("colleague", Role.SUPPORT_WORKER, office=talk.cast.office)
    row = proposed(talk.cast)
    actions.ask_back(proposal=row, text="いつですか", **talk.who())
    for days, seen in ((0, False), (9, False), (10, True)):
        found = waiting_for(colleague, talk.on + timedelta(days=days))
        assert found.exists() is seen
        assert waiting_for(talk.worker, talk.on + timedelta(days=days)).exists()
        shown = rows([Proposal.objects.get()], talk.worker, talk.on + timedelta(days=days))
        assert shown[0].is_long is seen
    # Who leads sees all from the first day.
    assert waiting_for(talk.cast.members["manager"], talk.on).exists()


def test_a_word_that_comes_in_between_stays_unread(talk):
    row = proposed(talk.cast)
    seen = Proposal.objects.get(pk=row.pk)
    actions.withdraw(proposal=row, text="やめます", **talk.who("worker", days=1))
    actions.mark_read(seen)
    assert not Proposal.objects.get(pk=row.pk).is_read


def test_the_talk_follows_the_file_to_another_ward(talk):
    row = proposed(talk.cast)
    there = talk.cast.members["other_officer"]
    Decision.objects.filter(pk=row.decision_id).update(passed_to=there.municipality)
    assert talk.ward("refuse", row).status_code == 404
    enter(talk.client, there)
    page = reverse("admin:ward_proposal", args=[row.public_id])
    assert talk.client.get(page).status_code == 200


def test_lists_by_turn_and_name_and_their_sheet(talk, django_assert_num_queries):
    row = proposed(talk.cast)
    enter(talk.client, talk.officer)
    url = reverse("admin:ward_proposals")
    assert "しんせい" in talk.client.get(url, {"q": "ｼﾝｾｲ"}).content.decode()
    assert "あてはまる提案" in talk.client.get(url, {"q": "だれか"}).content.decode()
    assert "しんせい" not in talk.client.get(url, {"show": "theirs"}).content.decode()
    sheet = talk.client.get(reverse("admin:ward_proposals_xlsx"))
    assert sheet["Content-Type"].startswith("application/vnd.openxml")
    assert AuditEvent.objects.filter(verb="ward_proposals_exported").exists()
    actions.withdraw(proposal=row, text="やめます", **talk.who("worker"))
    assert "しんせい" in talk.client.get(url, {"show": "done"}).content.decode()


def test_another_office_and_another_ward_see_nothing(talk):
    row = proposed(talk.cast)
    for key in ("outsider", "other_officer", "city", "admin", "billing"):
        enter(talk.client, talk.cast.members[key])
        for name in ("proposal_page", "admin:ward_proposal"):
            answer = talk.client.get(reverse(name, args=[row.public_id]))
            assert answer.status_code in (403, 404)
    assert not waiting_for(talk.cast.members["outsider"], talk.on).exists()


def test_the_database_wants_reason_day_and_place(talk):
    row = proposed(talk.cast)
    for wrong in (
        {"kind": "end"},
        {"kind": "address", "starts_on": talk.on, "value": "x"},
        {"municipality": Municipality.objects.first()},
        {"application": talk.cast.application},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=row.pk).update(**wrong)
    with pytest.raises(ValidationError):
        actions.refuse(proposal=row, reason="", text="x", next_step="", **talk.who())
    assert state_of(row) == "ward"


def test_a_decision_that_ends_soon_leads_to_its_proposal(talk, client):
    decision = talk.cast.decision
    Decision.objects.filter(pk=decision.pk).update(ends_on=talk.on + timedelta(days=30))
    enter(talk.client, talk.worker)
    page = reverse("client_page", args=[decision.client.public_id])
    write = reverse("proposal_new", args=[talk.enrolment.public_id, "renewal"])
    assert write in talk.client.get(page).content.decode()
    row = proposed(talk.cast)
    shown = talk.client.get(page).content.decode()
    assert reverse("proposal_page", args=[row.public_id]) in shown
    assert write not in shown
