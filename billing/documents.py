"""請求書, 領収書 and the list of a month: everything that is printed, as a frozen value; templates never query."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from billing.documents_why import why_this_amount
from billing.enums import ClosingKind
from billing.models import Invoice, Payment, PersonMonth
from billing.queries.certificate_held import held_by
from billing.queries.closed_entries import ClosedEntry
from billing.queries.month import MonthBoard, MonthEntry
from billing.queries.paper_heads import Addressee, PaperHead, paper_heads
from billing.queries.samples import SAMPLE
from billing.rules.correction import paper_words
from teikyaku.accounts.models import Office
from teikyaku.clock import date_of
from teikyaku.era import wareki, wareki_month
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class Sender:
    """The office as the paper shows it."""

    name: str
    corporation: str
    number: str
    postal_code: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever used the service."""

    name: str
    certificate_number: str
    municipality: str


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of the table: whole units, reductions negative."""

    label: str
    units: int
    times: int
    total_units: int


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """請求書 for one person and month; the keys of templates/documents/invoice.typ. Sums in yen."""

    dated: str
    number: str
    issued_on: str
    edition: str
    notice: str
    replaces: dict[str, str] | None
    replaced_by: dict[str, str] | None
    office: Sender
    addressee: Addressee
    person: Person
    month: str
    lines: tuple[InvoiceLine, ...]
    total_units: int
    unit_price: str
    total_cost_yen: int
    one_tenth_yen: int
    cap_yen: int
    copayment_yen: int
    managed_yen: int | None
    subsidy_yen: int
    amount_yen: int
    benefit_yen: int
    why: tuple[str, ...]
    due_on: str | None
    payment: dict[str, Any] | None
    remarks: tuple[str, ...]
    paid_yen: int = 0
    """What the person has paid for the month before this paper, and not got back."""

    def content(self) -> dict[str, Any]:
        """As plain JSON values, for the frozen copy and the printer."""
        return {name: _plain(getattr(self, name)) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class FormerInvoice:
    """The paper that a corrected one takes the place of, and what came for the month. In yen."""

    number: str
    issued_on: str
    amount_yen: int
    kept_yen: int

    def told(self, row: PersonMonth) -> dict[str, str]:
        """Which paper is corrected, and the difference in plain words."""
        words = paper_words(
            self.amount_yen, row.payable_yen, self.kept_yen, is_withdrawn=row.is_withdrawn
        )
        return {"number": self.number, "issued_on": self.issued_on, "note": "".join(words)}


def invoice_document(
    row: PersonMonth, *, number: str, issued_on: date, due_on: date, head: PaperHead | None = None,
    former: FormerInvoice | None = None, debit_on: date | None = None,
) -> InvoiceDocument:  # fmt: skip
    """Build the paper of a closed month from its frozen rows and the names of its time.

    `debit_on` is the day on which the person's account is debited, where it is.
    """
    kept_yen = former.kept_yen if former else 0
    pays = row.payable_yen > kept_yen
    return InvoiceDocument(
        **month_head(row, number=number, issued_on=issued_on, head=head),
        edition="訂正版" if former else "",
        replaces=former.told(row) if former else None,
        lines=tuple(
            InvoiceLine(line.label, line.units, line.times, line.total_units)
            for line in row.lines.all()
        ),
        total_units=row.units,
        unit_price=f"{row.unit_price:.2f}",
        total_cost_yen=row.total_cost_yen,
        one_tenth_yen=row.one_tenth_yen,
        cap_yen=row.cap_yen,
        copayment_yen=row.copayment_yen,
        managed_yen=row.copayment_yen if row.cap_result_id is not None else None,
        subsidy_yen=row.subsidy_yen,
        amount_yen=row.payable_yen,
        benefit_yen=row.benefit_yen,
        why=why_this_amount(row),
        due_on=wareki(due_on) if pays else None,
        payment=_how_to_pay(row.closing.office, debit_on) if pays else None,
        remarks=(),
        paid_yen=kept_yen,
    )


def _plain(value: Any) -> Any:
    """Values within values as JSON's; `asdict` copies every text and takes half of what issuing costs."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value


def _how_to_pay(office: Office, debit_on: date | None) -> dict[str, Any] | None:
    if debit_on is not None:
        told = f"{wareki(debit_on)}に、届け出た口座から引き落とします。"
        return {"way": "口座振替", "details": (told,), "debit_on": wareki(debit_on)}
    if not office.bank_account:
        return None
    return {"way": "銀行振込", "details": (office.bank_account,)}


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    """領収書 for one payment; the keys of templates/documents/receipt.typ. Sums in yen."""

    dated: str
    number: str
    issued_on: str
    edition: str
    notice: str
    replaces: dict[str, str] | None
    replaced_by: dict[str, str] | None
    office: Sender
    addressee: Addressee
    person: Person
    month: str
    invoice_number: str
    paid_on: str
    way: str
    amount_yen: int
    rest_yen: int

    def content(self) -> dict[str, Any]:
        """As plain JSON values, for the frozen copy and the printer."""
        return asdict(self)


