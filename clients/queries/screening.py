"""A person's facts as the screening takes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clients.models import Client, Screening
from clients.queries.facts import working_lives
from clients.rules.kinds import JobRoute, ScreeningAnswer
from clients.rules.screening import ScreeningFacts
from teikyaku.accounts.models import Membership
from teikyaku.periods import in_force

SHOWN = 10


def screening_facts(client: Client, on: date, **answers: Any) -> ScreeningFacts:
    """What is on file on `on`, with the answers that were just given (four queries).

    Jobs that begin after `on` are left aside; no service on file counts as not asked yet, until
    somebody answers that none was used (`used_service`). What is on file wins over that answer.
    """
    life = working_lives([client.pk])[client.pk]
    home = client.residences.filter(in_force(on)).select_related("municipality__city").first()
    route = answers.pop("job_route", "")
    used_none = answers.pop("used_service", None) is False
    return ScreeningFacts(
        services_used=tuple(life.services) or (() if used_none else None),
        employments=tuple(life.employments),
        job_route=JobRoute(route) if route else None,
        lives_in=home.municipality.full_name if home else "",
        **answers,
    )


def own_screenings(membership: Membership, client: Client) -> QuerySet[Screening]:
    """Kept by this office or this ward: what somebody was asked elsewhere is not told here."""
    by_nobody = Q(recorded_by__office=None, recorded_by__municipality=None)
    here = Q(
        recorded_by__office=membership.office_id,
        recorded_by__municipality=membership.municipality_id,
    )
    return client.screenings.filter(here | by_nobody).order_by("-screened_on", "-pk")


def kept_answers(membership: Membership, client: Client) -> dict[str, Any]:
    """What was asked and kept last by this place; empty where nothing was."""
    inputs = own_screenings(membership, client).values_list("inputs", flat=True).first()
    return dict(inputs or {})


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """規則の版 as a timeline shows it."""

    label: str


@dataclass(frozen=True, slots=True)
class KeptScreening:
    """An entry of a timeline: the day, the version of the rules, the answer and why."""

    on: date
    kind: RulesVersion
    title: str
    detail: str


def kept_entries(screenings: QuerySet[Screening]) -> list[KeptScreening]:
    """The last ten."""
    return [
        KeptScreening(
            on=row.screened_on,
            kind=RulesVersion(_("規則の版 %(version)s") % {"version": row.rules_version}),
            title=ScreeningAnswer(row.answer).label,
            detail=" ".join(reason["text"] for reason in row.reasons),
        )
        for row in screenings[:SHOWN]
    ]
