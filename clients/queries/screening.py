"""A person's facts as the screening takes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from clients.models import Client
from clients.queries.facts import working_lives
from clients.rules.kinds import JobRoute
from clients.rules.screening import ScreeningFacts
from teikyaku.periods import in_force


def screening_facts(client: Client, on: date, **answers: Any) -> ScreeningFacts:
    """What is on file on `on`, with the answers that were just given (four queries).

    Jobs that begin after `on` are left aside; no service on file counts as not asked yet.
    """
    life = working_lives([client.pk])[client.pk]
    home = client.residences.filter(in_force(on)).select_related("municipality__city").first()
    route = answers.pop("job_route", "")
    return ScreeningFacts(
        services_used=tuple(life.services) or None,
        employments=tuple(life.employments),
        job_route=JobRoute(route) if route else None,
        lives_in=home.municipality.full_name if home else "",
        **answers,
    )
