"""お支払いのお知らせ: what a person has not paid, as a frozen value; templates never query."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from billing.documents import Sender, sender_of
from billing.models import Invoice
from billing.queries.paper_heads import Addressee
from billing.queries.payment_reminders import LatePerson
from billing.queries.samples import SAMPLE
from teikyaku.accounts.models import Office
from teikyaku.era import wareki, wareki_month
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One invoice in the letter. Yen."""

    month: str
    number: str
    due_on: str
    amount_yen: int
    open_yen: int


@dataclass(frozen=True, slots=True)
class ReminderDocument:
    """お支払いのお知らせ; the keys of templates/documents/payment_reminder.typ. Yen."""

    dated: str
    number: str
    issued_on: str
    edition: str
    notice: str
    replaces: None
    replaced_by: None
    office: Sender
    addressee: Addressee
    person: dict[str, str]
    lines: tuple[ReminderLine, ...]
    total_yen: int
    coming_count: int
    coming_yen: int
    bank_account: str
    debit_on: str
    """The day on which the person's account is debited; empty where it is not."""

    def content(self) -> dict[str, Any]:
        """As plain JSON values, for the frozen copy and the printer."""
        return asdict(self)


def reminder_document(
    person: LatePerson,
    office: Office,
    *,
    number: str,
    issued_on: date,
    debit_on: date | None = None,
) -> ReminderDocument:
    """Build the letter about everything that is late; what is still in time is only named."""
    is_sample = any(row.is_sample for row in person.late)
    return ReminderDocument(
        dated=issued_on.isoformat(),
        number=number,
        issued_on=wareki(issued_on),
        edition="",
        notice=SAMPLE if is_sample else "",
        replaces=None,
        replaced_by=None,
        office=sender_of(office),
        addressee=person.who.money.addressee,
        person={"name": person.who.name, "kana": person.who.kana},
        lines=tuple(_line(row) for row in person.late),
        total_yen=person.late_yen,
        coming_count=len(person.coming),
        coming_yen=person.coming_yen,
        bank_account=office.bank_account,
        debit_on=wareki(debit_on) if debit_on else "",
    )


def _line(row: Invoice) -> ReminderLine:
    return ReminderLine(
        month=wareki_month(Month.of(row.month)),
        number=row.number,
        due_on=wareki(row.due_on),
        amount_yen=row.amount_yen,
        open_yen=row.open_yen,  # type: ignore[attr-defined]
    )
