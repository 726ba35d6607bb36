"""書きかけ: kept as typed, told where two write at once, gone when it is a record."""

import pytest
from django.urls import reverse

from clients.actions.enrolment import assign_staff
from plans.models import Interview, InterviewDraft
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.roles import Role
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member

ERROR = 422


class Desk:
    """The cast's worker at the form of one person."""

    def __init__(self, client, cast):
        self.client, self.cast, self.enrolment = client, cast, cast.enrolment
        self.page = reverse("interview_new", args=[cast.enrolment.public_id])
        self.save_url = reverse("draft_save", args=[cast.enrolment.public_id])
        enter(client, cast.members["worker"])

    def answers(self, **changes):
        return {
            "outcome": "met", "way": "face", "held_on": self.cast.today.isoformat(),
            "met_by": str(self.cast.members["worker"].public_id), "notes": "朝の電車がつらい",
            **changes,
        }  # fmt: skip

    def save(self, **changes):
        return self.client.post(self.save_url, self.answers(**changes))


@pytest.fixture
def desk(client, cast):
    return Desk(client, cast)


def test_it_is_kept_as_typed_and_gone_on_with(desk):
    first = desk.save(held_on="２／３０", next_on="来週").json()
    draft = InterviewDraft.objects.get()
    assert (first["draft"], first["version"]) == (str(draft.public_id), 1)
    second = desk.save(notes="朝の電車がつらい。時差出勤を頼む", **first).json()
    assert second == {"draft": first["draft"], "version": 2}
    draft.refresh_from_db()
    assert draft.answers["notes"].endswith("時差出勤を頼む")
    home = desk.client.get(reverse("home")).content.decode()
    assert f"{desk.page}?draft={draft.public_id}" in home
    # The form begins where it was left, wrong words included; a fresh one points there.
    form = desk.client.get(f"{desk.page}?draft={draft.public_id}").content.decode()
    assert "時差出勤を頼む" in form
    assert f'name="version" value="{draft.version}"' in form
    assert f"?draft={draft.public_id}" in desk.client.get(desk.page).content.decode()


def test_an_untouched_form_is_no_draft(desk):
    assert desk.save(notes="").json() == {"emptied": False}
    assert not InterviewDraft.objects.exists()


def test_one_that_was_emptied_again_is_no_draft_any_more(desk):
    draft = desk.save().json()
    assert desk.save(notes="", **draft).json() == {"emptied": True}
    assert not InterviewDraft.objects.exists()
    # The page goes on: what is written then is a draft of its own.
    assert desk.save(notes="やはり書く", draft="", version="").json()["version"] == 1
    draft = InterviewDraft.objects.get()
    stale = desk.save(notes="", draft=str(draft.public_id), version="7")
    assert stale.status_code == 409
    data = {**desk.answers(notes=""), "draft": str(draft.public_id), "version": "1"}
    told = desk.client.post(desk.page, {**data, "save_draft": "1"}, follow=True).content.decode()
    assert "書きかけは残しません" in told
    assert not InterviewDraft.objects.exists()


def test_what_the_page_began_without_knowing_goes_too(desk):
    page = {"written_page": "6d0f7f0e-5d3e-4a9c-9d43-0d1a8a4f5f10", "written_turn": "1"}
    assert desk.save(**page).json()["version"] == 1
    desk.save(notes="", **{**page, "written_turn": "2"})
    assert not InterviewDraft.objects.exists()


def test_no_list_shows_one_in_which_nothing_stands(desk):
    draft = InterviewDraft.objects.get(public_id=desk.save().json()["draft"])
    told = f"?draft={draft.public_id}"
    assert told in desk.client.get(reverse("home")).content.decode()
    InterviewDraft.objects.update(answers=desk.answers(notes="", topics=[]))
    assert told not in desk.client.get(reverse("home")).content.decode()
    assert told not in desk.client.get(desk.page).content.decode()


def test_recorded_it_is_no_draft_any_more(desk):
    draft = desk.save().json()
    wrong = desk.client.post(desk.page, desk.answers(**draft))
    assert wrong.status_code == ERROR  # ratings are missing: the draft stays
    assert InterviewDraft.objects.count() == 1
    data = desk.answers(work_rating="settled", life_rating="watch", **draft)
    before = Interview.objects.count()
    done = desk.client.post(desk.page, data)
    assert done.status_code == 302
    assert done.url.endswith("#stored")
    assert Interview.objects.count() == before + 1
    assert not InterviewDraft.objects.exists()
    # Sent again it is told, and nothing is stored twice or lost.
    again = desk.client.post(desk.page, {**data, "notes": "送ったあとに足した"})
    assert again.status_code == ERROR
    assert "もう記録になったか" in again.content.decode()
    assert "送ったあとに足した" in again.content.decode()
    assert 'name="draft" value=""' in again.content.decode()
    assert Interview.objects.count() == before + 1


