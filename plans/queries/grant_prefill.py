"""What the grant form proposes: the longest period, the certificate's number, category and cap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from clients.models import Client, Organisation
from clients.queries.category import category_of
from clients.queries.window import leaving_of, standing_of
from clients.rules.cap import cap_months
from clients.rules.category import CategoryResult
from clients.rules.last_usable import LeavingAhead
from clients.rules.standing import Standing
from plans.models import (
    Application,
    CapPeriod,
    Certificate,
    Decision,
    Proposal,
    ServiceUsePlan,
)
from plans.queries.caps import cap_for_or_before
from plans.queries.decision_change import holding, own_decisions
from plans.queries.number_range import known_number
from plans.rules.decision import LongestDecision, longest_decision
from teikyaku.accounts.queries.figures import figure
from teikyaku.periods import Month, day_after
from teikyaku.prepared import prepared

# What a cap says beside its months.
CAP_TERMS = (
    "category", "cap_yen", "category_reason", "is_managed", "managing_office_name",
    "managing_office_number",
)  # fmt: skip
# Who manages a cap.
MANAGED = ("is_managed", "managing_office_name", "managing_office_number")


@dataclass(frozen=True, slots=True)
class Change:
    """変更 as it would be granted: of which decision, and its days and amount as they were asked."""

    decision: Decision
    starts_on: date
    ends_on: date
    amount: str


@dataclass(frozen=True, slots=True)
class Former:
    """前の支給決定 and what it carries into the next one of the same person."""

    decision: Decision
    remarks: str
    """特記事項 of its last paper."""
    cap: CapPeriod | None
    """The cap of the month in which the new one begins, else the last one on file."""


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
    former: Former | None
    """Of a renewal and a change; None for a new person, or where nothing of the ward is on file."""
    change: Change | None
    """What a change application changes; None for every other kind."""
    leaving: LeavingAhead | None
    """A last day of work on file within the longest period, with which the right ends or may end."""

    def initial(self, on: date) -> dict[str, Any]:
        """Initial values of the grant form on the day `on`."""
        values: dict[str, Any] = {"decided_on": on, "issued_on": on, "number": self.number}
        if self.consultation_office is not None:
            values["consultation_office"] = self.consultation_office.pk
        if self.category.category is not None:
            values |= {"category": self.category.category.value, "cap_yen": self.category.cap_yen}
        values |= self._carried(values)
        if self.longest is None:
            return values
        values["monitoring_months"] = self.monitoring_months
        if self.change is not None:
            return values | self._changed(self.change, self.longest)
        cap = cap_months(self.longest.starts_on, self.longest.ends_on)
        return values | {
            "starts_on": self.longest.starts_on,
            "ends_on": self.longest.ends_on,
            "cap_first_month": cap.first_month.first_day,
            "cap_last_month": cap.last_month.first_day,
        }

    def _carried(self, values: dict[str, Any]) -> dict[str, Any]:
        """What stays as it was unless somebody changes it: amount, remarks, who manages the cap."""
        if self.former is None:
            return {}
        found = {"amount": self.former.decision.amount, "remarks": self.former.remarks}
        cap = self.former.cap
        if cap is None or not cap.is_managed or values.get("cap_yen") == 0:
            return found  # a cap of 0 yen is never managed (docs/rules.md §5 M)
        return found | {name: getattr(cap, name) for name in MANAGED}

    def _changed(self, change: Change, longest: LongestDecision) -> dict[str, Any]:
        """The days and amount of a change; the cap that stands goes on as it is."""
        found: dict[str, Any] = {
            "starts_on": change.starts_on, "ends_on": change.ends_on, "amount": change.amount,
            "cap_first_month": Month.of(change.starts_on).first_day,
        }  # fmt: skip
        known = [self.former.cap] if self.former and self.former.cap else []
        cap = cap_going_on(known, change.starts_on, change.ends_on)
        if cap is None:
            usual = cap_months(change.starts_on, max(change.ends_on, change.starts_on))
            return found | {"cap_last_month": usual.last_month.first_day}
        first_month, last_month, terms = cap
        return found | terms | {"cap_first_month": first_month, "cap_last_month": last_month}


def cap_going_on(
    caps: Iterable[CapPeriod], starts_on: date, ends_on: date
) -> tuple[date, date | None, dict[str, Any]] | None:
    """The cap that stands in the first month of a change: its months in the period, and its terms.

    None where none of `caps` holds that month. No last month where none is on file.
    """
    first, last = Month.of(starts_on).first_day, Month.of(ends_on).first_day
    for cap in caps:
        if cap.first_month <= first and (cap.last_month is None or cap.last_month >= first):
            until = min(cap.last_month, last) if cap.last_month else None
            return first, until, {name: getattr(cap, name) for name in CAP_TERMS}
    return None


def grant_prefill(application: Application, on: date) -> GrantPrefill:
    """The proposal for an application on `on`: when its last decision has ended, or as a change asks."""
    client = application.client
    change = change_of(application, on)
    after = max([on, *_days_after_own_decisions(application, on)])
    starts_on = change.starts_on if change else after
    standing, leaving, longest = longest_for(client, starts_on, on)
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
        former=_former(application, starts_on),
        change=change,
        leaving=leaving,
    )


def longest_for(
    client: Client, starts_on: date, on: date
) -> tuple[Standing, LeavingAhead | None, LongestDecision | None]:
    """The standing on a first day, a leaving on file within the longest decision, and that decision.

    As known on `on` (six queries).
    """
    standing = standing_of(client, starts_on)
    longest = longest_from(standing, starts_on)
    leaving = leaving_of(client, longest.period, on) if longest else None
    return standing, leaving, longest_from(standing, starts_on, leaving)


def _former(application: Application, starts_on: date) -> Former | None:
    if application.kind == Application.Kind.NEW:
        return None
    begun = [row for row in own_decisions(application) if row.starts_on < starts_on]
    if not begun:
        return None
    paper = begun[-1].certificates.last()
    return Former(
        decision=begun[-1],
        remarks=paper.remarks if paper else "",
        cap=cap_for_or_before(application.client, Month.of(starts_on)),
    )


def proposal_behind(application: Application) -> Proposal | None:
    """What an office asked for where its accepted 区への提案 opened this application."""
    return next(iter(_behind.rows(application=application.pk)), None)


@prepared("application")
def _behind(application: int) -> QuerySet[Proposal]:
    found = Proposal.objects.filter(application=application)
    return found.select_related("municipality")[:1]


def change_of(application: Application, on: date) -> Change | None:
    """The change as it was asked, else from `on` on with everything else as it is.

    None for every other kind of application, and where the ward has no decision that could be changed.
    """
    if application.kind != Application.Kind.CHANGE:
        return None
    asked = proposal_behind(application)
    wanted = asked.starts_on if asked and asked.starts_on else on
    rows = [row for row in own_decisions(application) if row.revoked_on is None]
    ahead = (row for row in rows if row.starts_on > wanted)
    found = holding(rows, wanted) or next(ahead, None)
    if found is None or found.starts_on == found.ends_on:
        return None
    return Change(
        decision=found,
        starts_on=max(wanted, day_after(found.starts_on)),
        ends_on=asked.ends_on if asked and asked.ends_on else found.ends_on,
        amount=asked.value if asked and asked.value else found.amount,
    )


def usual_monitoring_months(month: Month) -> int:
    """サービス等利用計画のモニタリング, in months, as it usually is in `month` (a dated figure)."""
    return int(figure("monitoring.months", month).value)


def _proposed_plan(application: Application) -> ServiceUsePlan | None:
    plans = application.service_use_plans.filter(stage=ServiceUsePlan.Stage.PROPOSED)
    return plans.select_related("organisation").order_by("pk").last()


def paper_kind(application: Application) -> str:
    """区分 of the paper that a grant issues: as the application's (docs/rules.md §4)."""
    kinds = {
        Application.Kind.NEW: Certificate.Kind.NEW,
        Application.Kind.RENEWAL: Certificate.Kind.RENEWAL,
        Application.Kind.CHANGE: Certificate.Kind.CHANGE,
    }
    return kinds[Application.Kind(application.kind)]


def _days_after_own_decisions(application: Application, on: date) -> list[date]:
    # Own ones only: the dates of another municipality's decision are not told here.
    running = (
        Decision.objects.standing()
        .kept_by(application.municipality_id)
        .filter(client=application.client_id, ends_on__gte=on)
    )
    return [day_after(ends_on) for ends_on in running.values_list("ends_on", flat=True)]


def longest_from(
    standing: Standing, starts_on: date, leaving: LeavingAhead | None = None
) -> LongestDecision | None:
    """The longest decision from `starts_on` inside the window; None without one, or past its end.

    Not beyond a `leaving` with which the right ends for certain.
    """
    window = standing.window
    if window is None or starts_on > window.last_usable_on:
        return None
    first = max(starts_on, window.first_usable_on)
    months = int(figure("decision.months", Month.of(first)).value)
    right_ends_on = leaving.left_on if leaving and leaving.is_settled else None
    return longest_decision(first, window.period, months, right_ends_on)
