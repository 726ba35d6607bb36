"""What a later sheet tells beside a person on file: it is stored where it lacks, and said where it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.models import CapPeriod, MoveIn, OpeningFacts
from plans.move_in_columns import BY_FIELD, label_of
from plans.move_in_kept import differs, kept_fields
from teikyaku.periods import Month
from tests.move_in.test_opening_facts import sheet
from tests.sheets import person

WHO = ("name", "kana", "birth_date")
PAPER = (*WHO, "municipality", "number", "granted_from", "granted_until", "cap_yen")


def told(mover, made, **more):
    """The first sheet of somebody, with what it tells."""
    return {field: value for field, value in made.items() if field in BY_FIELD} | more


def only(made, *fields, **more):
    """A sheet with who it is and these columns."""
    return {field: made[field] for field in (*WHO, *fields) if field in made} | more


def look(mover, line):
    answer = mover.hand_in(sheet(line), f"{len(line)}.csv")
    assert answer.status_code == 200, answer.content.decode()
    mover.tell_columns()
    mover.post("move_in_look")
    return mover.move_in.people.get()


def run(mover, line):
    row = look(mover, line)
    mover.post("move_in_import")
    return row


def shown(mover):
    """What the page shows as coming in, by column."""
    page = mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id]))
    return {label: read for label, _typed, read, _is_other in page.context["rows"][0]["values"]}


def test_words_of_what_stays_name_their_fields():
    words = [
        differs("支給決定期間", "a", "b"), differs(label_of("weekly_minutes"), "30時間", ""),
        differs("就労", "a", "b"), "新しい利用者",
    ]  # fmt: skip
    assert kept_fields(words) >= {"granted_from", "granted_until", "weekly_minutes", "employer"}
    assert "登録「なし」" in words[1]
    assert kept_fields(["新しい利用者"]) == set()


@pytest.mark.django_db
def test_who_manages_the_cap_and_its_end_come_in_by_the_sheet_of_certificates(mover):
    made = person(mover.on, 1)
    run(mover, told(mover, made))
    cap = CapPeriod.objects.get(client=mover.people()[0].client)
    assert (cap.is_managed, cap.last_month) == (False, None)
    last = Month.of(mover.on) + 4
    managed = {"is_managed": "○", "managing_name": "架空ホーム", "managing_number": "1500000007"}
    paper = only(made, *PAPER[3:], **managed, cap_last_month=last.label)
    row = run(mover, paper)
    assert "上限額管理 ○（架空ホーム）" in "".join(row.words)
    cap.refresh_from_db()
    assert (cap.is_managed, cap.managing_office_name, cap.last_month) == (
        True, "架空ホーム", last.first_day,
    )  # fmt: skip
    done = mover.move_in
    # What stands there now is changed by no file: it is said, and not shown as coming in.
    row = look(mover, paper | {"managing_name": "架空センター", "cap_last_month": (last + 1).label})
    assert row.state == "same"
    text = "".join(row.words)
    assert "上限額管理事業所が登録とちがいます" in text
    assert "適用終了月が登録とちがいます" in text
    assert not {"上限額管理事業所", "適用終了月"} & set(shown(mover))
    mover.post("move_in_discard")
    mover.client.post(reverse("move_in_undo", args=[done.public_id]))
    cap.refresh_from_db()
    assert (cap.is_managed, cap.managing_office_name, cap.last_month) == (False, "", None)


@pytest.mark.django_db
def test_a_mark_of_before_is_no_blank(mover):
    made = person(mover.on, 1)
    none = {"is_managed": "×", "managing_name": "", "managing_number": ""}
    run(mover, told(mover, made, **none))
    paper = only(made, *PAPER[3:], is_managed="○", managing_name="架空ホーム", managing_number="")
    row = look(mover, paper)
    assert "上限額管理の有無が登録とちがいます" in "".join(row.words)
    assert not CapPeriod.objects.get(client=mover.people()[0].client).is_managed


@pytest.mark.django_db
def test_a_pace_without_the_last_meeting_is_said_and_comes_in_after_it(mover):
    made = person(mover.on, 1)
    row = run(mover, told(mover, made, last_met_on="", pace_months="2か月"))
    assert [(fault[1], "最後の面談日がない" in fault[3]) for fault in row.faults] == [
        ("面談の間隔", True)
    ]
    run(mover, only(made, "last_met_on"))
    held = OpeningFacts.objects.get(enrolment=mover.people()[0])
    assert (held.last_met_on, held.pace_months) == (made["last_met_on"], 1)
    row = run(mover, only(made, "last_met_on", pace_months="2か月"))
    assert "面談の間隔 2か月ごと" in "".join(row.words)
    held.refresh_from_db()
    assert held.pace_months == 2
    row = look(mover, only(made, "last_met_on", pace_months="3か月"))
    assert "面談の間隔が登録とちがいます" in "".join(row.words)


@pytest.mark.django_db
def test_the_last_meeting_is_added_to_facts_that_lack_it(mover):
    made, month = person(mover.on, 1), Month.of(mover.on)
    run(mover, told(mover, made, last_met_on="", pace_months="", network_months=str(month - 3)))
    held = OpeningFacts.objects.get(enrolment=mover.people()[0])
    assert held.last_met_on is None
    row = run(mover, only(made, "last_met_on", pace_months="2か月"))
    assert not any("変えません" in word for word in row.words)
    held.refresh_from_db()
    assert (held.last_met_on, held.pace_months) == (made["last_met_on"], 2)
    assert held.network_months == str(month - 3)
    mover.post("move_in_undo")
    held.refresh_from_db()
    assert (held.last_met_on, held.pace_months) == (None, 1)


@pytest.mark.django_db
def test_every_other_difference_is_said(mover):
    made = person(mover.on, 1)
    run(mover, told(mover, made, weekly_minutes="30", plan_goal="", explained_on=""))
    review = made["plan_made_on"] + timedelta(days=40)
    row = look(
        mover,
        told(
            mover, made, weekly_minutes="20", explained_on="",
            issued_on=made["issued_on"] + timedelta(days=2), plan_review_by=review,
            plan_goal="長く働く",
        ),
    )  # fmt: skip
    text = "\n".join(row.words)
    for field in ("weekly_minutes", "issued_on", "plan_review_by", "plan_goal"):
        assert f"{label_of(field)}が登録とちがいます" in text, (field, text)
        assert label_of(field) not in shown(mover)
    assert "ファイル「20時間」、登録「30時間」" in text
    assert row.state == "same"
    assert (
        "登録と同じ値"
        in mover.client.get(
            reverse("move_in_page", args=[mover.move_in.public_id])
        ).content.decode()
    )
    # The same once more differs in nothing.
    again = look(mover, told(mover, made, weekly_minutes="30", plan_goal="", explained_on=""))
    assert not any("変えません" in word for word in again.words), again.words
    assert not again.faults


@pytest.mark.django_db
def test_what_is_on_file_otherwise_is_counted_and_told_after_the_import_too(mover):
    """By name alone: the values stay in the lines, which are erased after some days."""
    mover.run(person(mover.on, 1))
    other = {"phone": "090-9999-9999", "granted_until": (Month.of(mover.on) + 5).last_day}
    (row,) = mover.look(person(mover.on, 1, **other))
    assert row.state == "same"
    page = mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id]))
    assert "登録とちがう" in page.content.decode()
    mover.look(person(mover.on, 1, **other), person(mover.on, 2))
    mover.post("move_in_import")
    done = mover.move_in
    assert (done.counts["same"], done.counts["differing"]) == (0, 1)
    told = {what: words for line, _cell, what, words in done.refusals}
    assert "登録とちがいます" in told["支給決定期間"]
    assert "9999" not in str(done.refusals)
    page = mover.client.get(reverse("move_in_page", args=[done.public_id])).content.decode()
    assert "登録とちがう（変えていません）" in page


@pytest.mark.django_db
def test_a_sheet_imported_after_it_lay_aside_stands_among_the_imports(mover):
    mover.look(person(mover.on, 1))
    MoveIn.objects.update(is_aside=True)
    mover.post("move_in_import")
    page = mover.client.get(reverse("move_ins")).context["page"]
    assert [row.pk for row in page.object_list] == [mover.move_in.pk]
