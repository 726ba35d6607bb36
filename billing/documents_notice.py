"""代理受領通知書: what the office received for a person, as a frozen value; templates never query."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from billing.documents import Person, Sender, month_head
from billing.models import ClaimPayment
from billing.queries.paper_heads import Addressee
from teikyaku.accounts.models import IssuedDocument
from teikyaku.clock import date_of
from teikyaku.era import wareki

CORRECTED = "受け取った額が変わりました。新しい額をお知らせします。"
AFTER_WITHDRAWAL = "取り消しのお知らせのあとに受け取った額を、お知らせします。"


@dataclass(frozen=True, slots=True)
class ProxyNoticeDocument:
    """代理受領通知書 for one person and month; the keys of templates/documents/proxy_notice.typ. Yen."""

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
    paid_on: str
    amount_yen: int
    total_cost_yen: int
    copayment_yen: int

    def content(self) -> dict[str, Any]:
        """As plain JSON values, for the frozen copy and the printer."""
        return asdict(self)


def proxy_notice_document(
    payment: ClaimPayment, *, number: str, issued_on: date, replaces: IssuedDocument | None
) -> ProxyNoticeDocument:
    """Build the notice of what was paid for a closed month; `replaces` is the one of an earlier sum."""
    row = payment.entry.person_month
    return ProxyNoticeDocument(
        **month_head(row, number=number, issued_on=issued_on),
        edition="訂正版" if replaces else "",
        replaces=_replaced(replaces) if replaces else None,
        paid_on=wareki(payment.paid_on),
        amount_yen=payment.benefit_yen,
        total_cost_yen=row.total_cost_yen,
        copayment_yen=row.copayment_yen,
    )


def _replaced(document: IssuedDocument) -> dict[str, str]:
    on = wareki(date_of(document.issued_at))
    return {
        "number": document.number,
        "issued_on": on,
        "note": CORRECTED if document.kind == "proxy_notice" else AFTER_WITHDRAWAL,
    }


def as_it_stands(document: IssuedDocument) -> dict[str, Any]:
    """The frozen content, with the mark of what corrected it since."""
    later = getattr(document, "replaced_by", None)
    if later is None:
        return dict(document.content)
    mark = {"number": later.number, "issued_on": wareki(date_of(later.issued_at))}
    return {**document.content, "replaced_by": mark}
