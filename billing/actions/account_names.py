"""勘定科目の名前: an office says what it calls the accounts of its journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from billing.models import AccountName
from billing.queries.account_names import own_names
from billing.rules.journal import Account
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.periods import Month


def name_accounts(
    *,
    office: Office,
    first_month: Month,
    names: Mapping[Account, str],
    by: Membership,
    at: datetime,
) -> list[AccountName]:
    """The names from a month on, until a later month says otherwise; what stays the same is not written.

    An empty name is the usual one again. Raises ValidationError for a name that is too long, or when
    somebody has just named the same account from the same month.
    """
    with violations_as_validation_errors(AccountName), transaction.atomic():
        # Two at once: the second sees what the first wrote.
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        known = own_names(office, first_month)
        return [
            _save(office, account, first_month, name, by, at)
            for account, name in names.items()
            if name != known.get(account, "")
        ]


def _save(
    office: Office, account: Account, month: Month, name: str, by: Membership, at: datetime
) -> AccountName:
    of = {"office": office, "account": account.value, "first_month": month.first_day}
    row = AccountName.objects.filter(**of).first() or AccountName(**of)
    row.name = name
    return save_record(row, verb="account_named", by=by, at=at, fields=("name",))
