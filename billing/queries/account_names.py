"""勘定科目: what the accounts of the journal are called at an office in a month."""

from __future__ import annotations

from datetime import date
from functools import cache

from billing.models import AccountName
from billing.rules.journal import Account, NamesOn
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.figures import figure, overrides, picked
from teikyaku.periods import Month


def usual_names(month: Month) -> dict[Account, str]:
    """What the accounts are called where an office says nothing else."""
    return {each: str(figure(f"journal.{each.value}", month).value) for each in Account}


def own_names(office: Office, month: Month) -> dict[Account, str]:
    """What the office itself calls them in a month; none where it says nothing (one query)."""
    rows = AccountName.objects.filter(office=office, first_month__lte=month.first_day)
    last = {Account(row.account): row.name for row in rows.order_by("first_month")}
    return {account: name for account, name in last.items() if name}


def account_names(office: Office, on: date) -> dict[Account, str]:
    """What the accounts are called at an office on a day: its own names, else the usual ones."""
    return dict(names_by_day(office)(on))


def names_by_day(office: Office) -> NamesOn:
    """What the accounts are called on each day, told month by month (two queries, whatever the months)."""
    rows = list(AccountName.objects.filter(office=office).order_by("first_month"))
    known = overrides()

    @cache
    def of_month(month: Month) -> dict[Account, str]:
        found = {each: str(picked(f"journal.{each.value}", month, known).value) for each in Account}
        last = {
            Account(row.account): row.name for row in rows if row.first_month <= month.first_day
        }
        return found | {account: name for account, name in last.items() if name}

    return lambda on: of_month(Month.of(on))


def names_on_file(office: Office) -> list[AccountName]:
    """Every name that the office set, newest month first, with who set it (one query)."""
    rows = AccountName.objects.filter(office=office).select_related("recorded_by__user")
    return list(rows.order_by("-first_month", "pk"))
