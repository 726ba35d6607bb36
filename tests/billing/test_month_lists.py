"""The month's lists: a reason said once, counts that agree, light pages, the same rows on paper."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.urls import resolve, reverse
from openpyxl import load_workbook

from billing.queries import month_lists as lists
from billing.queries.mending import mending_url, who_mends
from billing.queries.month import month_board, month_boards
from billing.queries.month_turns import turns_of
from billing.views import month as month_view
from billing.views import payment as payment_view
from plans.models import ReportShare
from plans.rules.month import MonthState
from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import AuditEvent
from teikyaku.periods import Month
from teikyaku.reasons import Reason
from tests.accounts.test_coming_and_going import enter

BYTES_OF_FIFTY = 50 * 1024


@pytest.fixture
def last(cast):
    """Last month: ready for one person, closed for nobody."""
    return Month.of(cast.today) - 1


def crowd(board, count, **changes):
    """The board with `count` people like its first one."""
    (entry,) = board.ready
    entries = [
        entry._replace(support=entry.support._replace(enrolment_id=10_000 + n), **changes)
        for n in range(count)
    ]
    return replace(board, entries=tuple(entries))


def test_several_months_are_what_each_is_alone(cast, last):
    together = month_boards(cast.office, last - 3, last + 1, cast.today)
    for month, board in together.items():
        assert board == month_board(cast.office, month, cast.today), month
    assert [len(board.closed) for board in together.values()] == [0, 0, 1, 0, 0]


@pytest.mark.parametrize("who", ["billing", "manager"])
@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("ready", {}),
        ("held", {"state": MonthState.HELD, "reasons": (
            Reason("report_not_shared", "支援レポートをまだ本人に共有していません。", "docs/rules.md §8"),
            Reason("no_cap", "負担上限月額が記録されていません（0円とは別です）。", "docs/rules.md §8"),
        )}),
    ],
)  # fmt: skip
def test_fifty_rows_are_light_and_say_a_reason_once(
    client, cast, last, monkeypatch, who, key, changes
):
    board = crowd(month_board(cast.office, last, cast.today), 60, **changes)
    monkeypatch.setattr(month_view, "month_board", lambda *asked: board)
    enter(client, cast.members[who])
    answer = client.get(reverse("month_page", args=[last]) + f"?list={key}")
    text = answer.content.decode()
    assert text.count("試験 太郎") >= 50
    assert len(answer.content) <= BYTES_OF_FIFTY
    for reason in changes.get("reasons", ()):
        assert text.count(reason.text) == 1
    assert "60人" in text or key == "ready"


def test_fifty_payments_are_light(client, cast, monkeypatch):
    own = payment_view.invoice_rows
    monkeypatch.setattr(payment_view, "invoice_rows", lambda shown, on: own(shown, on) * 50)
    enter(client, cast.members["billing"])
    answer = client.get(reverse("payments"))
    assert answer.content.decode().count("試験 太郎") >= 50
    assert len(answer.content) <= BYTES_OF_FIFTY


def test_the_page_of_who_is_held_says_whose_turn_it_is(client, cast, last):
    ReportShare.objects.filter(report__enrolment=cast.enrolment).delete()
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    report = reverse("report_page", args=[cast.enrolment.public_id, last])
    url = f"{page}?month={last}"
    enter(client, cast.members["billing"])
    assert url in client.get(reverse("month_page", args=[last]) + "?list=held").content.decode()
    held = client.get(url).context["held"]
    assert held.is_with_others
    assert [each.url for each in held.missing] == [""]
    text = client.get(url).content.decode()
    assert f"{last.label}の請求は保留です" in text
    assert "就労定着支援員・サービス管理責任者の番です" in text
    assert reverse("month_page", args=[last]) + "?list=held" in text
    # Who can mend it has the door instead.
    enter(client, cast.members["manager"])
    own = client.get(url).context["held"]
    assert not own.is_with_others
    assert [each.url for each in own.missing] == [report]
    # Nothing of months that are not held, nor of nonsense, nor to who sees no months.
    closed = Month.of(cast.person_month.month)
    for asked in (closed, last + 2, "1", "2026-13", "2199-12", "%00", ""):
        assert client.get(f"{page}?month={asked}").context["held"] is None
    enter(client, cast.members["worker"])
    assert client.get(url).context["held"] is None


def test_counts_by_reason_agree_with_their_lists(client, cast, last):
    ReportShare.objects.filter(report__enrolment=cast.enrolment).delete()
    board = month_board(cast.office, last, cast.today)
    held = next(each for each in lists.month_lists(board) if each.key == "held")
    (count,) = lists.reason_counts(held)
    assert (count.code, count.count) == ("report_not_shared", 1)
    enter(client, cast.members["manager"])
    url = reverse("month_page", args=[last])
    page = client.get(url + count.url)
    assert page.context["page"].paginator.count == 1
    assert "レポートを開く" in page.content.decode()
    # Nonsense in the address shows the whole list.
    assert client.get(url + "?list=held&reason=x").context["page"].paginator.count == 1
    # Who may not write there is led to the person, not to a locked door.
    enter(client, cast.members["billing"])
    text = client.get(url + count.url).content.decode()
    assert "レポートを開く</a>" not in text
    # … and told whom to ask.
    assert "レポートを渡していない：就労定着支援員・サービス管理責任者が直せます" in text
    name = cast.members["worker"].user.name
    assert f"担当の{name}に頼む（レポートを開く）" in text
    assert f"担当 {name}" in text


@pytest.mark.parametrize(
    ("code", "roles", "where"),
    [
        ("no_tier", "管理者", "tier_confirm"),
        ("no_tariff", "システム管理者", ""),
        ("no_meeting", "就労定着支援員・サービス管理責任者", "interview_new"),
        ("cap_management", "管理者・請求担当", "cap_result"),
        ("refused", "", ""),
    ],
)
def test_each_reason_says_where_and_by_whom_it_is_mended(cast, last, code, roles, where):
    (entry,) = month_board(cast.office, last, cast.today).ready
    reason = Reason(code, "なぜか")
    assert who_mends(reason, entry.support) == roles
    for key in ("worker", "head"):
        url = mending_url(reason, entry.support, cast.members[key])
        person = reverse("client_page", args=[entry.support.client_public_id])
        if not where:
            assert url == ""
        elif where.startswith("#"):
            assert url == person + where
        else:
            page = resolve(url).url_name
            assert page == (
                where if may_open(cast.members[key], reverse_of(where, entry)) else "client_page"
            )


def reverse_of(name, entry):
    args = [] if name == "tier_confirm" else [entry.support.enrolment_public_id]
    args += [entry.support.month] if name == "cap_result" else []
    return reverse(name, args=args)


def test_the_close_says_what_people_pay_and_how_many_invoices_go_out(client, cast, last):
    (entry,) = month_board(cast.office, last, cast.today).ready
    enter(client, cast.members["billing"])
    text = client.get(reverse("month_close", args=[last])).content.decode()
    assert f"{entry.copayment.decided_yen:,}円（請求書 1通）" in text


def test_a_reason_shows_its_people_and_the_same_reasons_stand_together(cast, last):
    board = month_board(cast.office, last, cast.today)
    (entry,) = board.ready
    report, cap = Reason("report_not_shared", "レポート"), Reason("no_cap", "上限")
    every = [(cap,), (report,), (report, cap), (report,)]
    found = [entry._replace(state=MonthState.HELD, reasons=reasons) for reasons in every]
    held = lists.MonthList("held", "保留", "", found)
    counts = {row.code: row.count for row in lists.reason_counts(held)}
    assert counts == {"report_not_shared": 3, "no_cap": 2}
    for code, count in counts.items():
        assert len(lists.with_reason(found, code)) == count
    ordered = lists.with_reason(found, "")
    groups = lists.row_groups(ordered, ordered, cast.members["manager"], cast.today)
    assert [([each.code for each in group.reasons], group.count) for group in groups] == [
        (["report_not_shared"], 2), (["report_not_shared", "no_cap"], 1), (["no_cap"], 1),
    ]  # fmt: skip
    # The number beside a group speaks of the whole list, also on a page that shows a part of it.
    assert lists.row_groups(ordered[:1], ordered, cast.members["manager"], cast.today)[0].count == 2


def test_each_person_is_one_line_with_what_mends_them(client, cast, last, monkeypatch):
    (entry,) = month_board(cast.office, last, cast.today).ready
    report, cap = Reason("report_not_shared", "渡していません。"), Reason("no_cap", "上限がない。")
    barred = [Reason("barred", text) for text in ("入院中です。", "訓練中です。")]
    every = [(report, cap), (report, barred[0]), (barred[1],)]
    board = replace(
        month_board(cast.office, last, cast.today),
        entries=tuple(
            entry._replace(state=MonthState.HELD, reasons=reasons,
                           support=entry.support._replace(enrolment_id=-n - 1))
            for n, reasons in enumerate(every)
        ),
    )  # fmt: skip
    monkeypatch.setattr(month_view, "month_board", lambda *asked: board)
    enter(client, cast.members["manager"])
    page = client.get(reverse("month_page", args=[last]) + "?list=held")
    text = page.content.decode()
    assert text.count("<tr><td>") == len(every)
    # A sentence that is the same for all stands once above them, one that differs beside each.
    assert text.count(report.text) == text.count(barred[0].text) == text.count(barred[1].text) == 1
    notes = {note.label: note for note in page.context["notes"]}
    assert [note.count for note in page.context["notes"]] == [2, 2, 1]
    assert (notes["ほかの支援がある"].text, notes["レポートを渡していない"].text) == (
        "",
        report.text,
    )
    assert text.count("レポートを開く") == 2


def test_the_list_goes_out_as_on_the_page(client, cast, last):
    enter(client, cast.members["billing"])
    pdf = client.get(reverse("month_pdf", args=[last]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    rows = list(
        load_workbook(BytesIO(client.get(reverse("month_xlsx", args=[last])).content)).active.values
    )
    (entry,) = month_board(cast.office, last, cast.today).ready
    assert rows[1][:2] == ("請求できる", "試験 太郎")
    assert rows[1][5:9] == (
        entry.copayment.units, entry.copayment.total_cost_yen, entry.copayment.decided_yen,
        entry.copayment.benefit_yen,
    )  # fmt: skip
    closed = list(
        load_workbook(
            BytesIO(client.get(reverse("month_xlsx", args=[last - 1])).content)
        ).active.values
    )
    assert closed[1][0] == "締めた"
    assert client.get(reverse("month_pdf", args=[last - 1])).status_code == 200
    assert AuditEvent.objects.filter(verb="month_list_exported").count() == 4


def without_plan(cast, month):
    """The person's month without a plan and with a report that was not handed: held, and reduced."""
    ReportShare.objects.filter(report__enrolment=cast.enrolment).delete()
    cast.enrolment.support_plans.all().delete()
    board = month_board(cast.office, month, cast.today)
    (entry,) = (e for e in board.held if e.support.enrolment_id == cast.enrolment.pk)
    return board, entry


