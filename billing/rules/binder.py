"""運営指導の綴り: which bills contradict the file, or lack their papers. Pure.

Every rule is one that the close asks too (docs/rules.md §6 to §8). What was closed stays frozen: a
mismatch is told, it changes no bill.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clients.rules.kinds import Labelled
from plans.rules.mismatch import FactSide, Mismatch, MismatchKind, Place, Source
from teikyaku.era import both
from teikyaku.money import yen, yen_or_dash
from teikyaku.periods import Month
from teikyaku.reasons import Certainty

MEETING = Source(
    "1か月に1回以上、就労定着支援員が対面かテレビ電話で会った月だけ請求できます。",
    "docs/rules.md §6",
)
REPORT = Source("支援レポートを本人に渡した月だけ請求できます。", "docs/rules.md §6")
PERIOD = Source("利用契約と支給決定のある月だけ請求できます。", "docs/rules.md §8")
PLAN = Source(
    "有効な個別支援計画がない月は、続く月の数に応じた減算で請求します。", "docs/rules.md §7"
)
CERTIFICATE = Source(
    "請求は、その月の受給者証（番号・市町村・負担上限月額）のとおりにします。", "docs/rules.md §4"
)
PAPERS = Source(
    "本人の負担がある月は、請求書を出し、受け取ったら領収書を渡します。",
    "docs/rules.md §8",
    Certainty.PRACTICE,
)
NOTHING = "記録がありません"


class BinderPart(Labelled):
    """綴りに入れるもの, in the order in which they are bound."""

    PLANS = "plans", "個別支援計画"
    CONSENTS = "consents", "契約・支給決定・同意"
    CONTACTS = "contacts", "面談・連絡の記録"
    REPORTS = "reports", "支援レポート"
    BILLS = "bills", "請求"


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What a bill takes from the certificate: number, payer and cap (yen)."""

    number: str
    municipality: str
    cap_yen: int | None


@dataclass(frozen=True, slots=True)
class BillFacts:
    """請求 one closed month beside what is on file of the month today."""

    key: str
    month: Month
    closed_on: date
    units: int
    billed: OnPaper
    on_file: OnPaper
    has_contract: bool
    has_decision: bool
    qualifying_meetings: tuple[date, ...]
    contacts: tuple[tuple[date, str], ...]
    """Every contact of the month that holds, counting or not: day and how."""
    report_shared_on: date | None
    item_due: str
    """The reduction that the months without a plan call for, in words; "" for none."""
    item_billed: str | None
    """The one that was billed; None where the fee table of then is not at hand."""


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """請求書 of one closed month; sums in yen."""

    key: str
    month: Month
    closed_on: date
    copayment_yen: int
    issued_on: date | None
    due_on: date | None
    open_yen: int
    without_receipt: tuple[date, ...]
    """Days of payments that stand and for which no receipt was issued."""


def bill_mismatches(facts: BillFacts) -> tuple[Mismatch, ...]:
    """What of one closed month the file does not bear out."""
    return (
        *_periods(facts),
        *_meetings(facts),
        *_reports(facts),
        *_plans(facts),
        *_certificates(facts),
    )


def invoice_mismatches(facts: InvoiceFacts, on: date) -> tuple[Mismatch, ...]:
    """What the papers of one closed month lack on `on`: invoice, payment, receipt."""
    at = (PAPERS, facts.closed_on, Place.BILL, facts.key)
    if facts.copayment_yen == 0:
        return ()
    closed = FactSide("月の締め", facts.closed_on, f"本人の負担 {yen(facts.copayment_yen)}")
    if facts.issued_on is None:
        text = f"{facts.month.label}分の請求書を出した記録がありません。"
        return (
            Mismatch(MismatchKind.INVOICE, text, (closed, FactSide("請求書", None, NOTHING)), *at),
        )
    paper = FactSide("請求書", facts.issued_on, yen(facts.copayment_yen))
    found = []
    if facts.open_yen > 0 and facts.due_on is not None and facts.due_on < on:
        text = f"{facts.month.label}分の請求書の支払期限を過ぎて、{yen(facts.open_yen)}の入金の記録がありません。"
        late = FactSide("支払期限", facts.due_on, f"残り {yen(facts.open_yen)}")
        found.append(Mismatch(MismatchKind.INVOICE, text, (paper, late), *at))
    for day in facts.without_receipt:
        text = f"{facts.month.label}分の入金に、領収書を出した記録がありません。"
        paid = FactSide("入金", day, "領収書の記録がありません")
        found.append(Mismatch(MismatchKind.INVOICE, text, (paper, paid), *at))
    return tuple(found)


