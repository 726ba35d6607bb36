"""The dated facts of the people, as they stand in the tables: nothing derived, nothing of the board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.models import Consent, Employment, Enrolment
from plans.models import (
    CapPeriod,
    Decision,
    ExpirySettlement,
    Handover,
    Interview,
    PaceDecision,
    SupportPlan,
)
from teikyaku.accounts.models import Office

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on file of one use."""

    enrolment: int
    client: int
    use_starts_on: date | None = None
    ends_on: date | None = None
    end_reason: str = ""
    died_on: date | None = None
    jobs: tuple[Row, ...] = ()
    """starts_on, ends_on, changes_to_improve; by their first day."""
    decisions: tuple[tuple[date, date], ...] = ()
    caps: tuple[tuple[date, date | None], ...] = ()
    """First and last month, by their first days."""
    plans: tuple[tuple[date, date], ...] = ()
    """First day and typed day of review of the plans that were handed over."""
    consents: tuple[Row, ...] = ()
    handover: Row | None = None
    settled: frozenset[tuple[str, date]] = frozenset()
    """(kind, day on file) of what was laid aside by hand."""
    contacts: tuple[Row, ...] = ()
    """held_on, outcome, way; by their days."""
    paces: tuple[Row, ...] = ()
    """decided_on, to_months, is_accepted; by their days."""


def facts_of(office: Office) -> list[Facts]:
    """Everybody whom the office knows or knew (ten queries)."""
    uses = Enrolment.objects.filter(office=office).order_by("pk")
    rows = uses.values(
        "pk", "client", "use_starts_on", "ends_on", "end_reason", "client__died_on"
    )  # fmt: skip
    here = {"enrolment__office": office}
    jobs = _grouped(
        Employment.objects.filter(client__in=uses.values("client")).order_by("starts_on"),
        "client", "starts_on", "ends_on", "changes_to_improve",
    )  # fmt: skip
    clients = {"client__in": uses.values("client")}
    decisions = _grouped(
        Decision.objects.filter(is_cancelled=False, **clients).order_by("starts_on"),
        "client", "starts_on", "ends_on",
    )  # fmt: skip
    caps = _grouped(
        CapPeriod.objects.filter(**clients).order_by("first_month"),
        "client", "first_month", "last_month",
    )  # fmt: skip
    settled = _grouped(
        ExpirySettlement.objects.filter(office=office, undone_at=None), "client", "kind", "on_file"
    )
    plans = _grouped(
        SupportPlan.objects.filter(handed_over_on__isnull=False, **here).order_by("starts_on"),
        "enrolment", "starts_on", "review_by",
    )  # fmt: skip
    consents = _grouped(
        Consent.objects.filter(**here), "enrolment", "recipient", "recipient_name", "scope",
        "starts_on", "ends_on", "withdrawn_on",
    )  # fmt: skip
    handovers = _grouped(
        Handover.objects.filter(**here), "enrolment", "is_needed", "not_consented_on", "shared_on",
        "accepted_on", "first_contact_on", "looked_on",
    )  # fmt: skip
    contacts = _grouped(
        Interview.objects.filter(replaced_by=None, withdrawn_at=None, **here).order_by("held_on"),
        "enrolment", "held_on", "outcome", "way",
    )  # fmt: skip
    paces = _grouped(
        PaceDecision.objects.filter(**here).order_by("decided_on", "pk"),
        "enrolment", "decided_on", "to_months", "is_accepted",
    )  # fmt: skip
    return [
        Facts(
            enrolment=row["pk"], client=row["client"], use_starts_on=row["use_starts_on"],
            ends_on=row["ends_on"], end_reason=row["end_reason"], died_on=row["client__died_on"],
            jobs=tuple(jobs[row["client"]]),
            decisions=tuple((d["starts_on"], d["ends_on"]) for d in decisions[row["client"]]),
            caps=tuple((c["first_month"], c["last_month"]) for c in caps[row["client"]]),
            plans=tuple((p["starts_on"], p["review_by"]) for p in plans[row["pk"]]),
            consents=tuple(consents[row["pk"]]),
            handover=next(iter(handovers[row["pk"]]), None),
            settled=frozenset((s["kind"], s["on_file"]) for s in settled[row["client"]]),
            contacts=tuple(contacts[row["pk"]]), paces=tuple(paces[row["pk"]]),
        )
        for row in rows
    ]  # fmt: skip


def _grouped(rows: Any, key: str, *fields: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows.values(key, *fields):
        found[row[key]].append(row)
    return found
