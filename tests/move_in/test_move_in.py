"""An office moves in with its own sheet: looked at, corrected, imported, run again, taken back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.models import Client, Disability, Employment, Enrolment, PriorService
from plans.actions.move_in_keep import forget_cells
from plans.models import (
    CapPeriod,
    Contract,
    Decision,
    Interview,
    InterviewDraft,
    MoveIn,
    MoveInRow,
    SupportPlan,
)
from plans.queries.caseload import Ask, ask_q
from plans.queries.move_in import KEPT_DAYS
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import date_of, now
from teikyaku.desk.actions.move_in_undo import undo_move_in, undo_on
from teikyaku.periods import Month
from tests.cast import make_member, meet
from tests.move_in.conftest import everybody
from tests.sheets import FIRST, csv_of, person, workbook_of

State = MoveInRow.State


@pytest.mark.django_db
def test_a_messy_workbook_moves_in_whole(mover):
    made = [person(mover.on, number) for number in (1, 2)]
    rows = mover.look(*made)
    assert [row.state for row in rows] == [State.NEW] * 2, [row.faults for row in rows]
    assert mover.people() == []
    mover.post("move_in_import")
    first, second = mover.people()
    name = first.client.names.get()
    assert (name.name, name.kana) == ("移行　二郎1", "いこう ろあろう")
    assert first.client.birth_date == date(1976, 4, 2)
    assert first.client.phone == "090-1111-2222"
    assert set(first.client.disabilities.values_list("kind", flat=True)) == {
        Disability.Kind.MENTAL, Disability.Kind.INTELLECTUAL
    }  # fmt: skip
    job = Employment.objects.get(client=first.client)
    assert (job.employer.name, job.must_not_contact) == ("架空物産", True)
    assert not Employment.objects.get(client=second.client).must_not_contact
    assert PriorService.objects.get(client=first.client).kind == "transition"
    decision = Decision.objects.get(client=first.client)
    granted = (Month.of(mover.on) - 8).first_day
    assert (decision.starts_on, decision.is_transcribed) == (granted, True)
    assert decision.municipality.full_name == "新潟市中央区"
    cap = CapPeriod.objects.get(client=first.client)
    assert (cap.cap_yen, cap.category, cap.last_month) == (9300, "general_1", None)
    assert Contract.objects.get(enrolment=first).starts_on == granted
    assert first.use_starts_on == granted
    assert SupportPlan.objects.get(enrolment=first).is_complete
    assert first.opening.last_met_on == (Month.of(mover.on) - 1).first_day + timedelta(days=6)
    assert not Interview.objects.filter(enrolment=first).exists()
    assert date_of(first.recorded_at) >= mover.on


@pytest.mark.django_db
def test_some_days_after_the_import_nothing_of_the_file_lies_about(mover):
    move_in = mover.run(person(mover.on, 1), person(mover.on, 2, birth_date="昭和99年1月1日"))
    last = now() + timedelta(days=KEPT_DAYS)
    forget_cells(at=last - timedelta(minutes=5))
    assert move_in.rows.exclude(cells=[]).filter(state=State.REFUSED).exists()
    forget_cells(at=last + timedelta(minutes=5))
    assert not move_in.rows.exclude(cells=[], words=[], faults=[]).exists()
    assert move_in.rows.get().enrolment == mover.people()[0]
    assert move_in.counts == {"new": 1, "same": 0, "left_out": 0}
    assert AuditEvent.objects.filter(verb="move_in_confirmed").exists()


@pytest.mark.django_db
def test_nobody_is_overdue_and_the_due_date_goes_on_from_the_last_meeting(mover):
    mover.run(person(mover.on, 1))
    (enrolment,) = mover.people()
    assert enrolment.interview_due_on == Month.of(mover.on).last_day
    assert not Enrolment.objects.filter(ask_q(Ask.OVERDUE, mover.on), pk=enrolment.pk).exists()


@pytest.mark.django_db
def test_use_that_began_under_an_earlier_certificate_is_taken_over(mover):
    began = (Month.of(mover.on) - 9).first_day
    mover.run(person(mover.on, 1, signed_on=began, use_from=began))
    assert mover.people()[0].use_starts_on == began


@pytest.mark.django_db
def test_a_line_that_breaks_a_rule_is_told_at_its_cell_and_imports_nothing(mover):
    early = (Month.of(mover.on) - 13).first_day
    rows = mover.look(
        person(mover.on, 1),
        person(mover.on, 2, birth_date="昭和99年1月1日", number="12"),
        person(mover.on, 3, signed_on=early, use_from=early),
    )
    assert [row.state for row in rows] == [State.NEW, State.REFUSED, State.REFUSED]
    cells = {fault[0]: fault for fault in rows[1].faults}
    assert set(cells) == {f"C{FIRST + 1}", f"M{FIRST + 1}"}
    assert cells[f"M{FIRST + 1}"][1:3] == ["受給者証番号", "12"]
    assert "10桁" in cells[f"M{FIRST + 1}"][3]
    cell, column, _value, expected = rows[2].faults[0]
    assert (cell, column) == (f"T{FIRST + 2}", "利用開始日")
    assert "利用可能期間の外" in expected
    page = mover.post("move_in_look").content.decode()
    assert f"C{FIRST + 1}" in page
    mover.post("move_in_import")
    assert len(mover.people()) == 1
    assert {line for line, *_rest in mover.move_in.refusals} == {FIRST + 1, FIRST + 2}
    assert "昭和99" not in str(mover.move_in.refusals)


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_and_a_mended_one_brings_the_rest(mover):
    mover.run(person(mover.on, 1))
    before = AuditEvent.objects.filter(verb__endswith="_recorded").count()
    rows = mover.look(person(mover.on, 1), person(mover.on, 2))
    assert [row.state for row in rows] == [State.SAME, State.NEW]
    mover.post("move_in_import")
    assert len(mover.people()) == 2
    assert mover.move_in.counts == {"new": 1, "same": 1, "left_out": 0}
    assert AuditEvent.objects.filter(verb__endswith="_recorded").count() > before


@pytest.mark.django_db
def test_somebody_known_is_added_to_and_never_overwritten(mover):
    some = {"number": "", "granted_from": "", "granted_until": "", "issued_on": "", "cap_yen": "",
            "signed_on": "", "use_from": "", "last_met_on": "", "pace_months": "", "plan_made_on": "",
            "municipality": ""}  # fmt: skip
    some["consulted_from"] = (Month.of(mover.on) - 8).first_day
    mover.run(person(mover.on, 1, **some, phone="090-9999-9999"))
    (row,) = mover.look(person(mover.on, 1))
    assert row.state == State.CHANGED
    assert any("受給者証" in word for word in row.words)
    assert any("電話番号が登録とちがいます" in word for word in row.words)
    mover.post("move_in_import")
    (enrolment,) = mover.people()
    assert enrolment.use_starts_on is not None
    assert enrolment.client.phone == "090-9999-9999"


@pytest.mark.django_db
def test_a_twin_is_asked_about_and_the_answer_counts(mover):
    mover.run(person(mover.on, 1))
    twin = person(mover.on, 1, name="別名 太郎", number="5559999999")
    (row,) = mover.look(twin)
    assert row.state == State.DOUBTFUL
    mover.post("move_in_choose", row.line, choice="same")
    row.refresh_from_db()
    assert (row.state, row.choice) == (State.SAME, "same")
    mover.post("move_in_choose", row.line, choice="another")
    row.refresh_from_db()
    assert row.state == State.NEW
    mover.post("move_in_choose", row.line, choice="leave_out")
    row.refresh_from_db()
    assert row.state == State.LEFT_OUT
    mover.post("move_in_choose", row.line, choice="another")
    mover.post("move_in_import")
    assert len(mover.people()) == 2


@pytest.mark.django_db
def test_one_person_twice_in_a_file_is_asked_about(mover):
    rows = mover.look(person(mover.on, 1), person(mover.on, 1, phone="090-3333-4444"))
    assert [row.state for row in rows] == [State.NEW, State.DOUBTFUL]
    assert f"{FIRST}行目" in rows[1].words[0]
    mover.post("move_in_choose", rows[1].line, choice="same")
    mover.post("move_in_import")
    assert len(mover.people()) == 1


@pytest.mark.django_db
def test_of_somebody_at_another_office_only_number_and_birth_date_tell(mover):
    own = mover.cast.enrolment.client
    kana = own.names.get().kana
    same = person(mover.on, 1, name="試験 太郎", kana=kana, birth_date=own.birth_date.isoformat())
    (row,) = mover.look(same)
    assert row.state == State.NEW
    less = dict.fromkeys(
        ("signed_on", "use_from", "last_met_on", "pace_months", "plan_made_on"), ""
    )
    (row,) = mover.look({**same, **less, "number": "1234567890"})
    assert row.state == State.CHANGED, row.faults
    assert any("この事業所の利用者に加える" in word for word in row.words)
    (row,) = mover.look({**same, "number": "1234567890", "birth_date": "1980-01-01"})
    assert row.state == State.REFUSED
    assert "別の方" in row.faults[0][3]


@pytest.mark.django_db
def test_columns_are_corrected_by_hand_and_known_next_time(mover):
    mover.hand_in(csv_of(person(mover.on, 1, kana="いこう はな")), "名簿.csv")
    mover.tell_columns(column_3="", column_4="service_office")
    assert mover.move_in.columns["service_office"] == 4
    assert "phone" not in mover.move_in.columns
    mover.hand_in(csv_of(person(mover.on, 2, kana="いこう そら")), "名簿2.csv")
    url = reverse("move_in_columns", args=[mover.move_in.public_id])
    form = mover.client.get(url).context["form"]
    assert form.fields["column_4"].initial == "service_office"
    assert form.fields["column_3"].initial == ""


@pytest.mark.django_db
def test_only_columns_that_nobody_knows_stand_open(mover):
    lines = csv_of(person(mover.on, 1)).decode("cp932").splitlines()
    wider = "\n".join(
        f"{line},{more}" for line, more in zip(lines, ("好きな色", "青"), strict=True)
    )
    mover.hand_in(wider.encode("cp932"), "名簿.csv")
    url = reverse("move_in_columns", args=[mover.move_in.public_id])
    answer = mover.client.get(url)
    form, text = answer.context["form"], answer.content.decode()
    assert "好きな色" in form.to_tell[-1].label
    assert len(form.known) > len(form.to_tell)
    assert len(form.known) + len(form.to_tell) == len(form.fields) - len(form.whole)
    fold = text.rindex('<details class="form__more">')
    assert text.index(f'id="{form.to_tell[-1].id_for_label}"') < fold
    assert all(fold < text.index(f'id="{field.id_for_label}"') for field in form.known)
    # What is refused comes out of the fold.
    wrong = mover.tell_columns(column_3=form["column_0"].initial).context["form"]
    assert "column_3" in [field.name for field in wrong.to_tell]


@pytest.mark.django_db
def test_two_columns_of_one_meaning_are_refused_at_their_field(mover):
    mover.hand_in(workbook_of(person(mover.on, 1)))
    answer = mover.tell_columns(column_25="phone")
    assert answer.status_code == 422
    assert "二つあります" in answer.content.decode()
    answer = mover.tell_columns(column_1="")
    assert "ふりがな の列を選んでください" in answer.content.decode()


@pytest.mark.django_db
def test_a_long_file_goes_on_where_it_stopped(mover, monkeypatch):
    monkeypatch.setattr("plans.actions.move_in.SECONDS", 0)
    mover.hand_in(workbook_of(*[person(mover.on, number) for number in range(3)]))
    page = mover.tell_columns().content.decode()
    assert "3行のうち1行が済み、あと2行です" in page
    mover.post("move_in_look")
    page = mover.post("move_in_look").content.decode()
    assert "3人を取り込む" in page
    page = mover.post("move_in_import").content.decode()
    assert (len(mover.people()), "あと2行です" in page) == (1, True)
    mover.post("move_in_import")
    mover.post("move_in_import")
    mover.post("move_in_import")
    assert len(mover.people()) == 3
    assert mover.move_in.counts["new"] == 3


@pytest.mark.django_db
def test_staff_are_found_by_mail_or_name_and_put_in_charge(mover):
    make_member("carer", office=mover.office)
    mover.run(
        person(mover.on, 1, staff="職員 carer"), person(mover.on, 2, staff="CARER@cast.example.jp")
    )
    for enrolment in mover.people():
        assert enrolment.assignments.get().staff.user.name == "職員 carer"


@pytest.mark.django_db
def test_the_whole_is_undone_as_if_it_had_never_been(mover):
    before, audits = everybody(), set(Client.history.values_list("id", flat=True))
    mover.run(*[person(mover.on, number) for number in range(2)])
    assert len(everybody() - before) == 2
    done = mover.move_in
    page = mover.client.get(reverse("move_in_undo", args=[done.public_id]))
    assert "取り消す人数" in page.content.decode()
    mover.post("move_in_undo")
    assert everybody() == before
    assert mover.people() == []
    assert set(Client.history.values_list("id", flat=True)) == audits
    assert not Decision.history.filter(client__in=everybody() - before).exists()
    done.refresh_from_db()
    assert done.undone_at is not None
    assert not done.rows.exists()
    rows = mover.look(person(mover.on, 1))
    assert [row.state for row in rows] == [State.NEW]


@pytest.mark.django_db
def test_undone_somebody_known_keeps_what_was_there(mover):
    some = {"signed_on": "", "use_from": "", "last_met_on": "", "pace_months": "", "plan_made_on": "",
            "plan_review_by": ""}  # fmt: skip
    known_since = (Month.of(mover.on) - 8).first_day
    mover.run(person(mover.on, 1, **some, consulted_from=known_since))
    mover.run(person(mover.on, 1))
    (enrolment,) = mover.people()
    assert enrolment.use_starts_on is not None
    mover.post("move_in_undo")
    (enrolment,) = mover.people()
    assert (enrolment.use_starts_on, enrolment.interview_due_on) == (None, None)
    assert not Contract.objects.filter(enrolment=enrolment).exists()
    assert Decision.objects.filter(client=enrolment.client).count() == 1


@pytest.mark.django_db
def test_who_built_on_it_is_told_and_it_stays(mover):
    from plans.actions.life_change import log_interview

    mover.run(person(mover.on, 1))
    (enrolment,) = mover.people()
    log_interview(
        enrolment=enrolment, held_on=mover.on, way="face", outcome="met", met_by=mover.head,
        work_rating="settled", life_rating="settled", notes="元気", by=mover.head,
        at=enrolment.recorded_at + timedelta(seconds=5),
    )  # fmt: skip
    answer = mover.post("move_in_undo").content.decode()
    assert "もう取り消せません" in answer
    assert "面談・連絡：記録" in answer
    assert mover.head.user.name in answer
    assert mover.move_in.undone_at is None
    assert mover.people()


@pytest.mark.django_db
def test_what_somebody_began_to_write_is_not_lost_by_undoing(mover):
    mover.run(person(mover.on, 1))
    (enrolment,) = mover.people()
    InterviewDraft.objects.create(
        enrolment=enrolment, answers={}, saved_at=now(), recorded_by=mover.head, recorded_at=now()
    )
    assert "面談の書きかけ" in mover.post("move_in_undo").content.decode()
    assert mover.people()


@pytest.mark.django_db
def test_what_is_written_while_it_is_undone_stays(mover):
    mover.run(person(mover.on, 1), person(mover.on, 2))
    first, second = mover.people()
    done = undo_move_in(move_in=mover.move_in, by=mover.head, at=now())
    meet(first, mover.head, mover.on)
    assert undo_on(move_in=done, by=mover.head, at=now()) == 0
    assert mover.people() == [first]
    assert Client.objects.filter(pk=first.client_id).exists()
    assert not Client.objects.filter(pk=second.client_id).exists()
    done.refresh_from_db()
    assert "残しました" in done.refusals[-1][3]


@pytest.mark.django_db
def test_before_the_first_month_is_told_nothing_is_handed_in(client, cast):
    from tests.accounts.test_coming_and_going import enter

    enter(client, cast.members["head"])
    page = client.get(reverse("move_ins")).content.decode()
    assert "最初の月を決める" in page
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("a.xlsx", workbook_of(person(cast.today, 1)))
    answer = client.post(reverse("move_ins"), {"file": file})
    assert answer.status_code == 422
    assert not MoveIn.objects.exists()


@pytest.mark.django_db
def test_what_nobody_settles_is_erased_in_time(mover, monkeypatch):
    mover.look(person(mover.on, 1))
    old = mover.move_in
    MoveIn.objects.filter(pk=old.pk).update(recorded_at=old.recorded_at - timedelta(days=15))
    mover.hand_in(workbook_of(person(mover.on, 2)))
    old.refresh_from_db()
    assert (old.outcome, old.rows.count()) == ("discarded", 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"PK\x03\x04nothing", b"a,b\n1,2\n", b"", "氏名\n山田".encode("utf-16")]
)
def test_what_cannot_be_read_is_told_on_the_page(mover, body):
    answer = mover.hand_in(body, "x.xlsx")
    assert answer.status_code == 422
    assert not MoveIn.objects.exists()


@pytest.mark.django_db
def test_words_of_a_file_are_words_on_every_page(mover):
    nasty = "<script>alert(1)</script>"
    mover.hand_in(workbook_of(person(mover.on, 1, name=nasty, employer=nasty)))
    url = reverse("move_in_columns", args=[mover.move_in.public_id])
    assert nasty not in mover.client.get(url).content.decode()
    page = mover.tell_columns().content.decode()
    assert nasty not in page
    assert "&lt;script&gt;" in page
