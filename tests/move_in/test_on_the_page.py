"""What a sheet does not tell is answered once for all, and the few wrong cells are mended on the page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.models import PriorService
from plans.actions.life_change import correct_dated_fact
from plans.forms.move_in_cells import Book
from plans.forms.move_in_mend import MendForm
from plans.forms.move_in_reader import LineReader
from plans.models import MoveInRow, OpeningFacts, SupportPlan
from teikyaku.accounts.models import AuditEvent
from teikyaku.desk.queries.office_start import without_opening
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.sheets import FIRST, person

State = MoveInRow.State
NO_SERVICE = {"service_kind": "", "service_from": "", "service_until": ""}


def again(mover):
    return list(mover.move_in.people.order_by("line"))


def page(mover, query=""):
    return mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id]) + query)


@pytest.mark.django_db
def test_the_service_before_is_answered_once_for_whom_the_sheet_does_not_tell_it(mover):
    rows = mover.look(
        person(mover.on, 1, **NO_SERVICE), person(mover.on, 2),
        person(mover.on, 3, service_from="", service_until=""),
    )  # fmt: skip
    assert [row.state for row in rows] == [State.REFUSED, State.NEW, State.NEW]
    assert rows[0].faults[0][:2] == [f"I{FIRST}", "就職前のサービス"]
    assert page(mover).context["lacking"] == [("就職前のサービス", 1)]
    mover.post("move_in_answers", service_kind="transition")
    assert [row.state for row in again(mover)] == [State.NEW] * 3
    mover.post("move_in_import")
    first, second, third = (PriorService.objects.get(client=each.client) for each in mover.people())
    job = (Month.of(mover.on) - 15).first_day
    assert (first.kind, first.ends_on) == ("transition", job - timedelta(days=1))
    assert [each.is_provisional for each in (first, second, third)] == [True, False, True]
    assert first.recorded_by == mover.head
    url = reverse("client_facts", args=[first.client.public_id])
    assert "仮の記録" in mover.client.get(url).content.decode()
    correct_dated_fact(
        row=first,
        client=first.client,
        changes={"kind": "continued_b"},
        reason="聞いた",
        **mover.who,
    )
    assert "仮の記録" not in mover.client.get(url).content.decode()


@pytest.mark.django_db
def test_whose_certificates_they_are_is_answered_once_where_the_sheet_has_no_such_column(mover):
    ward, other = mover.cast.wards[:2]
    own = {"municipality": "", "lives_in": "", "address": ""}
    rows = mover.look(
        person(mover.on, 1, **own), person(mover.on, 2, **own),
        person(mover.on, 3, municipality=other.full_name),
    )  # fmt: skip
    assert page(mover).context["lacking"] == [("支給決定市町村", 2)]
    assert [row.state for row in rows] == [State.NEW] * 3, "they come in without their certificate"
    assert mover.post("move_in_answers", paid_by="999999").context["lacking"], "none of the choices"
    mover.post("move_in_answers", paid_by=ward.code)
    assert not page(mover).context["lacking"]
    assert [row.faults for row in again(mover)] == [[]] * 3
    mover.post("move_in_import")
    held = [each.client.decisions.get().municipality for each in mover.people()]
    assert held == [ward, ward, other], "who tells it keeps it"


@pytest.mark.django_db
def test_a_sheet_without_the_column_is_asked_beside_its_columns(mover):
    mover.hand_in(
        "氏名,ふりがな,生年月日,就職先,就職日,契約日\n一 人,いち,H3.3.3,商店,R6.4.1,R6.10.1\n".encode()
    )
    mover.tell_columns()
    (row,) = again(mover)
    assert row.faults[0][:2] == ["", "就職前のサービス"]
    mover.tell_columns(service_kind="transition")
    (row,) = again(mover)
    assert row.state == State.NEW
    assert mover.move_in.answers == {"service_kind": "transition"}
    assert any("仮の記録" in word for word in row.words)


@pytest.mark.django_db
def test_a_meeting_of_the_first_month_here_is_left_out_with_what_to_do(mover):
    """It would count as met and stand in no claim: it is written as a meeting; the person comes in."""
    first = Month.of(mover.on).first_day
    (row,) = mover.look(person(mover.on, 1, last_met_on=first))
    assert row.state == State.NEW
    assert row.faults[0][:2] == [f"V{FIRST}", "最後の面談日"]
    assert "面談の記録として" in row.faults[0][3]
    mover.post("move_in_import")
    (enrolment,) = mover.people()
    assert not OpeningFacts.objects.filter(enrolment=enrolment).exists()
    assert enrolment in without_opening(mover.office, mover.on)
    assert any("面談の記録として" in words for *_rest, words in mover.move_in.refusals)


@pytest.mark.django_db
def test_a_slip_of_the_plan_keeps_nobody_out(mover):
    made = (Month.of(mover.on) - 2).first_day
    late = person(mover.on, 1, plan_made_on=made, plan_review_by=made + timedelta(days=300))
    early = person(mover.on, 2, plan_made_on=made, plan_review_by=made - timedelta(days=3))
    rows = mover.look(late, early)
    assert [row.state for row in rows] == [State.NEW] * 2
    assert {fault[1] for row in rows for fault in row.faults} == {"計画の見直し期限"}
    mover.post("move_in_import")
    assert SupportPlan.objects.filter(enrolment__in=mover.people()).count() == 2


@pytest.mark.django_db
def test_wrong_cells_are_mended_on_the_page_and_nothing_typed_is_lost(mover):
    rows = mover.look(
        person(mover.on, 1, kana="", birth_date="昭和99年1月1日"), person(mover.on, 2)
    )
    assert rows[0].state == State.REFUSED
    text = page(mover).content.decode()
    assert 'value="昭和99年1月1日"' in text
    line = rows[0].line
    mover.post("move_in_mend", line, kana="いこうたろう", birth_date="昭和88年1月1日")
    assert 'value="昭和88年1月1日"' in page(mover).content.decode()
    mover.post("move_in_mend", line, birth_date="昭和58年1月1日")
    assert again(mover)[0].state == State.NEW
    event = AuditEvent.objects.filter(verb="move_in_line_mended").latest("pk")
    assert "昭和" not in str(event.__dict__)
    mover.post("move_in_import")
    assert len(mover.people()) == 2


@pytest.mark.django_db
def test_a_field_without_a_column_gets_one_and_the_lines_that_lean_on_it_follow(mover):
    mover.hand_in(
        "氏名,ふりがな,生年月日,就職先,就職日,契約日\n一 人,いち,H3.3.3,商店,R6.4.1,R6.10.1\n"
        "一 人,いち,H3.3.3,工場,R6.6.1,R6.10.1\n".encode()
    )
    mover.tell_columns()
    first, second = again(mover)
    assert (first.state, second.state) == (State.REFUSED, State.REFUSED)
    mover.post("move_in_mend", first.line, service_kind="就労移行支援")
    first, second = again(mover)
    assert (first.state, second.state) == (State.NEW, State.CHANGED)
    assert mover.move_in.columns["service_kind"] == 6
    assert mover.move_in.headings[6] == "就職前のサービス"


@pytest.mark.django_db
def test_only_what_is_wrong_is_asked(mover):
    (row,) = mover.look(person(mover.on, 1, phone="なし", disabilities="不明"))
    form = MendForm(row=row, reader=LineReader(mover.move_in.columns, Book([], [], {})))
    assert set(form.fields) == {"phone", "disabilities"}
    assert mover.post("move_in_mend", 9_999, phone="1").status_code == 404


@pytest.mark.django_db
def test_a_line_in_which_nothing_is_left_goes(mover):
    mover.hand_in("氏名,ふりがな,生年月日\n,,きのう\n二 人,に,H3.3.4\n".encode())
    mover.tell_columns()
    url = reverse("move_in_mend", args=[mover.move_in.public_id, 2])
    mover.client.post(url, {"name": "", "kana": "", "birth_date": ""})
    assert [row.line for row in again(mover)] == [3]


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("head", 404), ("worker", 403)])
def test_nobody_else_answers_or_mends(mover, client, who, status):
    (row,) = mover.look(person(mover.on, 1, kana=""))
    enter(client, mover.cast.members[who])
    for name, *more in (("move_in_answers",), ("move_in_mend", row.line)):
        url = reverse(name, args=[mover.move_in.public_id, *more])
        assert client.post(url, {"kana": "あ", "service_kind": "transition"}).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["\0", "あ" * 5_000, "<script>", "９" * 400])
def test_nonsense_in_a_mended_cell_is_told(mover, typed):
    (row,) = mover.look(person(mover.on, 1, kana=""))
    assert mover.post("move_in_mend", row.line, kana=typed).status_code == 200
    assert mover.post("move_in_answers", service_kind=typed).status_code == 200
    assert again(mover)[0].state == State.REFUSED


@pytest.mark.django_db
def test_what_a_caution_asks_to_put_right_has_its_field_at_the_row(mover):
    born = date(mover.on.year - 6, 1, 1)
    (row,) = mover.look(person(mover.on, 1, birth_date=born, number="555000001"))
    assert (row.state, row.faults) == (State.NEW, [])
    assert len(row.warnings) == 2
    text = page(mover).content.decode()
    assert f'id="line{row.line}_birth_date"' in text
    assert f'id="line{row.line}_number"' in text
    mover.post("move_in_mend", row.line, birth_date="平成2年1月1日", number="5550000001")
    (row,) = again(mover)
    assert (row.state, row.warnings, row.asks) == (State.NEW, [], [])
    mover.post("move_in_import")
    assert mover.people()[0].client.birth_date == date(1990, 1, 1)


@pytest.mark.django_db
def test_a_right_whose_days_are_over_has_its_fields_at_the_row(mover):
    until = (Month.of(mover.on) - 1).first_day
    (row,) = mover.look(person(mover.on, 1, granted_until=until))
    assert "支給決定期間が" in row.warnings[0]
    assert {"granted_until", "ended_on", "end_reason"} <= set(row.asks)
    assert f'id="line{row.line}_granted_until"' in page(mover).content.decode()


@pytest.mark.django_db
def test_a_mend_that_is_sent_is_written_and_other_cells_stay(mover):
    (row,) = mover.look(person(mover.on, 1, phone="なし", disabilities="不明"))
    mover.post("move_in_mend", row.line, birth_date="昭和60年1月1日")
    (row,) = again(mover)
    reader = LineReader(mover.move_in.columns, Book([], [], {}))
    assert reader.text(row.cells, "birth_date") == "昭和60年1月1日"
    assert (reader.text(row.cells, "phone"), reader.text(row.cells, "disabilities")) == (
        "なし",
        "不明",
    )
    assert "直す項目が送られていません" in mover.post("move_in_mend", row.line).content.decode()
