"""勘定科目の名前: each office its own, from a month on; page and workbook use them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from billing.actions.account_names import name_accounts
from billing.exports_journal import journal_workbook
from billing.models import AccountName
from billing.queries.account_names import account_names, names_by_day, usual_names
from billing.rules.journal import Account, JournalLine, account_sums
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon, date_of
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter

CASH = Account.CASH
MAY = Month.of(date(2026, 5, 1))


def name(cast, month, by="billing", office=None, **names):
    return name_accounts(
        office=office or cast.office, first_month=month, by=cast.members[by], at=at_noon(cast.today),
        names={Account(account): each for account, each in names.items()},
    )  # fmt: skip


def cash(office, month):
    return account_names(office, month.last_day)[CASH]


def test_from_a_month_on_until_another_and_for_one_office_alone(cast):
    usual = usual_names(MAY)[CASH]
    name(cast, MAY, cash="小口現金")
    name(cast, MAY + 3, cash="手許現金")
    assert [cash(cast.office, MAY + more) for more in (-1, 0, 2, 3, 9)] == [
        usual, "小口現金", "小口現金", "手許現金", "手許現金",
    ]  # fmt: skip
    assert cash(cast.other_office, MAY) == usual
    name(cast, MAY + 6, cash="")
    assert cash(cast.office, MAY + 6) == usual
    assert account_names(cast.office, MAY.last_day)[Account.TRANSFER] == "普通預金"


def test_what_stays_is_not_written_and_the_same_month_is_written_over(cast):
    assert name(cast, MAY, cash="") == []
    (row,) = name(cast, MAY, cash="小口現金", transfer="")
    assert name(cast, MAY + 1, cash="小口現金") == []
    (again,) = name(cast, MAY, cash="金庫")
    assert (again.pk, again.history_rows.count()) == (row.pk, 2)
    assert AuditEvent.objects.filter(verb="account_named").count() == 2
    with pytest.raises(ValidationError):
        name(cast, MAY, cash="あ" * 41)


def test_the_form_and_the_journal(client, cast):
    enter(client, cast.members["billing"])
    page = reverse("journal_accounts")
    on = date_of(cast.person_month.closing.closed_at)
    assert "空欄なら「現金」です" in client.get(page).content.decode()
    answer = client.post(page, {"first_month": str(Month.of(on)), "benefit_income": " 支援費収益 "})
    assert answer.status_code == 302
    assert AccountName.objects.get().name == "支援費収益"
    assert "支援費収益" in client.get(page).content.decode()
    days = f"?first={on}&last={on}"
    assert "支援費収益" in client.get(reverse("journal") + days).content.decode()
    book = load_workbook(BytesIO(client.get(reverse("journal_xlsx") + days).content))
    said = {cell.value for sheet in book for row in sheet for cell in row}
    assert "支援費収益" in said
    assert "訓練等給付費収益" not in said
    assert client.post(page, {"first_month": "いつか"}).status_code == 422


def test_each_line_bears_the_name_of_its_own_day(cast):
    name(cast, MAY, cash="小口現金")
    name(cast, MAY + 2, cash="手許現金")
    names = names_by_day(cast.office)
    days = [(MAY + more).first_day for more in (-1, 0, 1, 2)]
    assert [names(on)[CASH] for on in days] == [
        account_names(cast.office, on)[CASH] for on in days
    ]  # fmt: skip
    income = Account.COPAYMENT_INCOME
    lines = [JournalLine(on, CASH, income, 100 + n, "", "") for n, on in enumerate(days)]
    sums = {(each.name, each.account): each.debit_yen for each in account_sums(lines, names)}
    assert sums["小口現金", CASH] == 101 + 102
    assert sums["手許現金", CASH] == 103
    book = load_workbook(BytesIO(journal_workbook(lines, names)))
    assert [row[1] for row in list(book.worksheets[0].values)[1:]] == [
        usual_names(MAY - 1)[CASH], "小口現金", "小口現金", "手許現金",
    ]  # fmt: skip


def test_many_months_cost_no_more_questions(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        names = names_by_day(cast.office)
        for more in range(24):
            names((MAY + more).first_day)