def test_a_month_that_is_over_keeps_its_missing_plan_as_a_reduction(client, cast, last):
    """What is planned from now on holds from now on: no link promises otherwise."""
    board, entry = without_plan(cast, last)
    cut = next(reason for reason in entry.reasons if reason.code == "no_support_plan")
    assert "減算して請求します" in cut.text
    assert "この月には効きません" in cut.text
    assert (
        who_mends(cut, entry.support),
        mending_url(cut, entry.support, cast.members["manager"]),
    ) == ("", "")
    (row,) = lists.person_rows([entry], board.held, cast.members["manager"], cast.today)
    told = {why.label: why.mend for why in row.whys}
    assert told.pop("減算：個別支援計画がない") is None
    assert [mend.label for mend in told.values()] == ["レポートを開く"]
    held = next(each for each in lists.month_lists(board) if each.key == "held")
    assert "減算：個別支援計画がない" in [each.label for each in lists.reason_counts(held)]
    # Whose turn it is follows from what holds the person back, not from what is lost anyway.
    for who, own in (("manager", 1), ("billing", 0)):
        assert turns_of(board.held, cast.members[who]).own == own
        enter(client, cast.members[who])
        page = reverse("client_page", args=[cast.enrolment.client.public_id])
        told = client.get(f"{page}?month={last}").context["held"]
        assert told.is_with_others is not bool(own)
        assert "計画を開く" not in client.get(reverse("month_page", args=[last])).content.decode()


def test_in_the_running_month_a_missing_plan_keeps_its_link(cast):
    cast.enrolment.support_plans.all().delete()
    running = Month.of(cast.today)
    entry = next(e for e in month_board(cast.office, running, cast.today).held)
    missing = next(reason for reason in entry.reasons if reason.code == "no_support_plan")
    assert "減算になります" in missing.text
    assert mending_url(missing, entry.support, cast.members["manager"])
