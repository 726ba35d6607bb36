"""くいちがい and まだ記録のないもの: what in a file contradicts itself, and what is still to come.

A くいちがい is two facts that contradict each other or a rule. What nobody has written down yet is
kept apart and has a time of grace, so that it does not bury the contradictions.

The rules that find them are plans.rules.binder for the support and billing.rules.binder for bills.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from clients.rules.kinds import Labelled
from teikyaku.era import both
from teikyaku.periods import Period
from teikyaku.reasons import Certainty

# A default of the product, no rule's figure: papers that go and come back by post are here again
# after two weeks. An invoice that is not paid has the last day for payment as its own grace.
GRACE_DAYS = 14


def is_awaited(since: date, on: date) -> bool:
    """Whether a paper that began its way on `since` still has time on `on`."""
    return on <= since + timedelta(days=GRACE_DAYS)


class MismatchKind(Labelled):
    """くいちがいの種類, in the order of the binder; the last ones are まだ記録のないもの."""

    CONTRACT = "contract", "契約と支給決定"
    PLAN_GAP = "plan_gap", "計画のない月"
    PLAN_ORDER = "plan_order", "計画の日付の順"
    PLAN_REVIEW = "plan_review", "計画の見直し"
    PLAN_SIGNED = "plan_signed", "計画の同意・交付"
    CONSENT = "consent", "同意のない共有"
    INTERVIEW = "interview", "期間の外の面談"
    REPORT_MEETING = "report_meeting", "レポートと面談"
    BILL_PERIOD = "bill_period", "請求できない月の請求"
    BILL_MEETING = "bill_meeting", "面談のない請求"
    BILL_REPORT = "bill_report", "レポートのない請求"
    BILL_PLAN = "bill_plan", "計画と減算"
    BILL_CERTIFICATE = "bill_certificate", "請求と受給者証"
    REPORT_RECEIPT = "report_receipt", "レポートの受領"
    INVOICE = "invoice", "請求書"
    PAYMENT = "payment", "入金"
    RECEIPT = "receipt", "領収書"

    @property
    def is_unrecorded(self) -> bool:
        """まだ記録のないもの: nothing contradicts, a paper or its receipt is not on file yet."""
        return self in UNRECORDED


UNRECORDED = frozenset(
    (
        MismatchKind.REPORT_RECEIPT, MismatchKind.INVOICE, MismatchKind.PAYMENT,
        MismatchKind.RECEIPT,
    )
)  # fmt: skip


class Place(Labelled):
    """直すところ: the kind of page on which a mismatch is mended.

    Its key is the public id of what is opened, or the month of a report.
    """

    CONTRACT = "contract", "契約を開く"
    PLAN = "plan", "計画を開く"
    PLANS = "plans", "計画の一覧を開く"
    INTERVIEW = "interview", "面談の記録を開く"
    REPORT = "report", "レポートを開く"
    RECEIPT = "receipt", "受領を記録する"
    BILL = "bill", "明細を開く"
    PERSON = "person", "この人のページを開く"


@dataclass(frozen=True, slots=True)
class FactSide:
    """One of the two facts: what it is, its day where it has one, and what it says."""

    label: str
    on: date | None = None
    text: str = ""

    @property
    def words(self) -> str:
        """2026年4月10日（令和8年）　対面: the day and what it says."""
        if self.on is None:
            return self.text
        is_joined = not self.text or self.text.startswith(("から", "に", "の"))
        return f"{both(self.on)}{'' if is_joined else '　'}{self.text}"


@dataclass(frozen=True, slots=True)
class Source:
    """根拠 in plain words, where it is written down, and how sure it is."""

    text: str
    rule: str
    certainty: Certainty = Certainty.SOURCE


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One くいちがい: what is wrong, the two facts, why it matters, and where it is mended."""

    kind: MismatchKind
    text: str
    facts: tuple[FactSide, FactSide]
    source: Source
    at: date
    """The day by which it is ordered."""
    place: Place
    key: str = ""
    """What is opened there (see Place); "" where the enrolment alone tells."""
    short: str = ""
    """Which one it is, where many of its kind stand in one line: 2026年4月　家族."""


def until(period: Period) -> str:
    """から…まで of a period whose first day is told beside it."""
    return f"から{both(period.ends_on)}まで" if period.ends_on else "から"