def receipt_document(
    payment: Payment, invoice: Invoice, *, number: str, issued_on: date, rest_yen: int
) -> ReceiptDocument:
    """Build the receipt of a payment; `rest_yen` is what stays open of the month after it.

    `invoice` is the one of the month that stands when the receipt is issued.
    """
    asked = payment.invoice
    office = asked.enrolment.office
    who = asked.enrolment.client_id
    head = paper_heads([who], office.pk, issued_on)[who]
    return ReceiptDocument(
        dated=issued_on.isoformat(),
        number=number,
        issued_on=wareki(issued_on),
        edition="",
        notice=SAMPLE if asked.is_sample else "",
        replaces=None,
        replaced_by=None,
        office=sender_of(office),
        addressee=head.addressee,
        person=_holder(asked, head.name),
        month=wareki_month(Month.of(asked.month)),
        invoice_number=invoice.number,
        paid_on=wareki(payment.paid_on),
        way=payment.get_way_display(),
        amount_yen=payment.amount_yen,
        rest_yen=rest_yen,
    )


def _holder(invoice: Invoice, name: str) -> Person:
    """Whoever used the service; of a month before the move with the certificate on file here."""
    row = invoice.person_month
    if row is not None:
        return Person(name, row.certificate_number, row.municipality.full_name)
    found = held_by(invoice.client, Month.of(invoice.month).last_day)
    if found is None:
        return Person(name, "—", "—")
    return Person(name, found.number, found.municipality.full_name)


def month_list_document(board: MonthBoard, office: Office, on: date) -> dict[str, Any]:
    """月締めの一覧 as plain JSON: the lists of the month page, with sums in yen."""
    own = board.office_month
    closed = [_closed_row(entry) for entry in board.closed]
    ready = [_ready_row(entry) for entry in board.ready]
    return {
        "dated": on.isoformat(),
        "number": "",
        "issued_on": wareki(on),
        "edition": "",
        "notice": SAMPLE if own.is_sample else "",
        "replaces": None,
        "replaced_by": None,
        "office": asdict(sender_of(office)),
        "month": wareki_month(own.month),
        "tariff": own.tariff.title if own.tariff else "—",
        "closings": [
            {
                "number": row.number,
                "on": wareki(date_of(row.closed_at)),
                "by": row.closed_by.user.name
                + (f"（{row.get_kind_display()}）" if row.kind == ClosingKind.CORRECTION else ""),
            }
            for row in (*board.closes, *board.corrections[-1:])
        ],
        "closed": closed,
        "closed_total": _sums(closed),
        "ready": ready,
        "ready_total": _sums(ready),
        "held": [_row_with_reasons(entry) for entry in board.held],
        "not_billable": [_row_with_reasons(entry) for entry in board.not_billable],
        "by_municipality": _by_municipality([*closed, *ready]),
    }


def _closed_row(entry: ClosedEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "certificate_number": entry.certificate_number,
        "municipality": entry.municipality,
        "units": entry.units,
        "total_cost_yen": entry.total_cost_yen,
        "copayment_yen": entry.copayment_yen,
        "benefit_yen": entry.benefit_yen,
        "note": "",
    }


def _ready_row(entry: MonthEntry) -> dict[str, Any]:
    sums, support = entry.copayment, entry.support
    assert sums is not None  # noqa: S101  (ready entries have sums)
    return {
        "name": support.name,
        "certificate_number": support.certificate_number,
        "municipality": support.municipality_name,
        "units": sums.units,
        "total_cost_yen": sums.total_cost_yen,
        "copayment_yen": sums.decided_yen,
        "benefit_yen": sums.benefit_yen,
        "note": "".join(reason.text for reason in (*entry.reasons, *entry.warnings)),
    }


def _row_with_reasons(entry: MonthEntry) -> dict[str, Any]:
    return {
        "name": entry.support.name,
        "certificate_number": entry.support.certificate_number,
        "reasons": [reason.text for reason in (*entry.reasons, *entry.warnings)],
    }


SUMS = ("units", "total_cost_yen", "copayment_yen", "benefit_yen")


def _sums(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {"people": len(rows), **{key: sum(row[key] for row in rows) for key in SUMS}}


def _by_municipality(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = sorted({row["municipality"] for row in rows})
    return [
        {"name": name, **_sums([row for row in rows if row["municipality"] == name])}
        for name in names
    ]


def sender_of(office: Office) -> Sender:
    """The office as it stands at the head of its papers."""
    return Sender(
        name=office.name,
        corporation=office.corporation,
        number=office.number,
        postal_code=office.postal_code,
        address=office.address,
        phone=office.phone,
    )


def as_printed_now(invoice: Invoice) -> dict[str, Any]:
    """The frozen content, and which paper has taken its place."""
    content: dict[str, Any] = {**invoice.paper.content}
    after = getattr(invoice.paper, "replaced_by", None)
    if after is not None:
        content["replaced_by"] = {"number": after.number, "issued_on": after.content["issued_on"]}
    return content


def month_head(
    row: PersonMonth, *, number: str, issued_on: date, head: PaperHead | None = None
) -> dict[str, Any]:
    """What every paper about a person's closed month has in common, from the names of its day.

    `head`: the name and addressee, where they were read for many people at once.
    """
    if head is None:
        head = paper_heads([row.client_id], row.closing.office_id, issued_on)[row.client_id]
    return {
        "dated": issued_on.isoformat(),
        "number": number,
        "issued_on": wareki(issued_on),
        "notice": SAMPLE if row.closing.is_sample_tariff else "",
        "replaced_by": None,
        "office": sender_of(row.closing.office),
        "addressee": head.addressee,
        "person": Person(head.name, row.certificate_number, row.municipality.full_name),
        "month": wareki_month(Month.of(row.month)),
    }
