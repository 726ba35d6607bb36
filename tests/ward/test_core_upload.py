"""基幹システムからの取込: looked at first, told line by line, stored once, erased afterwards."""

import csv
import io
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from clients.actions.facts import add_fact
from clients.models import HouseholdFact
from plans.actions import core_upload as actions
from plans.forms.core_upload import COLUMNS, LABELS
from plans.models import (
    Application,
    CapPeriod,
    Certificate,
    CoreUpload,
    CoreUploadRow,
    Decision,
)
from plans.views.ward_upload import _day
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.roles import Role
from teikyaku.era import wareki_short
from teikyaku.periods import Month, day_after, last_day_of_months
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member
from tests.ward.core_known import NUMBER, known

__all__ = ["NUMBER", "known"]

HEAD = [column.names[0] for column in COLUMNS]


def csv_of(*rows, head=None, encoding="utf-8-sig"):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head or HEAD)
    writer.writerows([row.get(column.field, "") for column in COLUMNS] for row in rows)
    return text.getvalue().encode(encoding)


def hand_in(counter, body, name="core.csv", follow=True):
    file = SimpleUploadedFile(name, body, content_type="text/csv")
    return counter.client.post(reverse("admin:core_uploads"), {"file": file}, follow=follow)


def looked_at(counter, *rows, **how):
    """The lines as the look at them has stored them."""
    answer = hand_in(counter, csv_of(*rows, **how))
    assert answer.status_code == 200, answer.content.decode()
    return list(CoreUpload.objects.latest("pk").rows.all())


def confirm(counter, **data):
    upload = CoreUpload.objects.latest("pk")
    answer = counter.client.post(
        reverse("admin:core_upload_confirm", args=[upload.public_id]), data, follow=True
    )
    upload.refresh_from_db()
    return answer, upload


def line(counter, **changes):
    """What is on file of the known person, as a line."""
    cap = CapPeriod.objects.filter(client=counter.person).earliest("first_month")
    return {
        "number": NUMBER, "kana": "ﾏﾄﾞｸﾞﾁ ﾊﾅｺ", "birth_date": "平成3年1月1日",
        "starts_on": counter.decision.starts_on.isoformat(),
        "ends_on": wareki_short(counter.decision.ends_on),
        "issued_on": counter.on.strftime("%Y/%m/%d"), "cap_yen": "９，３００",
        "cap_first_month": str(Month.of(cap.first_month)),
        "cap_last_month": str(Month.of(cap.last_month)), "category": "一般１", **changes,
    }  # fmt: skip


def later_cap(counter, **changes):
    first = Month.of(counter.on) + 2
    cap = {
        "cap_first_month": str(first), "cap_last_month": str(first + 1), "cap_yen": "0",
        "category": "低所得",
    }  # fmt: skip
    return line(counter, **{**cap, **changes})


def faults(row):
    return {column: reason for column, _value, reason in row.faults}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_what_is_on_file_is_the_same_however_it_is_written(known, encoding):
    (row,) = looked_at(known, line(known), encoding=encoding)
    assert (row.state, row.faults) == ("same", [])
    assert known.client.get(reverse("admin:core_uploads")).status_code == 200


