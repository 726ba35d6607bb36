"""One closed month, unfolded, with its papers and payments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from billing.calculation import MANAGED, Copayment, copayment
from billing.documents import name_on
from billing.models import CapResult, Invoice, Payment, PersonMonth
from billing.queries.payments import is_standing, payments_of
from billing.rules.payment import Balance
from teikyaku import era
from teikyaku.money import yen
from teikyaku.periods import Month
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
    """All of them, taken back ones too, oldest first."""


def get_person_month(row: PersonMonth, on: date) -> PersonMonthDetail:
    """Name, arithmetic and papers of a frozen row; the sums are those that were frozen."""
    managed = row.copayment_yen if row.cap_result_id is not None else None
    sums = copayment(row.units, row.unit_price, row.cap_yen, managed)
    invoices = Invoice.objects.filter(person_month=row, document__replaced_by=None)
    invoice = invoices.select_related("document").first()
    payments = payments_of([row.pk])[row.pk]
    paid = sum(payment.amount_yen for payment in payments if is_standing(payment))
    return PersonMonthDetail(
        name=name_on(row.client, on),
        steps=_managed_steps(sums, row.cap_result),
        why=_words(row),
        invoice=invoice,
        balance=Balance(invoice.amount_yen, paid) if invoice else None,
        payments=tuple(payments),
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
    lines = (
        _("%(month)sの総費用は、%(units)s単位 × %(price)s円 で %(total)s です。"),
        _("その1割は %(tenth)s、負担上限月額は %(cap)s です。"),
        decided,
        _("残りの %(benefit)s は、市町村が事業所に支払います（給付費）。"),
    )
    return tuple(line % names for line in lines)
