"""過誤・再請求 of an office: every corrected month, and what is still to be done for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Invoice, MonthLine, PersonMonth
from billing.queries.after_change import steps_after
from billing.queries.cap_sheets import sheets_left
from billing.queries.correction_state import CorrectionState, states_of
from billing.queries.payments import balances_of
from billing.queries.standing_invoice import STANDING
from billing.rules.correction import is_open
from billing.rules.payment import Balance
from clients.queries.subject import names_seen
from teikyaku.accounts.models import Office
from teikyaku.money import yen
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One corrected month with its person. Money in yen."""

    state: CorrectionState
    name: str
    kana: str
    municipality: str
    balance: Balance | None
    """Of the paper that holds; None where none was issued."""
    on: date
    """As of which day."""
    may_write: bool = True
    """Whether whoever looks records petitions."""
    leaves_sheet: bool = False
    """A 上限額管理結果票 was sent that agrees with the month no more."""
    further: tuple[dict[str, Any], ...] = ()
    """What else is left of it: see `after_change`."""
    refund_of: UUID | None = None
    """The invoice of which money goes back, for who may record it."""

    @property
    def month(self) -> Month:
        """The month of the service."""
        return Month.of(self.state.row.month)

    @property
    def benefit_yen(self) -> int:
        """給付費, new less old."""
        return self.state.row.benefit_yen - self.state.former.benefit_yen

    @property
    def payable_yen(self) -> int:
        """What the person pays, without a subsidy: new less old."""
        return self.state.row.payable_yen - self.state.former.payable_yen

    @property
    def over_yen(self) -> int:
        """What is to be given back to the person."""
        return self.balance.over_yen if self.balance else 0

    @property
    def is_open(self) -> bool:
        """Something is to be done: ask the municipality, claim anew, cancel a sheet, give money back."""
        state = self.state
        return self.leaves_sheet or is_open(
            state.line, self.over_yen, is_withdrawn=state.row.is_withdrawn
        )

    @property
    def steps(self) -> list[dict[str, Any]]:
        """過誤申立, 再請求, the person's money and what else is left, as components/steps.html draws them."""
        found = (self._petition(), self._claim(), self._money(), *self.further)
        return [each for each in found if each]

    def _petition(self) -> dict[str, Any] | None:
        state, label = self.state, _("過誤申立")
        url = ""
        if self.may_write:
            url = reverse("petition_record", args=[state.correction.public_id])
        if state.needs_petition:
            return {"label": label, "state": "current", "url": url, "note": self.municipality}
        if state.petition:
            return {"label": label, "state": "done", "url": url, "on": state.petition.filed_on}
        return None  # nothing was paid that would have to be taken back

    def _claim(self) -> dict[str, Any] | None:
        state, label = self.state, _("再請求")
        if state.row.is_withdrawn:
            return None
        if not state.awaits_claim:
            return {"label": label, "state": "done"}
        found = {
            "label": label, "state": "waiting" if state.needs_petition else "current",
            "url": reverse("claim_export", args=[self.month]),
        }  # fmt: skip
        if first := self._first_month():
            found["note"] = _("%(month)sの処理分から") % {"month": first.label}
        return found

    def _first_month(self) -> Month | None:
        """From which processing month on the new claim can go, where that lies ahead or was said."""
        said, former = self.state.claim_month, self.state.claimed_in
        if former is None or former < Month.of(self.on):
            return said
        return max(said, former + 1) if said else former + 1

    def _money(self) -> dict[str, Any] | None:
        balance = self.balance
        url = reverse("person_month_page", args=[self.state.row.public_id])
        if balance is None:
            return None
        if balance.over_yen:
            note = yen(balance.over_yen)
            url = reverse("refund_record", args=[self.refund_of]) if self.refund_of else ""
            return {"label": _("本人への返金"), "state": "current", "url": url, "note": note}
        if balance.open_yen:
            note = yen(balance.open_yen)
            return {"label": _("本人の支払い"), "state": "waiting", "url": url, "note": note}
        return {"label": _("本人との精算"), "state": "done", "url": url}


def corrections(
    office: Office, on: date, *, month: Month | None = None, may_write: bool = True
) -> list[CorrectionRow]:
    """Every corrected month of the office, what is open first, then the newest correction.

    A constant number of queries.
    """
    rows = (
        PersonMonth.objects.newest()
        .filter(closing__office=office, replaces__isnull=False)
        .select_related("municipality__city", "client", "enrolment")
    )
    if month is not None:
        rows = rows.filter(month=month.first_day)
    found = correction_rows(office, rows, on, may_write=may_write)
    return sorted(found, key=lambda row: (not row.is_open, -row.state.row.pk))


def correction_rows(
    office: Office, rows: Iterable[PersonMonth], on: date, *, may_write: bool = True
) -> list[CorrectionRow]:
    """These last rows with state, name and money."""
    tails = list(rows)
    states, left = states_of(tails), sheets_left(office, [row.line for row in tails])
    balances = balances_of(office, [row.pk for row in tails])
    refunds = _to_refund([row for row in tails if _is_over(balances.get(row.pk))], may_write)
    further = steps_after(office, [row.line for row in tails], may_write=may_write)
    names = names_seen([row.enrolment for row in tails], on)
    return [
        CorrectionRow(
            state=states[row.pk],
            name=names[row.enrolment_id].name if row.enrolment_id in names else "",
            kana=names[row.enrolment_id].kana if row.enrolment_id in names else "",
            municipality=row.municipality.full_name,
            balance=balances.get(row.pk),
            on=on,
            may_write=may_write,
            leaves_sheet=row.enrolment_id in left.get(Month.of(row.month), ()),
            further=tuple(further[row.line]),
            refund_of=refunds.get(row.line),
        )
        for row in tails
    ]


def _is_over(balance: Balance | None) -> bool:
    return balance is not None and balance.over_yen > 0


def _to_refund(rows: Sequence[PersonMonth], may_write: bool) -> dict[MonthLine, UUID]:
    """By line, the invoice from which money goes back (one query; none without any)."""
    if not rows or not may_write:
        return {}
    lines = {row.line for row in rows}
    asked = Invoice.objects.filter(
        STANDING, enrolment__in={row.enrolment_id for row in rows},
        month__in={row.month for row in rows},
    ).order_by("pk")  # fmt: skip
    found = asked.values_list("enrolment", "month", "public_id")
    return {(use, month): key for use, month, key in found if (use, month) in lines}
