"""代理受領通知書の取り消しのお知らせ, as a frozen value; templates never query."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from billing.documents import Person, Sender, month_head
from billing.models import PersonMonth, ProxyNotice
from billing.queries.paper_heads import Addressee
from billing.rules.notice_withdrawal import Gone, holds_now, plain_words
from teikyaku.accounts.models import IssuedDocument
from teikyaku.clock import date_of
from teikyaku.era import wareki
from teikyaku.furigana import segments

Runs = list[dict[str, str]]
RENEWED = "月がもう一度変わったので、前の取り消しのお知らせに代えてお知らせします。"


@dataclass(frozen=True, slots=True)
class NoticeGoneDocument:
    """代理受領通知書の取り消しのお知らせ; the keys of templates/documents/notice_withdrawal.typ. Yen."""

    dated: str
    number: str
    issued_on: str
    edition: str
    notice: str
    replaces: dict[str, str] | None
    replaced_by: None
    office: Sender
    addressee: Addressee
    person: Person
    month: str
    why: str
    gone: dict[str, Any]
    """The notice that holds no more: number, issued_on, paid_on, amount_yen."""
    holds: tuple[str, ...]
    plain: tuple[Runs, ...]
    ask: Runs

    def content(self) -> dict[str, Any]:
        """As plain JSON values, for the frozen copy and the printer."""
        return asdict(self)


def notice_gone_document(
    notice: ProxyNotice, row: PersonMonth, why: Gone, *, number: str, issued_on: date,
    replaces: IssuedDocument,
) -> NoticeGoneDocument:  # fmt: skip
    """Build the paper; `row` is what holds of the month, `replaces` the last paper about it."""
    told, is_received = notice.document.content, _is_received(notice)
    # Of a first withdrawal the paper itself says what it takes back.
    is_renewed = replaces.pk != notice.document_id
    return NoticeGoneDocument(
        **month_head(row, number=number, issued_on=issued_on),
        edition="訂正版" if is_renewed else "",
        replaces=_replaced(replaces) if is_renewed else None,
        why=why.label,
        gone={
            "number": notice.document.number, "issued_on": told["issued_on"],
            "paid_on": told["paid_on"], "amount_yen": told["amount_yen"],
        },
        holds=holds_now(why, row.total_cost_yen, row.copayment_yen, is_received=is_received),
        plain=tuple(
            _ruby(line) for line in plain_words(why, row.payable_yen, is_received=is_received)
        ),
        ask=_ruby("わからないことは、きいてください。"),
    )  # fmt: skip


def _is_received(notice: ProxyNotice) -> bool:
    """Whether the money came, as far as is recorded: the record of it was not taken back."""
    return not hasattr(notice.payment, "cancelled_by")


def _replaced(document: IssuedDocument) -> dict[str, str]:
    on = wareki(date_of(document.issued_at))
    return {"number": document.number, "issued_on": on, "note": RENEWED}


def _ruby(text: str) -> Runs:
    return [{"text": part, "reading": reading} for part, reading in segments(text)]
