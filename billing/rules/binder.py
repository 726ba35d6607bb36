"""運営指導の綴り: which bills contradict the file, or lack their papers. Pure.

Every rule is one that the close asks too (docs/rules.md §6 to §8). What was closed stays frozen: a
mismatch is told, it changes no bill.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from billing.rules.city_answer import WITHOUT_REPORT
from clients.rules.kinds import Labelled
from plans.rules.mismatch import FactSide, Mismatch, MismatchKind, Place, Source, is_awaited
from plans.rules.month import MonthFacts, every_reason
from teikyaku.era import both
from teikyaku.money import yen, yen_or_dash
from teikyaku.periods import Month
from teikyaku.reasons import Certainty, Reason

MEETING = Source(
    "1か月に1回以上、就労定着支援員が対面かテレビ電話で会った月だけ請求できます。",
    "docs/rules.md §6",
)
REPORT = Source("支援レポートを本人に渡した月だけ請求できます。", "docs/rules.md §6")
PERIOD = Source(
    "利用契約と支給決定があり、就労していて、利用可能期間の中にある月だけ請求できます。"
    "ほかの助成や訓練と重なる月は請求できません。",
    "docs/rules.md §8",
)
# What of the month's own reasons (plans.rules.month) is about its periods, and the fact it is about.
PERIOD_CODES = {
    "no_contract": "利用契約",
    "no_decision": "支給決定",
    "renewal_late": "支給決定",
    "not_employed": "就労",
    "employment_pending": "就労",
    "outside_window": "利用可能期間",
    "right_ended": "利用する権利",
    "barred": "ほかの支援",
}
# What of them says that the month was not earned by a meeting.
NO_MEETING_CODES = ("refused", "no_meeting")
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
UNCOUNTED = (
    "会った記録は、就労定着支援員によるものでないか、契約・支給決定・就労の期間の外の日です。"
)


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
    of_month: MonthFacts | None
    """What the verdict asks of the month; None where the use does not reach into it any more."""
    contacts: tuple[tuple[date, str], ...]
    """Every contact of the month that holds, counting or not: day and how."""
    was_met: bool
    """The person was met face to face or by video, whether it counts or not."""
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
    paid_yen: int
    open_yen: int
    without_receipt: tuple[date, ...]
    """Days of payments that stand and for which no receipt was issued."""


def bill_mismatches(facts: BillFacts) -> tuple[Mismatch, ...]:
    """What of one closed month the file does not bear out."""
    if facts.of_month is None:
        return (_outside(facts),)
    # What was billed is over: nothing that is missing can still come.
    reasons = every_reason(facts.of_month._replace(is_over=True))
    return (
        *_periods(facts, reasons),
        *_meetings(facts, facts.of_month),
        *_reports(facts, facts.of_month),
        *_plans(facts),
        *_certificates(facts),
    )


def invoice_mismatches(facts: InvoiceFacts, on: date) -> tuple[Mismatch, ...]:
    """What the papers of one closed month still lack on `on`: invoice, payment, receipt.

    Each once its own time is over: GRACE_DAYS, and of a payment the last day for it.
    """
    if facts.copayment_yen == 0:
        return ()
    if facts.issued_on is None:
        return () if is_awaited(facts.closed_on, on) else (_no_invoice(facts),)
    paper = FactSide("請求書", facts.issued_on, yen(facts.copayment_yen))
    late = [day for day in facts.without_receipt if not is_awaited(day, on)]
    found = [
        _unrecorded(facts, MismatchKind.RECEIPT, _no_receipt(facts, day), paper) for day in late
    ]
    if facts.open_yen > 0 and facts.due_on is not None and facts.due_on < on:
        found.insert(0, _unrecorded(facts, MismatchKind.PAYMENT, _late(facts), paper))
    return tuple(found)


def _unrecorded(
    facts: InvoiceFacts, kind: MismatchKind, told: tuple[str, FactSide, str], paper: FactSide
) -> Mismatch:
    text, side, short = told
    at = (PAPERS, facts.closed_on, Place.BILL, facts.key)
    return Mismatch(kind, text, (paper, side), *at, short)


def _no_invoice(facts: InvoiceFacts) -> Mismatch:
    closed = FactSide("月の締め", facts.closed_on, f"本人の負担 {yen(facts.copayment_yen)}")
    text = f"{facts.month.label}分の請求書を出した記録がありません。"
    told = (text, FactSide("請求書", None, NOTHING), facts.month.label)
    return _unrecorded(facts, MismatchKind.INVOICE, told, closed)


def _late(facts: InvoiceFacts) -> tuple[str, FactSide, str]:
    """Open after the last day for payment; what came of it is named beside what is open."""
    month, rest = facts.month.label, yen(facts.open_yen)
    text = f"{month}分の請求書の支払期限を過ぎて、{rest}の入金の記録がありません。"
    short = f"残り {rest}"
    if facts.paid_yen > 0:
        short = f"一部入金 {yen(facts.paid_yen)}・残り {rest}"
        text = f"{month}分の請求書は一部入金です。{yen(facts.paid_yen)}が入り、支払期限を過ぎて{rest}が残っています。"
    return text, FactSide("支払期限", facts.due_on, short), f"{month} {short}"


def _no_receipt(facts: InvoiceFacts, day: date) -> tuple[str, FactSide, str]:
    text = f"{facts.month.label}分の入金に、領収書を出した記録がありません。"
    return text, FactSide("入金", day, "領収書の記録がありません"), facts.month.label


def _bill(facts: BillFacts) -> FactSide:
    return FactSide(f"{facts.month.label}の請求", facts.closed_on, f"に締め（{facts.units:,}単位）")


def _outside(facts: BillFacts) -> Mismatch:
    """The use of today does not reach into the month: nothing else can be held against it."""
    return Mismatch(
        MismatchKind.BILL_PERIOD,
        f"{facts.month.label}を請求していますが、この月は利用の期間の外です。",
        (_bill(facts), FactSide("利用", None, "この月には利用がありません")),
        PERIOD, facts.closed_on, Place.BILL, facts.key,
    )  # fmt: skip


def _periods(facts: BillFacts, reasons: Sequence[Reason]) -> Iterable[Mismatch]:
    for reason in reasons:
        if reason.code in PERIOD_CODES:
            yield Mismatch(
                MismatchKind.BILL_PERIOD,
                f"{facts.month.label}を請求しています。{reason.text}",
                (_bill(facts), FactSide(PERIOD_CODES[reason.code], None, reason.text)),
                PERIOD, facts.closed_on, Place.BILL, facts.key,
            )  # fmt: skip


def lack_of_meeting(of_month: MonthFacts, *, was_met: bool) -> Reason | None:
    """Why a billed month holds no meeting that counts; None where it does (docs/rules.md §6).

    Also None where one was held (`was_met`) that another reason alone spoils: that reason tells it.
    The binder and the list of closed months (billing.queries.lost_meetings) ask the same.
    """
    # What was billed is over: nothing that is missing can still come.
    reasons = every_reason(of_month._replace(is_over=True))
    if was_met and any(each.code in PERIOD_CODES for each in reasons):
        return None
    return next((each for each in reasons if each.code in NO_MEETING_CODES), None)


def _meetings(facts: BillFacts, of_month: MonthFacts) -> Iterable[Mismatch]:
    """No meeting that counts; one that another reason alone spoils is told by that reason."""
    reason = lack_of_meeting(of_month, was_met=facts.was_met)
    if reason is None:
        return
    held = "、".join(f"{both(day)} {how}" for day, how in facts.contacts)
    text = f"{facts.month.label}を請求しています。{reason.text}"
    if reason.code == "no_meeting":
        text = f"{facts.month.label}を請求していますが、数えられる面談がありません。"
        # The month itself is in order, so that the meeting must be outside of something.
        text += UNCOUNTED if facts.was_met else ""
    yield Mismatch(
        MismatchKind.BILL_MEETING, text,
        (
            _bill(facts),
            FactSide("数えられる面談", None, f"ほかの記録：{held}" if held else NOTHING),
        ),
        MEETING, facts.closed_on, Place.BILL, facts.key,
    )  # fmt: skip


def _reports(facts: BillFacts, of_month: MonthFacts) -> Iterable[Mismatch]:
    shared = of_month.report_shared_on
    if shared is None and WITHOUT_REPORT in of_month.settled:
        return  # the municipality lets the month of somebody who died be billed
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
