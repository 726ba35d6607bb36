"""One closed month, unfolded, with its papers and payments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.calculation import DECIDED, MANAGED, RULE, Copayment, copayment
from billing.models import (
    CapResult,
    ClaimDeduction,
    ClaimPayment,
    Invoice,
    NoticeWithdrawal,
    Payment,
    PersonMonth,
    ProxyNotice,
    Refund,
)
from billing.queries.claim_payments import deductions_of, history_of
from billing.queries.month_story import StoryEntry, rows_of_line, story_of
from billing.queries.notice_withdrawals import WrongNotice, withdrawals_of, wrong_notices
from billing.queries.paper_heads import name_on
from billing.queries.payments import balance_of, payments_of, refunds_of
from billing.queries.pending_debits import pending_days
from billing.queries.proxy_notices import notice_of
from billing.queries.went_back import went_back
from billing.rules.payment import Balance
from teikyaku import era
from teikyaku.money import yen
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.reasons import Step


@dataclass(frozen=True, slots=True)
class PersonMonthDetail:
    """What the page of a closed month shows beside the frozen row."""

    name: str
    steps: tuple[Step, ...]
    why: tuple[str, ...]
    invoice: Invoice | None
    """The one that stands: not replaced by another."""
    balance: Balance | None
    payments: tuple[Payment, ...]
    """All of the month, taken back ones too, oldest first, whatever row they came for."""
    refunds: tuple[Refund, ...]
    """As the payments."""
    story: tuple[StoryEntry, ...]
    rows: tuple[PersonMonth, ...]
    """Every row of the month at the office, oldest first; the last one stands, or was withdrawn."""
    claim_payments: tuple[ClaimPayment, ...]
    """What was recorded of 国保連 for the month, oldest first, whatever row was claimed."""
    deductions: tuple[ClaimDeduction, ...]
    """過誤調整 of them, oldest first."""
    notice: ProxyNotice | None
    """The 代理受領通知書 that holds."""
    wrong_notice: WrongNotice | None
    """A notice that holds no more, and is not taken back on paper yet."""
    withdrawals: tuple[NoticeWithdrawal, ...]
    """What was told of notices that hold no more, oldest first."""
    is_standing: bool
    """The row itself counts: neither replaced nor withdrawn."""
    debit_on: date | None
    """The day of a 口座振替 of the month that waits for its result."""

    @property
    def newest(self) -> PersonMonth:
        """What stands, or was withdrawn."""
        return self.rows[-1]

    @property
    def went_back(self) -> bool:
        """Whether all that the person paid was given back."""
        return went_back(self.payments, self.refunds)

    @property
    def proxy_payment(self) -> ClaimPayment | None:
        """What 国保連 paid last, as it stands; None while nothing is recorded."""
        rows = [p for p in self.claim_payments if not (p.cancels_id or hasattr(p, "cancelled_by"))]
        return rows[-1] if rows else None

    @property
    def is_notice_due(self) -> bool:
        """Whether the person is to be told of another payment than they were, if of any.

        Never of what was paid for a row that no longer counts.
        """
        paid = self.proxy_payment
        if (
            paid is None
            or paid.amount_yen <= paid.entry.person_month.subsidy_yen
            or not self._is_of_standing(paid)
        ):
            return False
        return self.notice is None or self.notice.payment_id != paid.pk

    @property
    def is_notice_of_former(self) -> bool:
        """Whether the notice tells of what was paid before the month was corrected or withdrawn."""
        return self.notice is not None and (
            self.notice.payment.entry.person_month_id != self.newest.pk or self.newest.is_withdrawn
        )

    def _is_of_standing(self, paid: ClaimPayment) -> bool:
        return self.is_standing and paid.entry.person_month_id == self.newest.pk


def get_person_month(row: PersonMonth, on: date) -> PersonMonthDetail:
    """Name, arithmetic and papers of a frozen row; the sums are those that were frozen."""
    managed = row.copayment_yen if row.cap_result_id is not None else None
    sums = copayment(row.units, row.unit_price, row.cap_yen, managed)
    invoice = next(iter(_standing_invoice.rows(row=row.pk)), None)
    rows, claim_payments, deductions = rows_of_line(row), history_of(row), deductions_of(row)
    payments, refunds = payments_of([row.line])[row.line], refunds_of([row.line])[row.line]
    return PersonMonthDetail(
        name=name_on(row.client_id, on),
        steps=_steps(row, _managed_steps(sums, row.cap_result)),
        why=_words(row),
        invoice=invoice,
        balance=balance_of(invoice, payments, refunds) if invoice else None,
        payments=tuple(payments),
        refunds=tuple(refunds),
        story=tuple(story_of(rows, payments, refunds, claim_payments, deductions)),
        rows=tuple(rows),
        claim_payments=tuple(claim_payments),
        deductions=tuple(deductions),
        notice=notice_of(row),
        wrong_notice=_wrong(row),
        withdrawals=tuple(withdrawals_of(row)),
        is_standing=rows[-1] == row and not row.is_withdrawn,
        debit_on=pending_days([invoice]).get(row.line) if invoice else None,
    )


@prepared("row")
def _standing_invoice(row: int) -> QuerySet[Invoice]:
    invoices = Invoice.objects.filter(person_month=row, document__replaced_by=None)
    return invoices.select_related("document").order_by("pk")[:1]


def _wrong(row: PersonMonth) -> WrongNotice | None:
    found = wrong_notices(row.closing.office_id, Month.of(row.month), row.client_id)
    return found[-1] if found else None


def _steps(row: PersonMonth, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """And what the person pays, where a municipality pays a part of the copayment."""
    if not row.subsidy_yen:
        return steps
    told = _("助成を引く前の額")
    steps = tuple(
        replace(each, expression=told) if each.label == DECIDED else each for each in steps
    )
    sum_of = f"{yen(row.copayment_yen)} − {yen(row.subsidy_yen)}"
    return (
        *steps,
        Step(_("自治体助成"), _("利用者負担額から引く額"), yen(row.subsidy_yen), RULE),
        Step(_("本人が払う額"), sum_of, yen(row.payable_yen), RULE),
    )


def _managed_steps(sums: Copayment, result: CapResult | None) -> tuple[Step, ...]:
    """The arithmetic, with what cap management decided in the words of its result."""
    if result is None:
        return sums.steps
    told = _("管理結果 %(outcome)s（%(label)s）。%(who)sの結果票 %(on)s") % {
        "outcome": result.outcome, "label": result.get_outcome_display(),
        "who": result.managing_office_name, "on": era.both(result.decided_on),
    }  # fmt: skip
    return tuple(
        replace(step, expression=told) if step.label == MANAGED else step for step in sums.steps
    )


def _words(row: PersonMonth) -> tuple[str, ...]:
    """The copayment in plain words, for staff: the invoice says it to the person."""
    if row.is_withdrawn:
        return (_("この月の請求は取り下げました。何も請求しません。"),)
    tenth, cap = yen(row.one_tenth_yen), yen(row.cap_yen)
    names = {
        "month": Month.of(row.month).label, "units": f"{row.units:,}", "tenth": tenth, "cap": cap,
        "price": f"{row.unit_price:.2f}", "total": yen(row.total_cost_yen),
        "copayment": yen(row.copayment_yen), "benefit": yen(row.benefit_yen),
    }  # fmt: skip
    if row.cap_result_id is not None:
        names["outcome"] = row.cap_result.outcome if row.cap_result else ""
        names["capped"] = yen(min(row.cap_yen, row.one_tenth_yen))
        decided = _(
            "その少ない方の %(capped)s を、上限額管理の結果 %(outcome)s により %(copayment)s とします。"
        )
    elif row.copayment_yen == 0:
        decided = _("利用者負担はありません。")
    elif row.copayment_yen < row.one_tenth_yen:
        decided = _("1割が負担上限月額より多いので、利用者負担は %(copayment)s です。")
    else:
        decided = _("1割が負担上限月額までなので、利用者負担は %(copayment)s です。")
    subsidised: tuple[str, ...] = ()
    if row.subsidy_municipality is not None:
        words = _("このうち %(subsidy)s は%(who)sの助成で、本人が払うのは %(payable)s です。")
        subsidised = (words,)
        names |= {
            "subsidy": yen(row.subsidy_yen), "payable": yen(row.payable_yen),
            "who": row.subsidy_municipality.full_name,
        }  # fmt: skip
    lines = (
        _("%(month)sの総費用は、%(units)s単位 × %(price)s円 で %(total)s です。"),
        _("その1割は %(tenth)s、負担上限月額は %(cap)s です。"),
        decided,
        *subsidised,
        _("残りの %(benefit)s は、市町村が事業所に支払います（給付費）。"),
    )
    return tuple(line % names for line in lines)
