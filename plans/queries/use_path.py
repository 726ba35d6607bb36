"""The path from a decision on: contract and use, as the office and as the ward know them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from clients.models import Client
from clients.queries.window import standing_of
from clients.rules.standing import Standing
from plans.models import Application, Contract, Decision
from plans.queries.path import facts_of_application, path_facts_of, with_path
from plans.rules.path import PathFacts
from teikyaku.periods import Period, overlapping
from teikyaku.prepared import prepared


def path_facts(client: Client, on: date, **dates: Any) -> PathFacts:
    """The facts of the path that leads to use on `on`, with the window (five queries).

    `dates` are facts about to be recorded.
    """
    decisions = _standing.rows(client=client.pk)
    facts = path_to_use(standing_of(client, on), decisions, _of.rows(client=client.pk), on)
    return replace(facts, **dates)


@prepared("client")
def _standing(client: int) -> QuerySet[Decision]:
    return Decision.objects.standing().filter(client=client).order_by("starts_on")


@prepared("client")
def _of(client: int) -> QuerySet[Application]:
    return with_path(Application.objects.filter(client=client))


def path_to_use(
    standing: Standing,
    decisions: Iterable[Decision],
    applications: Iterable[Application],
    on: date,
) -> PathFacts:
    """The same from rows at hand, decisions and applications of `with_path`, and the standing on `on`.

    The decision that covers `on` decides which application is meant; a transcribed one has no
    chain before it. Without a decision it is the application that came in last.
    """
    right: dict[str, Any] = {
        "window": standing.window.period if standing.window else None,
        "is_usable": standing.is_usable,
    }
    known = {row.pk: row for row in applications}
    decision = next((row for row in decisions if _granted(row).contains(on)), None)
    if decision is not None and decision.application_id is not None:
        facts = path_facts_of(known[decision.application_id])
        return replace(facts, granted=_granted(decision), **right)
    if decision is not None:
        return PathFacts(
            decided_on=decision.decided_on,
            is_transcribed=True,
            granted=_granted(decision),
            **right,
        )
    latest = max(known.values(), key=lambda row: (row.received_on, row.pk), default=None)
    return replace(path_facts_of(latest), **right) if latest else PathFacts(**right)


def reported_contracts(decision: Decision) -> QuerySet[Contract]:
    """What offices reported (契約内容報告書) of contracts that ran inside the decision's period.

    The report is all that a ward learns of a contract: one that was not reported stays unseen. None
    of a decision that was cancelled before it began.
    """
    if decision.is_cancelled:
        return Contract.objects.none()
    return (
        Contract.objects.filter(overlapping(_granted(decision)), reported_on__isnull=False)
        .filter(enrolment__client=decision.client_id)
        .select_related("enrolment__office")
        .order_by("starts_on", "pk")
    )


def facts_for_ward(application: Application) -> PathFacts:
    """The facts of one application as far as its ward knows them: with the reported contract."""
    facts = facts_of_application(application)
    decision = getattr(application, "decision", None)
    contract = reported_contracts(decision).first() if decision is not None else None
    return with_contract(facts, contract)


def with_contract(facts: PathFacts, contract: Contract | None) -> PathFacts:
    """The facts with the contract's days, where there is one."""
    if contract is None:
        return facts
    return replace(
        facts,
        explained_on=contract.explained_on,
        signed_on=contract.signed_on,
        use_starts_on=contract.starts_on,
    )


def _granted(decision: Decision) -> Period:
    return Period(decision.starts_on, decision.ends_on)