def _bill(facts: BillFacts) -> FactSide:
    return FactSide(f"{facts.month.label}の請求", facts.closed_on, f"に締め（{facts.units:,}単位）")


def _periods(facts: BillFacts) -> Iterable[Mismatch]:
    rows = (("利用契約", facts.has_contract), ("支給決定", facts.has_decision))
    for label, is_there in rows:
        if not is_there:
            yield Mismatch(
                MismatchKind.BILL_PERIOD,
                f"{facts.month.label}を請求していますが、この月に{label}の期間がありません。",
                (_bill(facts), FactSide(label, None, "この月には期間がありません")),
                PERIOD, facts.closed_on, Place.BILL, facts.key,
            )  # fmt: skip


def _meetings(facts: BillFacts) -> Iterable[Mismatch]:
    if facts.qualifying_meetings:
        return
    held = "、".join(f"{both(day)} {how}" for day, how in facts.contacts)
    text = f"ほかの記録：{held}" if held else NOTHING
    yield Mismatch(
        MismatchKind.BILL_MEETING,
        f"{facts.month.label}を請求していますが、数えられる面談がありません。",
        (_bill(facts), FactSide("数えられる面談", None, text)),
        MEETING, facts.closed_on, Place.BILL, facts.key,
    )  # fmt: skip


def _reports(facts: BillFacts) -> Iterable[Mismatch]:
    shared = facts.report_shared_on
    if shared is None:
        text = f"{facts.month.label}を請求していますが、レポートを本人に渡した記録がありません。"
        side = FactSide("本人への共有", None, NOTHING)
    elif shared > facts.closed_on:
        text = f"{facts.month.label}は、レポートを本人に渡すより前に締めています。"
        side = FactSide("本人への共有", shared)
    else:
        return
    yield Mismatch(
        MismatchKind.BILL_REPORT, text, (_bill(facts), side), REPORT, facts.closed_on,
        Place.REPORT, str(facts.month),
    )  # fmt: skip


def _plans(facts: BillFacts) -> Iterable[Mismatch]:
    if facts.item_billed is None or facts.item_billed == facts.item_due:
        return
    if not facts.item_billed:
        text = f"{facts.month.label}は有効な個別支援計画がありませんが、減算せずに請求しています。"
    elif not facts.item_due:
        text = f"{facts.month.label}は有効な個別支援計画がありますが、減算して請求しています。"
    else:
        text = f"{facts.month.label}は、計画のない月の数と、請求した減算がちがいます。"
    due = facts.item_due or "有効な計画があります（減算なし）"
    yield Mismatch(
        MismatchKind.BILL_PLAN, text,
        (
            FactSide(_bill(facts).label, facts.closed_on, facts.item_billed or "減算なし"),
            FactSide("計画の記録", None, due),
        ),
        PLAN, facts.closed_on, Place.BILL, facts.key,
    )  # fmt: skip


def _certificates(facts: BillFacts) -> Iterable[Mismatch]:
    billed, now = facts.billed, facts.on_file
    rows = (
        ("負担上限月額", yen_or_dash(billed.cap_yen), yen_or_dash(now.cap_yen)),
        ("受給者証番号", billed.number, now.number),
        ("支給決定市町村", billed.municipality, now.municipality),
    )
    for label, then, today in rows:
        if then != today:
            yield Mismatch(
                MismatchKind.BILL_CERTIFICATE,
                f"{facts.month.label}に請求した{label}が、受給者証の記録とちがいます。",
                (
                    FactSide(_bill(facts).label, facts.closed_on, then),
                    FactSide(f"受給者証の{label}", None, today or NOTHING),
                ),
                CERTIFICATE, facts.closed_on, Place.BILL, facts.key,
            )  # fmt: skip
