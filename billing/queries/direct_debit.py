"""口座振替: whose invoices go into a file of a day, who does not and why, the files so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from billing.models import DebitAccount, DebitFile, DebitSetting, Invoice
from billing.queries.payments import open_invoices
from billing.queries.pending_debits import pending_days
from billing.rules.direct_debit import BANK_NAME, COLLECTOR_NAME, HOLDER_NAME, Account, problem_of
from clients.models import Enrolment
from clients.queries.subject import names_seen
from teikyaku.accounts.models import Office
from teikyaku.periods import Month, in_force

DIED = "亡くなった記録があります。口座が止まることがあるので、ファイルに入れません。"
NO_ACCOUNT = "口座が登録されていません。"
PENDING = "ほかのファイルに入っていて、結果を待っています。"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One open invoice for a debit day: its account, or why it does not go."""

    invoice: Invoice
    name: str
    kana: str
    month: Month
    open_yen: int
    account: DebitAccount | None
    why_not: str

    @property
    def needs_account(self) -> bool:
        """Whether an account, or another one, lets it go."""
        return bool(self.why_not) and self.why_not not in (DIED, PENDING)


def setting_of(office: Office) -> DebitSetting | None:
    """The office's contract with its bank; None before it was entered."""
    return DebitSetting.objects.filter(office=office).first()


def setting_problems(setting: DebitSetting) -> dict[str, str]:
    """What of the office's own names cannot be written, by field."""
    return _problems(setting, collector_name=("委託者名", COLLECTOR_NAME))


def _problems(row: DebitAccount | DebitSetting, **own: tuple[str, int]) -> dict[str, str]:
    asked = {**own, "bank_name": ("金融機関名", BANK_NAME), "branch_name": ("支店名", BANK_NAME)}
    told = {
        name: problem_of(label, getattr(row, name), length)
        for name, (label, length) in asked.items()
    }
    return {name: problem for name, problem in told.items() if problem}


def account_values(row: DebitAccount | DebitSetting) -> Account:
    """The account as the rules take it."""
    return Account(
        row.bank_code, row.bank_name, row.branch_code, row.branch_name, row.kind, row.number
    )


def account_problems(row: DebitAccount) -> dict[str, str]:
    """What of a person's account cannot be written, by field."""
    return _problems(row, holder_kana=("口座名義", HOLDER_NAME))


def candidates(office: Office, debit_on: date, on: date) -> list[Candidate]:
    """Every open invoice, as of `on`, for a debit on `debit_on`; five queries."""
    rows: Sequence[Invoice] = list(open_invoices(office))
    accounts = accounts_on(office, debit_on, {row.enrolment.client_id for row in rows})
    waiting = pending_days(rows)
    names = names_seen((row.enrolment for row in rows), on)
    found = []
    for row in rows:
        name, account = names.get(row.enrolment_id), accounts.get(row.enrolment.client_id)
        found.append(
            Candidate(
                invoice=row,
                name=name.name if name else "",
                kana=name.kana if name else "",
                month=Month.of(row.month),
                open_yen=row.open_yen,  # type: ignore[attr-defined]
                account=account,
                why_not=_why_not(row, account, is_pending=row.line in waiting),
            )
        )
    return found


def accounts_on(office: Office, on: date, clients: Iterable[int]) -> dict[int, DebitAccount]:
    """By client, the account in force on a day (one query)."""
    rows = DebitAccount.objects.filter(in_force(on), office=office, client__in=list(clients))
    return {row.client_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account that is or will be debited, with whose it is."""

    account: DebitAccount
    enrolment: Enrolment
    name: str
    kana: str


def known_accounts(office: Office, on: date) -> list[KnownAccount]:
    """Every account of the office that has not ended, by kana (three queries)."""
    rows = DebitAccount.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), office=office)
    accounts = list(rows)
    clients = [row.client_id for row in accounts]
    uses = Enrolment.objects.filter(office=office, client__in=clients, starts_on__lte=on)
    ordered = uses.select_related("client").order_by("starts_on", "pk")
    last = {row.client_id: row for row in ordered}
    names = names_seen(last.values(), on)
    found = []
    for row in accounts:
        if (use := last.get(row.client_id)) is not None:
            name = names.get(use.pk)
            found.append(
                KnownAccount(row, use, name.name if name else "", name.kana if name else "")
            )
    return sorted(found, key=lambda each: (each.kana, each.account.pk))


def _why_not(row: Invoice, account: DebitAccount | None, *, is_pending: bool) -> str:
    if row.client.died_on is not None:
        return DIED
    if account is None:
        return NO_ACCOUNT
    if is_pending:
        return PENDING
    return "".join(account_problems(account).values())


def files_of(office: Office) -> QuerySet[Any]:
    """The files of an office, newest first, with `waiting`: debits without a result."""
    rows = DebitFile.objects.filter(office=office).select_related("withdrawal")
    return rows.annotate(
        waiting=Count("entries", filter=Q(entries__result=None, withdrawal=None))
    ).order_by("-number")


def entries_of(file: DebitFile) -> QuerySet[Any]:
    """The debits of a file with their results, in their order."""
    related = (
        "result__payment", "invoice__document", "invoice__opening", "invoice__person_month",
        "invoice__enrolment__client",
    )  # fmt: skip
    return file.entries.select_related(*related).defer("invoice__document__content")