def test_two_tabs_see_both_and_lose_nothing(desk):
    first = desk.save().json()
    assert desk.save(notes="もう一つの画面で書いた", **first).json()["version"] == 2
    late = desk.save(notes="古い画面の文", **first)
    assert late.status_code == 409
    assert "書き換えられて" in late.json()["error"]
    assert InterviewDraft.objects.get().answers["notes"] == "もう一つの画面で書いた"
    data = desk.answers(notes="古い画面の文", work_rating="settled", life_rating="watch", **first)
    before = Interview.objects.count()
    answer = desk.client.post(desk.page, data)
    page = answer.content.decode()
    assert answer.status_code == ERROR
    assert "もう一つの画面で書いた" in page
    assert "古い画面の文" in page
    assert 'name="version" value="2"' in page
    assert Interview.objects.count() == before
    # Both were read: pressed again, this screen's words are the record.
    assert desk.client.post(desk.page, {**data, "version": "2"}).status_code == 302
    assert Interview.objects.filter(notes="古い画面の文").exists()
    assert not InterviewDraft.objects.exists()


def test_without_scripts_a_button_keeps_it(desk):
    answer = desk.client.post(desk.page, {**desk.answers(held_on="いつか"), "save_draft": "1"})
    draft = InterviewDraft.objects.get()
    assert answer.url == f"{desk.page}?draft={draft.public_id}"
    assert draft.answers["held_on"] == "いつか"
    empty = {**desk.answers(notes=""), "save_draft": "1"}
    assert desk.client.post(desk.page, empty, follow=True).status_code == 200
    assert InterviewDraft.objects.count() == 1
    stale = {**desk.answers(notes="遅れて"), "save_draft": "1",
             "draft": str(draft.public_id), "version": "7"}  # fmt: skip
    told = desk.client.post(desk.page, stale)
    assert told.status_code == ERROR
    assert "遅れて" in told.content.decode()
    assert "朝の電車がつらい" in told.content.decode()


def test_what_is_gone_is_told_and_the_words_stay(desk):
    draft = desk.save().json()
    InterviewDraft.objects.all().delete()
    assert desk.save(notes="まだ書いている", **draft).status_code == 410
    data = desk.answers(notes="まだ書いている", save_draft="1", **draft)
    told = desk.client.post(desk.page, data)
    assert "まだ書いている" in told.content.decode()
    assert 'name="draft" value=""' in told.content.decode()


def test_thrown_away_only_after_it_was_asked(desk):
    draft = InterviewDraft.objects.get(public_id=desk.save().json()["draft"])
    url = reverse("draft_discard", args=[draft.public_id])
    assert "朝の電車がつらい" in desk.client.get(url).content.decode()
    assert InterviewDraft.objects.exists()
    assert desk.client.post(url).status_code == 302
    assert not InterviewDraft.objects.exists()
    assert AuditEvent.objects.filter(verb="interview_draft_discarded").count() == 1
    assert desk.client.post(url).status_code == 404


def test_a_colleague_sees_that_one_writes_and_not_what(desk):
    draft = desk.save().json()
    colleague = make_member("colleague", Role.SUPPORT_WORKER, office=desk.cast.office)
    assign_staff(
        enrolment=desk.enrolment, staff=colleague, starts_on=desk.cast.today,
        by=desk.cast.members["manager"], at=InterviewDraft.objects.get().saved_at,
    )  # fmt: skip
    for member in (colleague, desk.cast.members["manager"]):
        enter(desk.client, member)
        page = desk.client.get(desk.page).content.decode()
        assert desk.cast.user("worker").name in page
        assert "も、この方の記録を書いています" in page
        assert "朝の電車がつらい" not in page
        stolen = desk.client.get(f"{desk.page}?draft={draft['draft']}").content.decode()
        assert "朝の電車がつらい" not in stolen
        assert desk.client.get(reverse("draft_discard", args=[draft["draft"]])).status_code == 404
        assert desk.save(notes="横取り", **draft).status_code == 410
        assert InterviewDraft.objects.get().answers["notes"] == "朝の電車がつらい"
    enter(desk.client, desk.cast.members["outsider"])
    assert desk.save().status_code == 404


def test_words_of_a_draft_stand_in_no_log(desk, caplog):
    desk.save(notes="秘密のことば")
    assert "秘密のことば" not in caplog.text
    assert not AuditEvent.objects.filter(fields__icontains="秘密").exists()