def test_a_change_is_told_stored_and_nothing_new_the_second_time(known):
    Certificate.objects.filter(decision=known.decision).update(
        issued_on=known.on - timedelta(days=3)
    )
    rows = [later_cap(known, issued_on=known.on.isoformat())]
    (row,) = looked_at(known, *rows)
    assert row.state == "changed", row.faults
    assert "0円 低所得" in row.words[0]
    assert "受給者証（変更）" in row.words[-1]
    assert Certificate.objects.filter(decision=known.decision).count() == 1
    answer, upload = confirm(known)
    assert "取り込みが終わりました" in answer.content.decode()
    assert (upload.outcome, upload.changed_count) == ("confirmed", 1)
    cap = CapPeriod.objects.filter(client=known.person).latest("first_month")
    assert (cap.cap_yen, cap.category, cap.recorded_by) == (0, "low_income", known.officer)
    assert Certificate.objects.filter(decision=known.decision, kind="change").count() == 1
    assert not CoreUploadRow.objects.exists()
    (again,) = looked_at(known, *rows)
    assert again.state == "same"
    _answer, second = confirm(known)
    assert (second.same_count, second.changed_count, second.new_count) == (1, 0, 0)
    assert CapPeriod.objects.filter(client=known.person).count() == 2


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"number": "9999999999"}, "受給者証番号", "この区の記録にありません"),
        ({"number": "123456789"}, "受給者証番号", "10桁"),
        ({"birth_date": "1991-01-02"}, "生年月日", "生年月日と違います"),
        ({"birth_date": "1991-02-30"}, "生年月日", "2月"),
        ({"birth_date": ""}, "生年月日", "入れて"),
        ({"kana": "ベツノ ヒト"}, "カナ氏名", "カナ氏名と違います"),
        ({"ends_on": "2199-01-01"}, "支給決定期間終了", "登録では"),
        ({"ends_on": "2000-01-01"}, "支給決定期間終了", "始まり以後"),
        ({"amount": "月10日"}, "支給量", "登録では"),
        ({"cap_yen": "4600"}, "負担上限月額", "登録では 9,300円 一般1"),
        ({"cap_yen": ""}, "負担上限月額", "上限月額を入れて"),
        ({"category": ""}, "区分", "要ります"),
        ({"category": "一般3"}, "区分", "一般1・一般2"),
        ({"cap_first_month": "2026-07-15"}, "適用開始月", "月だけ"),
        ({"cap_first_month": "2020-01"}, "適用開始月", "支給決定期間の中"),
        ({"issued_on": "2020-01-01"}, "交付日", "より前です"),
        ({"issued_on": "2198-01-01"}, "交付日", "まだ来ていない"),
        ({"starts_on": "2020-01-01", "ends_on": "2020-12-31"}, "支給決定期間開始", "申請もありません"),
    ],
)  # fmt: skip
def test_each_fault_at_its_column_with_its_value(known, changes, column, words):
    (row,) = looked_at(known, line(known, **changes))
    assert row.state == "refused"
    assert words in faults(row)[column]
    field = next(each.field for each in COLUMNS if each.names[0] == column)
    value = next(value for name, value, _reason in row.faults if name == column)
    assert value == line(known, **changes)[field]
    page = known.client.get(
        reverse("admin:core_upload_page", args=[row.upload.public_id]) + "?state=refused"
    ).content.decode()
    assert words in page


def test_refused_lines_hold_up_no_other_and_are_never_stored(known):
    rows = looked_at(known, later_cap(known), line(known, birth_date="1980-01-01"))
    assert [row.state for row in rows] == ["changed", "refused"]
    answer, upload = confirm(known)
    assert upload.changed_count == 1
    assert [(number, column) for number, column, _reason in upload.refusals] == [(3, "生年月日")]
    text = answer.content.decode()
    assert "3行目" in text
    for erased in (NUMBER, "ﾏﾄﾞｸﾞﾁ", "1980-01-01"):
        assert erased not in text
        assert erased not in str(CoreUpload.objects.values())


def test_what_the_forms_refuse_is_refused_here(known):
    fact = HouseholdFact(
        client=known.person, first_month=known.on.replace(day=1), is_taxed=True,
        receives_public_assistance=False, lives_in_group_home=False, is_in_facility=False,
        income_levy_yen=1000,
    )  # fmt: skip
    add_fact(fact, verb="household_recorded", **known.who)
    (row,) = looked_at(known, later_cap(known))
    assert "世帯の記録からは「一般1」" in faults(row)["区分の理由"]
    (row,) = looked_at(known, later_cap(known, category_reason="税の更正"))
    assert row.state == "changed"
    confirm(known)
    assert CapPeriod.objects.latest("first_month").category_reason == "税の更正"
    (row,) = looked_at(known, later_cap(known, cap_yen="99999", category="一般2"))
    assert row.state == "refused"
    first = CapPeriod.objects.latest("first_month").first_month
    other = later_cap(known, cap_first_month=str(Month.of(first) - 1), cap_yen="99999")
    (row,) = looked_at(known, other)
    assert "重なって" in faults(row)["適用終了月"]


def test_a_cap_too_high_is_told_at_its_column(known):
    (row,) = looked_at(known, later_cap(known, cap_yen="99999"))
    assert "高くても" in faults(row)["負担上限月額"]


