"""運営指導の綴り as one PDF: cover, mismatches, then support and bills of each person in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from billing.models import Invoice
from billing.queries.binder import Bill, BinderFile, ended_on, is_replaced, running_month
from billing.rules.binder import BinderPart
from clients.models import Residence
from plans.documents_binder import (
    Leaf,
    consent_leaf,
    contact_leaf,
    leaf,
    plan_leaves,
    plan_papers,
    report_leaves,
    sheet,
    short,
    table,
)
from plans.rules.mismatch import GRACE_DAYS, Mismatch, MismatchKind
from teikyaku.accounts.models import IssuedDocument, Membership, Office
from teikyaku.accounts.roles import Role
from teikyaku.clock import date_of
from teikyaku.era import wareki, wareki_month
from teikyaku.money import yen
from teikyaku.periods import Month, in_force

NOTE = (
    "面談の記録など、ご本人の大切な情報が入っています。見てよい人だけが見て、"
    "終わったら事業所の決まりに従ってしまうか、処分してください。"
    "くいちがいの一覧は、この日の記録から計算しています。"
)
OUTLIVED = "訂正前"
UNRECORDED = (
    f"くいちがいではありません。{GRACE_DAYS}日を過ぎても（入金は支払期限を過ぎても）"
    "記録のない書類や受け取りです。"
)


@dataclass(frozen=True, slots=True)
class Binder:
    """What is bound: whose files, over which months, which parts, made on and by."""

    office: Office
    subject: str
    """新潟 太郎 様, or 2026年4月に利用した方."""
    first: Month
    last: Month
    parts: Collection[BinderPart]
    files: Sequence[BinderFile]
    on: date
    by: Membership
    people: str = ""
    """Which people of how many, where it is not one person's."""


def binder_document(binder: Binder) -> dict[str, Any]:
    """The keys of templates/documents/binder.typ (five queries, whatever is bound)."""
    office = binder.office
    return {
        "dated": binder.on.isoformat(),
        "office": {
            "name": office.name, "number": office.number, "corporation": office.corporation,
        },
        "subject": binder.subject,
        "cover": _cover(binder),
        "note": NOTE,
        "mismatches": _people(binder.files),
        "unrecorded": _unrecorded(binder.files),
        "unrecorded_lead": UNRECORDED,
        "papers": list(_leaves(binder)),
    }  # fmt: skip


def _cover(binder: Binder) -> list[dict[str, str]]:
    first, last = wareki_month(binder.first), wareki_month(binder.last)
    roles = "・".join(str(role.label) for role in Role if role.value in binder.by.roles)
    left_out = [part.label for part in BinderPart if part not in binder.parts]
    count = sum(len(file.contradictions) for file in binder.files)
    awaited = sum(len(file.unrecorded) for file in binder.files)
    told = (
        ("期間", first if first == last else f"{first}から{last}まで"),
        ("入っている方", binder.people),
        ("入れたもの", "、".join(part.label for part in BinderPart if part in binder.parts)),
        ("入れていないもの", "、".join(left_out)),
        ("くいちがい", f"{count}件（目次のあとに一覧）" if count else "見つかりませんでした"),
        ("まだ記録のないもの", f"{awaited}件（くいちがいのあと）" if awaited else ""),
        ("まだ終わらない月", _running(binder)),
        ("利用の終わり", _ended(binder)),
        ("作成日", wareki(binder.on)),
        ("作成者", f"{binder.by.user.name}（{roles}）"),
    )
    return [{"label": label, "value": value} for label, value in told if value]


def _running(binder: Binder) -> str:
    month = running_month(binder.files, binder.first, binder.last, binder.on)
    return f"{wareki_month(month)}（作成日までの記録）" if month else ""


def _ended(binder: Binder) -> str:
    """Of one person: the day on which the use ended, where it has."""
    days = [] if binder.people else ended_on(binder.files, binder.on)
    return "・".join(wareki(day) for day in days)


def _people(files: Sequence[BinderFile]) -> list[dict[str, Any]]:
    """くいちがい person by person, with the count of each kind."""
    found = []
    for file in files:
        rows = file.contradictions
        counts = Counter(row.kind for row in rows)
        told = [f"{kind.label} {counts[kind]}" for kind in MismatchKind if counts[kind]]
        if rows:
            found.append(
                {
                    "who": file.support.name,
                    "count": len(rows),
                    "kinds": "・".join(told),
                    "rows": [_mismatch(row) for row in rows],
                }
            )
    return found


def _unrecorded(files: Sequence[BinderFile]) -> list[dict[str, Any]]:
    """まだ記録のないもの kind by kind: how many, whose, which."""
    found = []
    for kind in MismatchKind:
        own = [
            (file.support.name, [row for row in file.unrecorded if row.kind == kind])
            for file in files
        ]
        people = [
            {"who": who, "items": "、".join(row.short for row in rows)} for who, rows in own if rows
        ]
        rows = [row for _who, each in own for row in each]
        if rows:
            source = f"{rows[0].source.text}（{rows[0].source.certainty.label}）"
            found.append(
                {"kind": kind.label, "count": len(rows), "source": source, "people": people}
            )
    return found


def _mismatch(row: Mismatch) -> dict[str, Any]:
    return {
        "kind": row.kind.label,
        "text": row.text,
        "facts": [{"label": side.label, "text": side.words} for side in row.facts],
        "source": f"{row.source.text}（{row.source.certainty.label}）",
    }


