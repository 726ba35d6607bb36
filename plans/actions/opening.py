"""移行時の事実: what an office knew of a person before it wrote here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import add_fact, correct_fact, refuse_future
from clients.models import Enrolment
from plans.actions import pace as pace_actions
from plans.models import OpeningFacts
from plans.queries.opening import network_before
from plans.rules.network_before import refusal
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.clock import date_of
from teikyaku.periods import Month

TIMES_A_YEAR = "network.times_a_year"


@transaction.atomic
def record_opening(
    *, enrolment: Enrolment, by: Membership, at: datetime, **facts: Any
) -> OpeningFacts:
    """Where the support stood when the office moved in; the next due date goes on from there.

    `facts` as in the model. Before the use begins it is stored all the same: the date that the start
    brings then counts on from it. Raises ValidationError by field.
    """
    _refuse(facts, enrolment, at)
    row = add_fact(
        OpeningFacts(enrolment=enrolment, **facts), verb="opening_recorded", by=by, at=at
    )
    pace_actions.refresh([enrolment], on=date_of(at), windows=False)
    return row  # type: ignore[return-value]


@transaction.atomic
def correct_opening(
    *, opening: OpeningFacts, reason: str, by: Membership, at: datetime, **facts: Any
) -> OpeningFacts:
    """It was told wrongly; the history keeps the old values, and the next due date follows."""
    _refuse(facts, opening.enrolment, at)
    row = correct_fact(opening, changes=facts, reason=reason, by=by, at=at)
    pace_actions.refresh([opening.enrolment], on=date_of(at), windows=False)
    return row  # type: ignore[return-value]


def _refuse(facts: dict[str, Any], enrolment: Enrolment, at: datetime) -> None:
    met_on: date | None = facts.get("last_met_on")
    refuse_future(at=at, last_met_on=met_on, without_plan_since=facts.get("without_plan_since"))
    first_here = first_month_here(enrolment.office)
    _refuse_network(facts, first_here, at)
    if met_on is None:
        return
    if met_on < enrolment.starts_on:
        raise ValidationError({"last_met_on": _("相談の開始日より前の日付です。")})
    if first_here is not None and met_on >= first_here.first_day:
        # As a fact of before it would count as met and stand in no claim: the month would be lost.
        raise ValidationError(
            {
                "last_met_on": _(
                    "ここで請求する最初の月（%(month)s）からの面談は、面談の記録として入れてください。"
                    "ここに入れられるのは、その前の面談です。"
                )
                % {"month": first_here.label}
            }
        )
    if enrolment.ends_on is not None and met_on > enrolment.ends_on:
        raise ValidationError({"last_met_on": _("この方の利用が終わった後の日付です。")})


def _refuse_network(facts: dict[str, Any], first_here: Month | None, at: datetime) -> None:
    before = network_before(facts.get("network_months", ""), facts.get("network_count", 0))
    month = Month.of(date_of(at))
    limit = int(figure(TIMES_A_YEAR, month).value)
    if words := refusal(before, first_here, month, limit):
        raise ValidationError({"network_months": words})