def test_a_new_decision_of_an_application_that_runs(known):
    ends = known.decision.ends_on
    Decision.objects.filter(pk=known.decision.pk).update(ends_on=known.on - timedelta(days=1),
        starts_on=known.on - timedelta(days=200))  # fmt: skip
    row = known.received(known=known.person, kind="renewal")
    data = line(
        known, starts_on=known.on.isoformat(), ends_on=ends.isoformat(), cap_yen="9300",
        cap_first_month=str(Month.of(known.on) + 2), cap_last_month="",
    )  # fmt: skip
    (missing,) = looked_at(known, data)
    assert "聞き取り調査" in str(missing.faults)
    Application.objects.filter(pk=row.pk).delete()
    heard = known.heard(known=known.person, kind="renewal")
    (found, later) = looked_at(
        known, data, {**data, "cap_first_month": str(Month.of(known.on) + 3)}
    )
    assert found.state == "new", found.faults
    assert "2行目" in str(later.faults)
    assert not Decision.objects.filter(application=heard).exists()
    _answer, upload = confirm(known)
    assert upload.new_count == 1, upload.refusals
    decision = Decision.objects.get(application=heard)
    assert (decision.ends_on, decision.amount) == (ends, "当該月の日数")
    assert decision.certificates.get().kind == "renewal"
    too_long = {**data, "starts_on": day_after(ends).isoformat(),
                "ends_on": last_day_of_months(ends, 40).isoformat()}  # fmt: skip
    (refused,) = looked_at(known, too_long)
    assert refused.state == "refused"


def test_two_officers_where_the_ward_wants_them(known):
    ward = known.cast.wards[2]
    ward.needs_second_officer = True
    ward.save()
    looked_at(known, later_cap(known))
    CoreUploadRow.objects.update(state="new")
    answer, upload = confirm(known)
    assert "別の職員が取り込みます" in answer.content.decode()
    assert upload.outcome == ""
    enter(known.client, make_member("second", Role.WARD_OFFICER, municipality=ward))
    _answer, upload = confirm(known)
    assert upload.outcome == "confirmed"


def test_settled_once_and_told(known):
    looked_at(known, later_cap(known))
    upload = CoreUpload.objects.latest("pk")
    stale = CoreUpload.objects.get(pk=upload.pk)
    confirm(known)
    with pytest.raises(ValidationError, match="取り込んだ"):
        actions.confirm_upload(upload=stale, labels=LABELS, **known.who)
    answer, _upload = confirm(known)
    assert "「取り込んだ」にしています" in answer.content.decode()
    url = reverse("admin:core_upload_discard", args=[upload.public_id])
    assert "取り込んだ" in known.client.post(url, follow=True).content.decode()
    assert CapPeriod.objects.filter(client=known.person).count() == 2


def test_thrown_away_and_forgotten(known):
    looked_at(known, later_cap(known))
    upload = CoreUpload.objects.latest("pk")
    url = reverse("admin:core_upload_discard", args=[upload.public_id])
    assert known.client.post(url).status_code == 302
    upload.refresh_from_db()
    assert (upload.outcome, upload.rows.count()) == ("discarded", 0)
    looked_at(known, later_cap(known))
    old = CoreUpload.objects.latest("pk")
    CoreUpload.objects.filter(pk=old.pk).update(
        recorded_at=known.who["at"] - timedelta(days=actions.KEPT_DAYS + 1)
    )
    looked_at(known, later_cap(known))
    old.refresh_from_db()
    assert (old.outcome, old.rows.count()) == ("discarded", 0)
    assert CoreUpload.objects.filter(outcome="").count() == 1
    assert CapPeriod.objects.filter(client=known.person).count() == 1


