"""請求書: everything that is printed, as a frozen value; templates never query."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from billing.models import PersonMonth
from clients.models import Client, ClientName, RelatedPerson, Residence
from teikyaku.era import wareki, wareki_month
from teikyaku.money import yen
from teikyaku.periods import Month, in_force


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets the post: the payer or whoever gets it for the person, else the person."""

    name: str
    postal_code: str
    address: str


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of the table, ready to print."""

    label: str
    units: str
    times: str
    total: str


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """請求書 for one person and month. All values are printed as they are."""

    number: str
    issued_on: str
    due_on: str
    month: str
    to_name: str
    to_postal_code: str
    to_address: str
    person_name: str
    certificate_number: str
    municipality: str
    office_name: str
    office_corporation: str
    office_number: str
    office_postal_code: str
    office_address: str
    office_phone: str
    bank_account: str
    lines: tuple[InvoiceLine, ...]
    units: str
    unit_price: str
    total_cost: str
    one_tenth: str
    cap: str
    amount: str
    benefit: str
    why: tuple[str, ...]
    is_sample: bool
    replaces_number: str = ""

    def content(self) -> dict[str, Any]:
        """As JSON values, for the frozen copy and the printer."""
        return asdict(self)


def invoice_document(
    row: PersonMonth, *, number: str, issued_on: date, due_on: date
) -> InvoiceDocument:
    """Build the paper of a closed month from its frozen rows and the names of its time."""
    office = row.closing.office
    to = addressee(row.client, issued_on)
    return InvoiceDocument(
        number=number,
        issued_on=wareki(issued_on),
        due_on=wareki(due_on),
        month=wareki_month(Month.of(row.month)),
        to_name=to.name,
        to_postal_code=to.postal_code,
        to_address=to.address,
        person_name=name_on(row.client, issued_on),
        certificate_number=row.certificate_number,
        municipality=row.municipality.full_name,
        office_name=office.name,
        office_corporation=office.corporation,
        office_number=office.number,
        office_postal_code=office.postal_code,
        office_address=office.address,
        office_phone=office.phone,
        bank_account=office.bank_account,
        lines=tuple(
            InvoiceLine(
                line.label, f"{line.units:,}", str(line.times), f"{line.total_units:,}"
            )
            for line in row.lines.all()
        ),
        units=f"{row.units:,}単位",
        unit_price=f"{row.unit_price:.2f}円",
        total_cost=yen(row.total_cost_yen),
        one_tenth=yen(row.one_tenth_yen),
        cap=yen(row.cap_yen),
        amount=yen(row.copayment_yen),
        benefit=yen(row.benefit_yen),
        why=why_this_amount(row),
        is_sample=row.closing.is_sample_tariff,
    )


def why_this_amount(row: PersonMonth) -> tuple[str, ...]:
    """The copayment in plain words, for the person."""
    total, tenth = yen(row.total_cost_yen), yen(row.one_tenth_yen)
    lines = [
        f"今月の支援にかかった費用は、{row.units:,}単位 × {row.unit_price:.2f}円 で {total} です。",
        f"その1割は {tenth} です。あなたの負担の上限は、月 {yen(row.cap_yen)} です。",
    ]
    if row.copayment_yen == 0:
        lines.append("そのため、今月のお支払いはありません。")
    elif row.copayment_yen < row.one_tenth_yen:
        lines.append(f"1割が上限より多いので、お支払いは上限の {yen(row.copayment_yen)} です。")
    else:
        lines.append(f"1割が上限より少ないので、お支払いは {yen(row.copayment_yen)} です。")
    return (*lines, f"残りの {yen(row.benefit_yen)} は、市町村が事業所に支払います。")


def name_on(client: Client, on: date) -> str:
    """The person's name in force on a day."""
    name = ClientName.objects.filter(in_force(on), client=client).first()
    return name.name if name else ""


def addressee(client: Client, on: date) -> Addressee:
    """Where the paper goes on a day. A protected address is printed nowhere."""
    others = RelatedPerson.objects.filter(in_force(on), client=client)
    other = others.filter(Q(is_payer=True) | Q(gets_post=True)).order_by("-is_payer").first()
    if other is not None and other.address:
        return Addressee(other.name, other.postal_code, other.address)
    home = Residence.objects.filter(in_force(on), client=client)
    row = home.select_related("municipality__city").first()
    name = name_on(client, on)
    if row is None or row.is_protected:
        return Addressee(name, "", "")
    return Addressee(name, row.postal_code, f"{row.municipality.full_name}{row.address}")