def _leaves(binder: Binder) -> Iterable[Leaf]:
    parts, supports = binder.parts, [file.support for file in binder.files]
    printed = plan_papers(supports) if BinderPart.PLANS in parts else {}
    invoices = _invoices(binder) if BinderPart.BILLS in parts else {}
    for file in binder.files:
        support = file.support
        if file.is_empty:
            continue
        if BinderPart.PLANS in parts:
            yield from plan_leaves(support, printed)
        if BinderPart.CONSENTS in parts:
            yield from consent_leaf(support)
        if BinderPart.CONTACTS in parts:
            yield from contact_leaf(support)
        if BinderPart.REPORTS in parts:
            yield from report_leaves(support)
        if BinderPart.BILLS in parts:
            yield from _bill_leaves(file, invoices)


def _invoices(binder: Binder) -> dict[int, dict[str, Any]]:
    """By invoice: the paper as it was issued, without an address that is protected today.

    Three queries; the numbers of the receipts are read on the way.
    """
    receipts = [
        payment.receipt
        for file in binder.files
        for bill in file.bills
        for payment in bill.standing_payments
        if hasattr(payment, "receipt")
    ]
    prefetch_related_objects(
        receipts, Prefetch("document", IssuedDocument.objects.defer("content"))
    )
    ids = [row.pk for file in binder.files for bill in file.bills for row in bill.invoices]
    clients = {file.support.enrolment.client_id for file in binder.files}
    hidden = set(
        Residence.objects.filter(
            in_force(binder.on), client__in=clients, is_protected=True
        ).values_list("client_id", flat=True)
    )
    rows = Invoice.objects.filter(pk__in=ids).select_related(
        "document__replaced_by", "person_month"
    )
    return {row.pk: _paper(row, is_hidden=row.closed_month.client_id in hidden) for row in rows}


def _paper(row: Invoice, *, is_hidden: bool) -> dict[str, Any]:
    content: dict[str, Any] = {**row.paper.content}
    if is_replaced(row):
        after = row.paper.replaced_by
        content["replaced_by"] = {"number": after.number, "issued_on": after.content["issued_on"]}
    if is_hidden:
        content["addressee"] = {**content["addressee"], "postal_code": "", "address": []}
    return content


def _bill_leaves(file: BinderFile, invoices: Mapping[int, dict[str, Any]]) -> Iterable[Leaf]:
    if not file.bills:
        return
    who = file.support.name
    title = "請求の一覧"
    data = sheet(
        title,
        "締めた月の請求です。あとから記録が変わっても、締めたときのまま残ります。",
        table("月ごとの請求", BILL_COLUMNS, [_bill_row(bill) for bill in file.bills], ""),
        table("請求書・入金・領収書", PAPER_COLUMNS, [_paper_row(b) for b in file.bills], ""),
        table(
            "明細", (("月", 2), ("項目", 6), ("計算", 4), ("単位", 2)),
            [
                [wareki_month(bill.month), line.label, line.expression, f"{line.total_units:,}"]
                for bill in file.bills
                for line in bill.row.lines.all()
            ],
            "",
        ),
    )  # fmt: skip
    yield leaf(who, title, "sheet", data)
    for bill in file.bills:
        for row in bill.invoices:
            mark = f"（{OUTLIVED}）" if is_replaced(row) else ""
            yield leaf(
                who, f"請求書 {wareki_month(bill.month)}分{mark}", "invoice", invoices[row.pk]
            )


BILL_COLUMNS = (
    ("月", 3), ("締めた日・人", 3), ("受給者証番号", 3), ("単位", 2), ("総費用", 2), ("上限月額", 2),
    ("本人の負担", 2), ("給付費", 2),
)  # fmt: skip
PAPER_COLUMNS = (
    ("月", 2), ("請求書（発行日）", 4), ("支払期限", 2), ("入金", 4), ("領収書", 4),
)  # fmt: skip


def _bill_row(bill: Bill) -> list[str]:
    row = bill.row
    closed = f"{short(date_of(row.closing.closed_at))}\n{row.closing.closed_by.user.name}"
    return [
        wareki_month(bill.month), closed, row.certificate_number, f"{row.units:,}",
        yen(row.total_cost_yen), yen(row.cap_yen), yen(row.copayment_yen), yen(row.benefit_yen),
    ]  # fmt: skip


def _paper_row(bill: Bill) -> list[str]:
    invoice, month = bill.invoice, wareki_month(bill.month)
    if invoice is None:
        none = "負担がないため、出していません" if bill.row.payable_yen == 0 else ""
        return [month, none, "", "", ""]
    paper = f"{invoice.number}\n（{short(invoice.issued_on)}）"
    paid = [f"{short(each.paid_on)}　{yen(each.amount_yen)}" for each in bill.standing_payments]
    receipts = [
        each.receipt.document.number for each in bill.standing_payments if hasattr(each, "receipt")
    ]
    if rest := _part(invoice, bill):
        paid.append(rest)
    return [month, paper, short(invoice.due_on), "\n".join(paid), "\n".join(receipts)]


def _part(invoice: Invoice, bill: Bill) -> str:
    """一部入金 with what came and what is open; "" where all or nothing came."""
    balance = bill.balance_of(invoice)
    if not balance.paid_yen or not balance.is_open:
        return ""
    return f"（一部入金 {yen(balance.paid_yen)}・残り {yen(balance.open_yen)}）"
