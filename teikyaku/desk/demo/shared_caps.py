"""上限額管理: a few people share one cap between offices, and their months have results of every kind."""

from __future__ import annotations

from datetime import datetime

from billing.actions.cap_management import record_alone, record_answer, record_made_sheet
from billing.queries.cap_management import OwnMonth, cap_rows, own_month
from billing.rules.cap_management import CapOutcome, Rank
from billing.rules.cap_sheet import OfficeFigures, Told, made_sheet
from clients.models import Enrolment
from teikyaku.accounts.models import Membership, Office
from teikyaku.periods import Month

GROUP_HOME = ("1599900931", "架空グループホーム 灯")
NEW_HOME = ("1599900956", "架空グループホーム 汀")
WORKSHOP = ("1599900949", "架空作業所 こもれび")
# Months of the year in which nobody else served, and in which somebody has just moved.
ALONE_IN, MOVED_IN = 8, 9
# What the managing office answers, person after person: 1 leaves nothing to pay here.
ANSWERS = (CapOutcome.WITHIN, CapOutcome.ADJUSTED, CapOutcome.MANAGER_FILLS)


def managed_by(index: int, office: Office) -> tuple[bool, str, str]:
    """Whether the cap of the plan's person is managed, and by whom: one in eight, half of them here."""
    if index % 8 != 5:  # noqa: PLR2004
        return False, "", ""
    return (True, office.number, office.name) if index % 16 == 5 else (True, *GROUP_HOME)  # noqa: PLR2004


def settle_caps(office: Office, month: Month, by: Membership, at: datetime) -> None:
    """Record the results of a month that is to be closed."""
    for turn, row in enumerate(cap_rows(office, month, at.date())):
        if row.result is not None or row.is_closed:
            continue
        enrolment = Enrolment.objects.get(public_id=row.enrolment_id)
        own = own_month(enrolment, month, at.date())
        if own is None or not own.is_complete:
            continue
        if own.is_here and month.month == ALONE_IN:
            _alone(enrolment, month, own, by, at)
        elif own.is_here:
            _made(enrolment, month, own, by, at)
        else:
            _told(enrolment, month, own, ANSWERS[turn % len(ANSWERS)], by, at)


def _made(enrolment: Enrolment, month: Month, own: OwnMonth, by: Membership, at: datetime) -> None:
    before = min(own.cap_yen, 8_200)
    others = [OfficeFigures(*WORKSHOP, Rank.DAY, before * 10, before)]
    sheet = made_sheet(own.cap_yen, own.figures(enrolment.office), others)
    record_made_sheet(
        enrolment=enrolment, month=month, support=own.support, cap_yen=own.cap_yen,
        sheet=sheet, decided_on=at.date(), by=by, at=at,
    )  # fmt: skip


def _alone(enrolment: Enrolment, month: Month, own: OwnMonth, by: Membership, at: datetime) -> None:
    sums = own.alone
    assert sums is not None  # noqa: S101  (asked before)
    record_alone(
        enrolment=enrolment, month=month, support=own.support, cap_yen=own.cap_yen,
        own_total_yen=sums.total_cost_yen, own_before_yen=sums.capped_yen, decided_on=at.date(),
        by=by, at=at,
    )  # fmt: skip


def _told(
    enrolment: Enrolment, month: Month, own: OwnMonth, outcome: CapOutcome, by: Membership,
    at: datetime,
) -> None:  # fmt: skip
    sums = own.alone
    assert sums is not None  # noqa: S101  (asked before)
    # Once a year the answer comes from another office than the certificate names.
    is_moving = month.month == MOVED_IN
    who, why = (
        (NEW_HOME, "転居したが、受給者証がまだ届いていない") if is_moving else (GROUP_HOME, "")
    )
    after = {
        CapOutcome.WITHIN: sums.capped_yen,
        CapOutcome.ADJUSTED: sums.capped_yen // 2,
        CapOutcome.MANAGER_FILLS: 0,
    }[outcome]
    record_answer(
        enrolment=enrolment, month=month, support=own.support, cap_yen=own.cap_yen,
        own_total_yen=sums.total_cost_yen, own_before_yen=sums.capped_yen,
        told=Told(*who, outcome, after), manager_reason=why, decided_on=at.date(), by=by, at=at,
    )  # fmt: skip
