"""運営指導の綴り: which facts of the support contradict each other, or lack a signature. Pure.

Every rule is one that the product asks elsewhere too (docs/rules.md §3, §6); nothing is added here.
What the database refuses anyway is asked again: rows may have come from a file of another system.
"""

from __future__ import annotations

from plans.rules.binder_facts import SupportFacts
from plans.rules.binder_plan import (
    contract_mismatches,
    plan_gaps,
    plan_orders,
    plan_reviews,
    unsigned_plans,
)
from plans.rules.binder_report import (
    outside_meetings,
    report_orders,
    unconsented_shares,
    unreceived_shares,
)
from plans.rules.mismatch import Mismatch


def support_mismatches(facts: SupportFacts) -> tuple[Mismatch, ...]:
    """Everything of one enrolment's support that contradicts itself or lacks a signature."""
    return (
        *contract_mismatches(facts),
        *plan_gaps(facts),
        *plan_orders(facts),
        *plan_reviews(facts),
        *unsigned_plans(facts),
        *unconsented_shares(facts),
        *outside_meetings(facts),
        *report_orders(facts),
        *unreceived_shares(facts),
    )
