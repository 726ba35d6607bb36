"""移行の取込: what is on file beside each field of a line, once the line has done what it does."""

from __future__ import annotations

from datetime import date
from typing import Any

from clients.models import Client, Enrolment
from clients.rules.names import search_key
from plans.models import CapPeriod, OpeningFacts
from plans.move_in_row import PersonRow
from plans.queries.opening import network_of
from teikyaku.periods import Month, in_force


def held_beside(row: PersonRow, client: Client, enrolment: Enrolment, on: date) -> dict[str, Any]:
    """By field of the line what stands on file; a field without a record that could hold it is missing."""
    return {
        **_home(row, client, on), **_job(row, client), **_service(row, client), **_paper(row, client),
        **_cap(row, client), **_contract(enrolment), **_plan(row, enrolment), **_opening(enrolment),
    }  # fmt: skip


def _home(row: PersonRow, client: Client, on: date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    home = client.residences.filter(in_force(on)).first() if row.address else None
    if home is not None and not home.is_protected:
        found = {"lives_in": home.municipality, "lives_from": home.starts_on}
    if row.disabled_from is not None:
        days = set(client.disabilities.values_list("starts_on", flat=True))
        found["disabled_from"] = _one_of(days, row.disabled_from)
    return found


def _job(row: PersonRow, client: Client) -> dict[str, Any]:
    if row.employed_on is None:
        return {}
    for job in client.employments.filter(starts_on=row.employed_on).select_related("employer"):
        if search_key(job.employer.name) == search_key(row.employer):
            found = {
                "employer_address": job.employer.address, "weekly_minutes": job.weekly_minutes,
                "must_not_contact": job.must_not_contact, "left_reason": job.end_reason,
                "improves": job.changes_to_improve,
            }  # fmt: skip
            if row.leave_from is None:
                return found
            leave = job.leaves.filter(starts_on=row.leave_from).first() or job.leaves.last()
            if leave is None:
                return found | {"leave_from": None}
            return found | {
                "leave_from": leave.starts_on, "leave_until": leave.ends_on, "leave_reason": leave.reason,
            }  # fmt: skip
    return {}


def _service(row: PersonRow, client: Client) -> dict[str, Any]:
    if not row.service_kind or row.service_from is None:
        return {}
    held = client.prior_services.filter(kind=row.service_kind, starts_on=row.service_from).first()
    return (
        {} if held is None else {"service_office": held.office_name, "service_until": held.ends_on}
    )


def _paper(row: PersonRow, client: Client) -> dict[str, Any]:
    if row.granted_from is None:
        return {}
    decision = client.decisions.standing().filter(starts_on=row.granted_from).first()
    if decision is None:
        return {}
    papers = list(decision.certificates.select_related("recipient_number"))
    return {
        "municipality": decision.municipality, "decided_on": decision.decided_on,
        "amount": decision.amount,
        "number": _one_of([each.recipient_number.number for each in papers], row.number),
        "issued_on": _one_of([each.issued_on for each in papers], row.issued_on),
    }  # fmt: skip


def cap_beside(row: PersonRow, client: Client) -> CapPeriod | None:
    """The cap on file of the months that the line tells one for: that of its first month, else the last of them."""
    first, last = row.cap_first_month or row.granted_from, row.cap_last_month
    if first is None or row.cap_yen is None:
        return None
    begins = Month.of(first).first_day
    held = [
        each
        for each in client.cap_periods.order_by("first_month")
        if (last is None or each.first_month <= last)
        and (each.last_month is None or begins <= each.last_month)
    ]
    at_once = [each for each in held if each.first_month <= begins]
    return at_once[-1] if at_once else held[-1] if held else None


def _cap(row: PersonRow, client: Client) -> dict[str, Any]:
    cap = cap_beside(row, client)
    if cap is None:
        return {}
    return {
        "cap_yen": cap.cap_yen, "category": cap.category, "cap_first_month": cap.first_month,
        "cap_last_month": cap.last_month, "is_managed": cap.is_managed,
        "managing_name": cap.managing_office_name, "managing_number": cap.managing_office_number,
    }  # fmt: skip


def _contract(enrolment: Enrolment) -> dict[str, Any]:
    found: dict[str, Any] = {
        "consulted_from": enrolment.starts_on,
        "end_reason": enrolment.end_reason,
    }
    contract = enrolment.contracts.order_by("starts_on").last()
    if contract is None:
        return found
    return found | {
        "explained_on": contract.explained_on, "signed_on": contract.signed_on,
        "use_from": contract.starts_on, "contracted_amount": contract.contracted_amount,
        "entry_number": contract.entry_number, "initial_month": contract.initial_addition_month,
    }  # fmt: skip


def _plan(row: PersonRow, enrolment: Enrolment) -> dict[str, Any]:
    plans = enrolment.support_plans.filter(stopped_on=None).order_by("starts_on")
    starts_on = row.plan_from or row.plan_made_on
    plan = plans.filter(starts_on=starts_on).last()
    if plan is None:
        latest = plans.last() if starts_on is not None else None
        return {} if latest is None else {"plan_made_on": latest.consented_on}
    return {
        "plan_made_on": plan.consented_on, "plan_from": plan.starts_on,
        "plan_review_by": plan.review_by,
        "plan_goal": _one_of([each.goal for each in plan.goal_rows.all()], row.plan_goal),
    }  # fmt: skip


def _opening(enrolment: Enrolment) -> dict[str, Any]:
    held = OpeningFacts.objects.filter(enrolment=enrolment).first()
    if held is None:
        return {}
    found: dict[str, Any] = {
        "without_plan_since": held.without_plan_since, "network_months": network_of(held),
    }  # fmt: skip
    if held.last_met_on is not None:
        found |= {"pace_months": held.pace_months, "settled": held.settled_meetings}
    return found


def _one_of(held: Any, told: Any) -> Any:
    """What the line tells where it is among them; else the last one."""
    rows = list(held)
    return told if told in rows else rows[-1] if rows else None
