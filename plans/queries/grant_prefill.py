"""What the grant form proposes: the longest period, the certificate's number, category and cap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.models import Organisation
from clients.queries.category import category_of
from clients.queries.window import standing_of
from clients.rules.cap import cap_months
from clients.rules.category import CategoryResult
from clients.rules.standing import Standing
from plans.models import Application, Certificate, Decision, ServiceUsePlan
from plans.queries.number_range import known_number
from plans.rules.decision import LongestDecision, longest_decision
from teikyaku.accounts.queries.figures import figure
from teikyaku.periods import Month, day_after


@dataclass(frozen=True, slots=True)
class GrantPrefill:
    """支給決定 as the facts suggest it; the officer decides."""

    standing: Standing
    longest: LongestDecision | None
    """None without a window, or when all of it is granted or over."""
    category: CategoryResult
    number: str
    monitoring_months: int
    """How often the consultation office looks: as in its plan, else as usual (§3 M)."""
    consultation_office: Organisation | None
    """Who made the proposal that was handed in."""

    def initial(self, on: date) -> dict[str, Any]:
        """Initial values of the grant form on the day `on`."""
        values: dict[str, Any] = {"decided_on": on, "issued_on": on, "number": self.number}
        if self.consultation_office is not None:
            values["consultation_office"] = self.consultation_office.pk
        if self.category.category is not None:
            values |= {"category": self.category.category.value, "cap_yen": self.category.cap_yen}
        if self.longest is None:
            return values
        cap = cap_months(self.longest.starts_on, self.longest.ends_on)
        return values | {
            "starts_on": self.longest.starts_on,
            "ends_on": self.longest.ends_on,
            "cap_first_month": cap.first_month.first_day,
            "cap_last_month": cap.last_month.first_day,
            "monitoring_months": self.monitoring_months,
        }


def grant_prefill(application: Application, on: date) -> GrantPrefill:
    """The proposal for an application on `on`, starting when its last decision has ended."""
    client = application.client
    starts_on = max([on, *_days_after_own_decisions(application, on)])
    standing = standing_of(client, starts_on)
    longest = longest_from(standing, starts_on)
    known = known_number(client, application.municipality)
    month = Month.of(longest.starts_on if longest else on)
    plan = _proposed_plan(application)
    return GrantPrefill(
        standing=standing,
        longest=longest,
        category=category_of(client, month),
        number=known.number if known else "",
        monitoring_months=(plan.monitoring_months if plan else None)
        or usual_monitoring_months(month),
        consultation_office=plan.organisation if plan else None,
    )


def usual_monitoring_months(month: Month) -> int:
    """サービス等利用計画のモニタリング, in months, as it usually is in `month` (a dated figure)."""
    return int(figure("monitoring.months", month).value)


def _proposed_plan(application: Application) -> ServiceUsePlan | None:
    plans = application.service_use_plans.filter(stage=ServiceUsePlan.Stage.PROPOSED)
    return plans.select_related("organisation").order_by("pk").last()


def paper_kind(application: Application) -> str:
    """区分 of the paper that a grant issues: 更新 for a renewal, else 新規."""
    is_renewal = application.kind == Application.Kind.RENEWAL
    return Certificate.Kind.RENEWAL if is_renewal else Certificate.Kind.NEW


def _days_after_own_decisions(application: Application, on: date) -> list[date]:
    # Own ones only: the dates of another municipality's decision are not told here.
    running = Decision.objects.kept_by(application.municipality_id).filter(
        client=application.client_id, ends_on__gte=on
    )
    return [day_after(ends_on) for ends_on in running.values_list("ends_on", flat=True)]


def longest_from(standing: Standing, starts_on: date) -> LongestDecision | None:
    """The longest decision from `starts_on` inside the window; None without one, or past its end."""
    window = standing.window
    if window is None or starts_on > window.last_usable_on:
        return None
    first = max(starts_on, window.first_usable_on)
    months = int(figure("decision.months", Month.of(first)).value)
    return longest_decision(first, window.period, months)
