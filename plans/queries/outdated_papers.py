"""Papers of a ward that bear what has been corrected since: of one decision, and those of the home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.models import Client, ClientName, Disability
from plans.models import CapPeriod, Certificate, Decision, WardPaper
from plans.queries.paper_caps import Histories, as_printed, cap_histories, caps_that_stood
from plans.rules.paper_values import differing
from teikyaku.era import wareki

Kind = WardPaper.Kind
# What is told of what stands. The letter of a revocation holds days that nobody corrects any more.
KINDS = (Kind.CERTIFICATE, Kind.GRANT, Kind.REMINDER)


@dataclass(frozen=True, slots=True)
class OutdatedRow:
    """A decision with papers that are to be made anew, as the home lists it."""

    decision_id: UUID
    name: str
    kana: str
    papers: str
    """Which ones, and what differs, in words."""


def what_differs(
    paper: WardPaper, decision: Decision, versions: Iterable[Certificate], caps: Histories
) -> tuple[str, ...]:
    """What a paper says otherwise than the record, in words; empty where it says the same.

    Names and disabilities are those of the day of the paper: what changed since is no mistake. Reads
    what is prefetched of the person (`names`, `disabilities`); `versions` are the decision's, `caps`
    hold what was ever on file of the person's.
    """
    if paper.kind not in KINDS:
        return ()
    content, rows = paper.document.content, list(versions)
    if paper.certificate_id is None:
        recorded = _of_letter(content, decision, rows, WardPaper.Kind(paper.kind))
    else:
        version = next(row for row in rows if row.pk == paper.certificate_id)
        recorded = _of_certificate(decision, version)
    return differing(content, {**recorded, **_caps(content, paper, decision, rows, caps)})


def to_remake(
    decision: Decision, papers: Iterable[WardPaper], versions: Sequence[Certificate], on: date
) -> list[WardPaper]:
    """Of what was made of a decision, the newest of each kind that can still be made anew on `on`.

    A version counts while it is the last one; nobody gets a letter after a death, and is reminded of
    an end that has passed.
    """
    last = versions[-1].pk if versions else None
    latest = {each.kind: each for each in papers if each.certificate_id in (None, last)}
    is_alive = decision.client.died_on is None
    stands = decision.revoked_on is None and decision.ends_on == decision.granted_until
    can_be = {
        Kind.CERTIFICATE: not decision.is_cancelled,
        Kind.GRANT: is_alive and not decision.is_cancelled,
        Kind.REMINDER: is_alive and stands and decision.ends_on >= on,
    }
    return [paper for kind, paper in latest.items() if can_be.get(Kind(kind), False)]


def outdated(papers: Iterable[WardPaper], on: date) -> list[OutdatedRow]:
    """The decisions of which one of these (`suspects`) bears what was corrected since (one query)."""
    by_decision: dict[Decision, list[WardPaper]] = {}
    for paper in papers:
        if paper.decision is not None:
            by_decision.setdefault(paper.decision, []).append(paper)
    caps = cap_histories(each.client_id for each in by_decision) if by_decision else {}
    found = []
    for decision, made in by_decision.items():
        versions = list(decision.certificates.all())
        told = [
            (paper, what)
            for paper in to_remake(decision, made, versions, on)
            if (what := what_differs(paper, decision, versions, caps))
        ]
        if told:
            found.append(_row(decision, told, on))
    return sorted(found, key=lambda row: (row.kana, row.decision_id))


def paper_words(told: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Papers with what differs, in one line."""
    return "、".join(f"{label}（{'・'.join(what)}）" for label, what in told)