def test_a_long_file_goes_on_where_it_stopped(known, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    monkeypatch.setattr(actions, "TOGETHER", 1)
    first = Month.of(known.on) + 2
    rows = looked_at(known, *(
        later_cap(known, issued_on="", cap_first_month=str(first + n), cap_last_month=str(first + n))
        for n in range(3)
    ))  # fmt: skip
    assert [row.state for row in rows] == ["changed"] * 3
    answer, upload = confirm(known)
    assert "続きを取り込む" in answer.content.decode()
    assert (upload.changed_count, upload.rows.count()) == (2, 1)
    assert (
        "確認を待っているファイルが 1 件"
        in known.client.get(reverse("admin:index")).content.decode()
    )
    _answer, upload = confirm(known, go_on="1")
    assert (upload.changed_count, upload.rows.count()) == (3, 0)


def test_other_headings_more_columns_and_tabs_are_read(known):
    head = [{"受給者証番号": "証 番号", "区分": "所得区分"}.get(name, name) for name in HEAD]
    body = csv_of(line(known, number=f'="{NUMBER}"'), head=head).decode("utf-8-sig")
    body = "\n".join(f"{row}\tメモ" for row in body.replace('"9,300"', "9300").replace(",", "\t").splitlines())  # fmt: skip
    answer = hand_in(known, body.encode())
    assert "次の列は読みませんでした：メモ" in answer.content.decode()
    assert CoreUploadRow.objects.get().state == "same", CoreUploadRow.objects.get().faults


def test_the_template_is_read_and_safe(known):
    body = known.client.get(reverse("admin:core_template_csv")).content
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows[0] == HEAD
    answer = hand_in(known, body)
    assert answer.status_code == 200
    row = CoreUploadRow.objects.get()
    assert set(faults(row)) == {"受給者証番号"}, "only the made-up number is unknown"


def test_faults_as_a_workbook_without_formulas_and_on_the_record(known):
    (row,) = looked_at(known, line(known, kana="=HYPERLINK(1)", birth_date="@1"))
    url = reverse("admin:core_faults_xlsx", args=[row.upload.public_id])
    sheet = load_workbook(BytesIO(known.client.get(url).content)).active
    cells = [cell for line in sheet.iter_rows(min_row=2) for cell in line]
    assert "@1" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert AuditEvent.objects.filter(verb="ward_core_faults_exported").count() == 1


def test_another_ward_finds_nobody_and_sees_no_file(known):
    rows = [line(known)]
    (mine,) = looked_at(known, *rows)
    stranger = known.cast.members["other_officer"]
    enter(known.client, stranger)
    url = reverse("admin:core_upload_page", args=[mine.upload.public_id])
    assert known.client.get(url).status_code == 404
    assert not known.client.get(reverse("admin:core_uploads")).context["waiting"]
    (theirs,) = looked_at(known, *rows)
    assert "この区の記録にありません" in faults(theirs)["受給者証番号"]


def test_a_number_that_only_an_office_copied_leads_to_nobody(counter):
    person = counter.cast.enrolment.client
    counter.person, counter.decision = person, person.decisions.latest("pk")
    row = {
        "number": "1234567890", "kana": "しけん たろう", "birth_date": "1990-01-02",
        "starts_on": counter.decision.starts_on.isoformat(),
        "ends_on": counter.decision.ends_on.isoformat(),
    }  # fmt: skip
    (found,) = looked_at(counter, row)
    assert "この区の記録にありません" in faults(found)["受給者証番号"]


def test_the_same_line_twice_in_a_file(known):
    rows = looked_at(known, later_cap(known), later_cap(known))
    assert [row.state for row in rows] == ["changed", "refused"]
    assert "2行目と" in str(rows[1].faults)


def test_lines_cost_no_queries_of_their_own(known, django_assert_max_num_queries):
    body = csv_of(line(known))
    hand_in(known, body, follow=False)
    with CaptureQueriesContext(connection) as one:
        hand_in(known, body, follow=False)
    many = csv_of(line(known), *(line(known, number=f"88{n:08d}") for n in range(300)))
    # SQLite takes so many values at once: a few more inserts, no look-up more.
    with django_assert_max_num_queries(len(one) + 3):
        hand_in(known, many, follow=False)
    upload = CoreUpload.objects.latest("pk")
    url = reverse("admin:core_upload_page", args=[upload.public_id])
    assert len(known.client.get(url).context["rows"]) == 50
    assert upload.rows.filter(state="refused").count() == 300


def test_no_value_of_a_line_in_logs_or_audit(known, caplog):
    looked_at(known, later_cap(known))
    confirm(known)
    told = caplog.text + str(list(AuditEvent.objects.values()))
    assert NUMBER not in told
    assert "ﾏﾄﾞｸﾞﾁ" not in told


def test_dates_keep_their_kind():
    from plans.rules.core_upload import CoreRow, as_text, from_text

    row = CoreRow(
        number="1", kana="か", birth_date=date(1990, 1, 2), starts_on=date(2026, 4, 1),
        ends_on=date(2027, 3, 31), cap_yen=0, cap_first_month=date(2026, 7, 1),
    )  # fmt: skip
    assert from_text(as_text(row)) == row


def test_dates_of_a_file_are_shown_as_pages_write_them():
    assert _day("2026-01-01") == _day("R8.1.1") == "2026年1月1日（令和8年）"
    assert _day("13月") == "13月"
