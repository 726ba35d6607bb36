"""定型文: written by whom they are for, put in with a tick, and no part of a record before."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from plans.actions.phrase import MOST, move_phrase_up, write_phrase
from plans.models import Interview, InterviewDraft, Phrase
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter

ERROR = 422


def write(cast, key, text, *, field="notes", is_office=False):
    return write_phrase(
        text=text, field=field, is_office=is_office, by=cast.members[key], at=at_noon(cast.today)
    )


def answers(cast, **changes):
    return {
        "outcome": "met", "way": "face", "held_on": cast.today.isoformat(), "notes": "今日の話",
        "met_by": str(cast.members["worker"].public_id), "work_rating": "settled",
        "life_rating": "settled", **changes,
    }  # fmt: skip


def test_the_offices_are_kept_by_who_leads_it(client, cast):
    write(cast, "manager", "全員の文", is_office=True)
    write(cast, "head", "管理者の文", is_office=True)
    with pytest.raises(ValidationError, match="自分用"):
        write(cast, "worker", "支援員の文", is_office=True)
    write(cast, "worker", "自分の文")
    enter(client, cast.members["worker"])
    page = client.get(reverse("phrase_list")).content.decode()
    for words in ("全員の文", "管理者の文", "自分の文"):
        assert words in page
    office = Phrase.objects.get(text="全員の文")
    for name in ("phrase_edit", "phrase_remove"):
        assert client.get(reverse(name, args=[office.public_id])).status_code == 404
    assert client.post(reverse("phrase_list"), {"up": str(office.public_id)}).status_code == 404
    enter(client, cast.members["manager"])
    assert "自分の文" not in client.get(reverse("phrase_list")).content.decode()


def test_written_changed_ordered_and_dropped_on_the_page(client, cast):
    enter(client, cast.members["worker"])
    for text in ("一つ目", "二つ目"):
        data = {
            "text": text,
            "field": "notes",
            "whose": "office",
        }  # what is not offered is not taken
        assert client.post(reverse("phrase_new"), data).status_code == 302
    own = Phrase.objects.filter(owner=cast.user("worker"))
    assert list(own.values_list("text", flat=True)) == ["一つ目", "二つ目"]
    twin = client.post(reverse("phrase_new"), {"text": "一つ目", "field": "notes"})
    assert twin.status_code == ERROR
    second = own.get(text="二つ目")
    client.post(reverse("phrase_list"), {"up": str(second.public_id)})
    assert list(own.values_list("text", flat=True)) == ["二つ目", "一つ目"]
    edit = reverse("phrase_edit", args=[second.public_id])
    assert client.post(edit, {"text": "二つ目を直した", "field": "agreed"}).status_code == 302
    second.refresh_from_db()
    assert (second.text, second.field, second.owner) == (
        "二つ目を直した",
        "agreed",
        cast.user("worker"),
    )
    assert client.post(reverse("phrase_remove", args=[second.public_id])).status_code == 302
    assert own.count() == 1


def test_the_first_stays_first_and_there_is_an_end(cast):
    first = write(cast, "worker", "文 0")
    move_phrase_up(phrase=first, by=cast.members["worker"])
    for number in range(1, MOST):
        write(cast, "worker", f"文 {number}")
    with pytest.raises(ValidationError, match="個まで"):
        write(cast, "worker", "一つ多い")


def test_a_tick_is_put_behind_what_was_typed(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    assert "phrases_notes" not in client.get(url).context["form"].fields
    notes = [
        write(cast, "worker", "体調に変わりはない。"),
        write(cast, "manager", "次も同じ場所。", is_office=True),
    ]
    agreed = write(cast, "worker", "水分をとる", field="agreed")
    form = client.get(url).context["form"]
    assert "phrases_offered_instead" not in form.fields
    keys = [str(row.public_id) for row in notes]
    wrong = client.post(url, answers(cast, work_rating="", phrases_notes=keys))
    assert wrong.status_code == ERROR
    assert wrong.context["form"]["phrases_notes"].value() == keys  # put in once, when it is stored
    data = answers(cast, phrases_notes=keys, phrases_agreed=[str(agreed.public_id)])
    assert client.post(url, data).status_code == 302
    row = Interview.objects.latest("pk")
    assert row.notes == "今日の話\n体調に変わりはない。\n次も同じ場所。"
    assert row.agreed == "水分をとる"


def test_it_answers_what_was_offered_and_too_much_is_told(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    row = write(cast, "worker", "電話で話す", field="offered_instead")
    data = answers(cast, outcome="refused", work_rating="", life_rating="",
                   phrases_offered_instead=[str(row.public_id)])  # fmt: skip
    full = client.post(url, {**data, "offered_instead": "あ" * 198})
    assert full.status_code == ERROR
    assert "offered_instead" in full.context["form"].errors
    assert client.post(url, data).status_code == 302
    assert Interview.objects.latest("pk").offered_instead == "電話で話す"


def test_a_draft_keeps_the_ticks(client, cast):
    enter(client, cast.members["worker"])
    row = write(cast, "worker", "体調に変わりはない。")
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    client.post(url, answers(cast, phrases_notes=[str(row.public_id)], save_draft="1"))
    draft = InterviewDraft.objects.get()
    form = client.get(f"{url}?draft={draft.public_id}").context["form"]
    assert form["phrases_notes"].value() == [str(row.public_id)]


def test_nobody_elses_can_be_put_in(client, cast):
    enter(client, cast.members["worker"])
    write(cast, "worker", "自分の文")
    theirs = write(cast, "outsider", "よその文")
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    answer = client.post(url, answers(cast, phrases_notes=[str(theirs.public_id)]))
    assert answer.status_code == ERROR
    assert "よその文" not in answer.content.decode()