def suspects(kept: QuerySet[Decision]) -> QuerySet[WardPaper]:
    """Papers of these decisions after which something that they bear was corrected, with what is compared."""
    corrected = Q()
    for model, of in (
        (Decision, {"id": OuterRef("decision_id")}),
        (Certificate, {"decision_id": OuterRef("decision_id")}),
        (Client, {"id": OuterRef("decision__client_id")}),
        (ClientName, {"client_id": OuterRef("decision__client_id")}),
        (Disability, {"client_id": OuterRef("decision__client_id")}),
        (CapPeriod, {"client_id": OuterRef("decision__client_id")}),
    ):
        history: Any = model.history  # type: ignore[attr-defined]
        since = history.filter(**of, history_date__gte=OuterRef("document__issued_at"))
        corrected |= Q(Exists(since if model is Disability else since.exclude(_NO_REASON)))
    # A reminder replaces none: it is made good by the next one.
    next_one = WardPaper.objects.filter(
        kind=Kind.REMINDER, decision=OuterRef("decision_id"), pk__gt=OuterRef("pk")
    )
    rows = WardPaper.objects.filter(
        corrected, ~Q(kind=Kind.REMINDER) | ~Exists(next_one), kind__in=KINDS, decision__in=kept,
        document__replaced_by=None,
    )  # fmt: skip
    rows = rows.select_related("document", "decision__application", "decision__client")
    return rows.prefetch_related(
        "decision__certificates__recipient_number", "decision__client__names",
        "decision__client__disabilities",
    ).order_by("pk")  # fmt: skip


_NO_REASON = Q(history_change_reason=None) | Q(history_change_reason="")


def _row(
    decision: Decision, told: Iterable[tuple[WardPaper, tuple[str, ...]]], on: date
) -> OutdatedRow:
    name = _on(decision.client.names.all(), on)
    words = paper_words((paper.get_kind_display(), what) for paper, what in told)
    return OutdatedRow(
        decision.public_id, name.name if name else "", name.kana if name else "", words
    )


def _of_certificate(decision: Decision, version: Certificate) -> Mapping[str, Any]:
    day = version.issued_on
    kinds = sorted(
        (row for row in decision.client.disabilities.all() if _holds(row, day)),
        key=lambda row: row.kind,
    )
    return _of_decision(decision) | _of_person(decision.client, day, "holder") | {
        "certificate_number": version.recipient_number.number,
        "certificate_issued_on": wareki(day),
        "applies_on": wareki(version.applies_on),
        "disabilities": [row.get_kind_display() for row in kinds],
    }  # fmt: skip


def _of_letter(
    content: Mapping[str, Any], decision: Decision, versions: list[Certificate], kind: Kind
) -> Mapping[str, Any]:
    day = date.fromisoformat(content["dated"])
    found = _of_decision(decision) | _of_person(decision.client, day, "person")
    numbers = {row.recipient_number.number for row in versions}
    if content["person"]["certificate_number"] not in numbers and versions:
        found["person.certificate_number"] = versions[-1].recipient_number.number
    if kind == Kind.GRANT:
        found |= {
            "decided_on": wareki(decision.decided_on), "service.ends_on": wareki(decision.granted_until),
        }  # fmt: skip
        if decision.application is not None:
            found["received_on"] = wareki(decision.application.received_on)
    return found


def _of_decision(decision: Decision) -> dict[str, Any]:
    found = {"service.starts_on": wareki(decision.starts_on), "service.amount": decision.amount}
    if decision.revoked_on is None and decision.ends_on == decision.granted_until:
        # An end that was moved in truth is told apart (plans.queries.ward_papers).
        found["service.ends_on"] = wareki(decision.ends_on)
    return found


def _caps(
    content: Mapping[str, Any], paper: WardPaper, decision: Decision, versions: list[Certificate],
    caps: Histories,
) -> dict[str, Any]:  # fmt: skip
    """The caps that a paper would carry now, where it carries any and the decision's end has not moved."""
    of = next((row for row in versions if paper.certificate_id in (None, row.pk)), None)
    has_moved = decision.revoked_on is not None or decision.ends_on < decision.granted_until
    if "caps" not in content or of is None or has_moved:
        return {}
    rows = caps.get((decision.client_id, decision.municipality_id), ())
    return {"caps": as_printed(caps_that_stood(rows, of, decision.ends_on))}


def _of_person(client: Client, day: date, place: str) -> dict[str, Any]:
    found = {f"{place}.birth_date": wareki(client.birth_date)}
    if name := _on(client.names.all(), day):
        found[f"{place}.name"] = name.name
    return found


def _on(rows: Iterable[Any], day: date) -> Any:
    return next((row for row in rows if _holds(row, day)), None)


def _holds(row: Any, day: date) -> bool:
    ends_on: date | None = row.ends_on
    return bool(row.starts_on <= day) and (ends_on is None or day <= ends_on)
