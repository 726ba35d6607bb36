"""口座振替: accounts and contract, making a file, reading its result, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from billing.actions.payment import locked_invoices, record_payment
from billing.enums import PaymentWay
from billing.models import (
    DebitAccount,
    DebitEntry,
    DebitFile,
    DebitFileWithdrawal,
    DebitResult,
    DebitSetting,
    Invoice,
    Payment,
)
from billing.queries.direct_debit import (
    Candidate,
    account_problems,
    account_values,
    candidates,
    setting_of,
    setting_problems,
)
from billing.queries.payments import balances_by_line
from billing.queries.standing_invoice import asked_now
from billing.rules.direct_debit import (
    DebitCode,
    DebitFileError,
    data,
    header,
    novelty_of,
    read_results,
)
from billing.rules.payment import surplus_yen
from clients.actions.facts import refuse_future
from clients.models import Client
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.money import yen


@transaction.atomic
def record_setting(*, office: Office, by: Membership, at: datetime, **facts: Any) -> DebitSetting:
    """委託者 of the office, from the next file on. Raises ValidationError for what cannot be written."""
    row = DebitSetting.objects.select_for_update().filter(office=office).first()
    row = row or DebitSetting(office=office)
    for name, value in facts.items():
        setattr(row, name, value)
    if problems := setting_problems(row):
        raise ValidationError(problems)
    return save_record(row, verb="debit_setting_recorded", by=by, at=at, fields=tuple(facts))


@transaction.atomic
def record_account(
    *, client: Client, office: Office, by: Membership, at: datetime, **facts: Any
) -> DebitAccount:
    """口座振替の口座 of a person; the one before it ends the day before.

    One that begins on the day of a running one, or before it, takes its place; the history keeps
    what stood there. Raises ValidationError by field, also for a name that cannot be written.
    """
    refuse_future(at=at, consented_on=facts["consented_on"])
    if facts["starts_on"] < facts["consented_on"]:
        raise ValidationError({"starts_on": _("依頼書の日付より前です。")})
    row = DebitAccount.objects.filter(client=client, office=office, ends_on=None).last()
    if row is not None and row.starts_on < facts["starts_on"]:
        row.ends_on = facts["starts_on"] - timedelta(days=1)
        _save_account(row, client, by, at, ("ends_on",))
        row = None
    row = row or DebitAccount(client=client, office=office)
    for name, value in facts.items():
        setattr(row, name, value)
    if problems := account_problems(row):
        raise ValidationError(problems)
    return _save_account(row, client, by, at, tuple(facts))


@transaction.atomic
def end_account(
    *, account: DebitAccount, ends_on: date | None, by: Membership, at: datetime
) -> None:
    """The consent was taken back, or the account closed; without a day it runs on after all.

    Raises ValidationError before its first day, and where another account runs by then.
    """
    account.ends_on = ends_on
    with violations_as_validation_errors(DebitAccount):
        _save_account(account, account.client, by, at, ("ends_on",))


def _save_account(
    row: DebitAccount, client: Client, by: Membership, at: datetime, fields: tuple[str, ...]
) -> DebitAccount:
    return save_record(
        row, verb="debit_account_recorded", by=by, at=at, person_id=client.public_id, fields=fields
    )


def make_debit_file(
    *,
    office: Office,
    debit_on: date,
    by: Membership,
    at: datetime,
    seen_total_yen: int | None = None,
) -> DebitFile:
    """The file of everybody who has an open invoice and an account; each invoice in one file at a time.

    Raises ValidationError without a contract, for a day that is over, where nobody is left, or when
    the sum is not the one that was confirmed.
    """
    if by.office_id != office.pk:
        raise ValidationError(_("この事業所の請求ではありません。"))
    if debit_on < date_of(at):
        raise ValidationError({"debit_on": _("振替日は今日以後にしてください。")})
    setting = setting_of(office)
    if setting is None:
        raise ValidationError(_("先に、委託者コードと入金先の口座を登録してください。"))
    with violations_as_validation_errors(DebitFile, DebitEntry), transaction.atomic():
        # Two at once wait here; the second finds the debits of the first pending.
        DebitSetting.objects.select_for_update().get(pk=setting.pk)
        going = [each for each in candidates(office, debit_on, date_of(at)) if not each.why_not]
        if not going:
            raise ValidationError(_("ファイルに入れる請求がありません。"))
        _refuse_changed(going, locked_invoices([each.invoice for each in going], by))
        total = sum(each.open_yen for each in going)
        if seen_total_yen is not None and seen_total_yen != total:
            raise ValidationError(_("たったいま別の記録がありました。一覧を確かめ直してください。"))
        return _write(office, setting, going, total, debit_on, by, at)


def _refuse_changed(going: list[Candidate], locked: list[Invoice]) -> None:
    """What came between the look and the lock would be debited once more."""
    now = balances_by_line(locked)
    if any(now[each.invoice.pk].open_yen != each.open_yen for each in going):
        raise ValidationError(_("たったいま別の記録がありました。一覧を確かめ直してください。"))


def _write(
    office: Office, setting: DebitSetting, going: list[Candidate], total_yen: int, debit_on: date,
    by: Membership, at: datetime,
) -> DebitFile:  # fmt: skip
    file = DebitFile(
        office=office,
        number=DebitFile.objects.filter(office=office).count() + 1,
        debit_on=debit_on,
        count=len(going),
        total_yen=total_yen,
        header=header(
            setting.collector_code, setting.collector_name, debit_on, account_values(setting)
        ),
        ends_lines=setting.ends_lines,
    )
    save_record(file, verb="debit_file_made", by=by, at=at)
    former = _former_records(office, going)
    DebitEntry.objects.bulk_create(
        DebitEntry(
            file=file, position=at_row, invoice=each.invoice, amount_yen=each.open_yen,
            record=_record(each, former.get(each.invoice.enrolment.client_id, "")),
        )
        for at_row, each in enumerate(going, 1)
    )  # fmt: skip
    return file


def _former_records(office: Office, going: list[Candidate]) -> dict[int, str]:
    """By client, the last record that the bank knows: of a file that was not withdrawn.

    What came back for want of an account or a consent made nothing known.
    """
    rows = DebitEntry.objects.filter(
        Q(result=None) | Q(result__code__in=(DebitCode.PAID, DebitCode.NO_FUNDS)),
        file__office=office, file__withdrawal=None,
        invoice__enrolment__client__in=[e.invoice.enrolment.client_id for e in going],
    )  # fmt: skip
    return dict(rows.order_by("pk").values_list("invoice__enrolment__client", "record"))


def _record(each: Candidate, former: str) -> str:
    assert each.account is not None  # noqa: S101  (whoever goes has one)
    account = account_values(each.account)
    novelty = novelty_of(account, former, was_debited_before=each.account.was_debited_before)
    return data(account, each.account.holder_kana, each.open_yen, each.invoice.pk, novelty)


def read_debit_results(
    *, file: DebitFile, body: bytes, by: Membership, at: datetime
) -> list[DebitResult]:
    """The bank's result of a file: what was debited becomes a payment, the rest stays open with its reason.

    All or none. Raises ValidationError for a file of other debits, before the debit day, or when the
    result was read before.
    """
    try:
        found = read_results(body)
    except DebitFileError as error:
        raise ValidationError({"file": str(error)}) from error
    _refuse_early(file, at)
    with violations_as_validation_errors(DebitResult), transaction.atomic():
        known = _locked(file, by)
        entries = {entry.invoice_id: entry for entry in _entries(known)}
        lines = found.lines
        said = {line.customer: line for line in lines}
        same = {key: row.amount_yen for key, row in entries.items()}
        if not found.is_of(known.header):
            raise ValidationError(
                {"file": _("このファイルの結果ではありません（委託者コードか振替日が違います）。")}
            )
        if len(said) != len(lines) or same != {key: each.amount_yen for key, each in said.items()}:
            raise ValidationError(
                {"file": _("このファイルの結果ではありません（件数か金額が違います）。")}
            )
        return [_settle(entry, said[key].code, by, at) for key, entry in entries.items()]


def type_debit_results(
    *, file: DebitFile, codes: Mapping[UUID, str], by: Membership, at: datetime
) -> list[DebitResult]:
    """The same by hand, where the bank answers on paper: `codes` by the public id of every debit.

    All or none. Raises ValidationError where one is missing, before the debit day, or when the result
    is known already.
    """
    _refuse_early(file, at)
    with violations_as_validation_errors(DebitResult), transaction.atomic():
        entries = list(_entries(_locked(file, by)))
        if {entry.public_id for entry in entries} != codes.keys():
            raise ValidationError(_("すべての請求の結果を選んでください。"))
        return [_settle(entry, codes[entry.public_id], by, at) for entry in entries]


def _refuse_early(file: DebitFile, at: datetime) -> None:
    if date_of(at) < file.debit_on:
        words = _("振替日の前なので、まだ結果はありません。")
        raise ValidationError({"file": words})


def _entries(file: DebitFile) -> Any:
    return file.entries.select_related("invoice__enrolment__client").order_by("position")


def _locked(file: DebitFile, by: Membership) -> DebitFile:
    """The file, while nobody else reads its result or takes it back."""
    known = DebitFile.objects.select_for_update().filter(pk=file.pk, office=by.office_id).first()
    if known is None:
        raise ValidationError(_("この事業所のファイルではありません。"))
    if DebitFileWithdrawal.objects.filter(file=known).exists():
        raise ValidationError(_("取り下げたファイルです。"))
    if DebitResult.objects.filter(entry__file=known).exists():
        raise ValidationError(_("このファイルの結果は、もう読み込んであります。"))
    return known


def _settle(entry: DebitEntry, code: str, by: Membership, at: datetime) -> DebitResult:
    """What was debited came, whatever was paid or corrected meanwhile: what is over is given back."""
    payment = _debited(entry, by, at) if code == DebitCode.PAID else None
    row = DebitResult(entry=entry, code=code, payment=payment)
    person = entry.invoice.client.public_id
    return save_record(row, verb="debit_result_recorded", by=by, at=at, person_id=person)


def _debited(entry: DebitEntry, by: Membership, at: datetime) -> Payment:
    (invoice,) = locked_invoices([asked_now(entry.invoice)], by)
    balance = balances_by_line([invoice])[invoice.pk]
    return record_payment(
        invoice=invoice, paid_on=entry.file.debit_on, amount_yen=entry.amount_yen,
        way=PaymentWay.DEBIT, over_yen=surplus_yen(balance, entry.amount_yen), knows_debit=True,
        by=by, at=at,
    )  # fmt: skip


def withdraw_debit_file(
    *, file: DebitFile, reason: str, by: Membership, at: datetime
) -> DebitFileWithdrawal:
    """The file does not count: its invoices may go into the next one. Never after its result."""
    with violations_as_validation_errors(DebitFileWithdrawal), transaction.atomic():
        row = DebitFileWithdrawal(file=_locked(file, by), reason=reason)
        return save_record(row, verb="debit_file_withdrawn", by=by, at=at)


def note_debit_file(*, file: DebitFile, by: Membership, at: datetime) -> None:
    """The file left the house: it holds numbers of accounts."""
    audit(verb="debit_file_exported", subject=file, by=by, at=at)


def told(results: list[DebitResult]) -> str:
    """What a result came to, in one line."""
    paid = [row.payment.amount_yen for row in results if row.payment is not None]
    words = _("%(n)d件 %(total)sを入金にしました。") % {"n": len(paid), "total": yen(sum(paid))}
    if rest := len(results) - len(paid):
        words += _("振り替えられなかった%(rest)d件は、未入金のままです。") % {"rest": rest}
    return words


def told_over(results: list[DebitResult]) -> str:
    """What of the debits is to be given back, as it stands after them; empty where nothing is."""
    invoices = [asked_now(row.entry.invoice) for row in results if row.payment is not None]
    over = [row.over_yen for row in balances_by_line(invoices).values() if row.over_yen]
    if not over:
        return ""
    words = _(
        "%(n)d件は、ほかの入金か訂正があったので、%(over)s多く受け取りました。返金してください。"
    )
    return words % {"n": len(over), "over": yen(sum(over))}
