"""The addresses of the product with objects of the cast in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any
from uuid import uuid4

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from billing.models import TariffConfirmation
from clients.models import (
    CaseMove,
    Consent,
    Disability,
    Employment,
    HouseholdFact,
    Leave,
    PriorService,
)
from plans.actions.interview_draft import begin_draft
from plans.models import CapPeriod, Contract, Decision, InterviewDraft, PaceSetting, Phrase
from teikyaku.accounts.actions.places import propose_municipality
from teikyaku.accounts.models import FigureOverride, Municipality, MunicipalityProposal, SavedView
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access import (
    attachments,
    claim_money,
    expiry,
    fees,
    handover,
    keeping,
    money,
    moving,
    papers,
    proposals,
    referrals,
    reports,
    retention,
    support_plan,
)
from tests.cast import Cast, job_of, make_centre


def walk(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name with namespace, pattern) of every URL."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


def names() -> list[str]:
    return sorted({name for name, _pattern in walk(get_resolver().url_patterns)})


@cache
def _keys() -> dict[str, set[str]]:
    """What stands in the address of each URL, by name."""
    found: dict[str, set[str]] = {}
    for name, pattern in walk(get_resolver().url_patterns):
        found.setdefault(name, set()).update(pattern.pattern.converters)
    return found


def _draft_of(cast: Cast) -> InterviewDraft:
    """What the worker has begun to write."""
    worker, at = cast.members["worker"], at_noon(cast.today)
    known = InterviewDraft.objects.filter(recorded_by=worker).first()
    return known or begin_draft(
        enrolment=cast.enrolment, answers={"notes": "書きかけ"}, by=worker, at=at
    )


def _view_of(cast: Cast) -> SavedView:
    """What the worker has kept."""
    return SavedView.objects.get_or_create(
        membership=cast.members["worker"], page="caseload", name="気がかり",
        defaults={"query": "ask=worrying&staff=all", "created_at": at_noon(cast.today)},
    )[0]  # fmt: skip


def _setting_of(cast: Cast) -> PaceSetting:
    """What the office goes by from next year on."""
    return PaceSetting.objects.get_or_create(
        office=cast.office, starts_on=date(cast.today.year + 1, 1, 1),
        defaults={
            "monthly_first_months": 6, "monthly_last_months": 6, "settled_meetings": 3,
            "attempts_to_tighten": 2, "longest_months": 3,
            "recorded_by": cast.members["head"], "recorded_at": at_noon(cast.today),
        },
    )[0]  # fmt: skip


def _phrase_of(cast: Cast) -> Phrase:
    """What the worker puts in with one tap."""
    worker, at = cast.members["worker"], at_noon(cast.today)
    return Phrase.objects.get_or_create(
        office=cast.office, owner=worker.user, text="体調に変わりはないとのこと。",
        defaults={"position": 1, "recorded_by": worker, "recorded_at": at},
    )[0]  # fmt: skip


def _entered_place(cast: Cast) -> Any:
    """A municipality that the head of the office entered."""
    head, at = cast.members["head"], at_noon(cast.today)
    found = MunicipalityProposal.objects.filter(office=cast.office).first()
    if found is None:
        place = Municipality(code="999016", name="架空市", kana="かくうし")
        propose_municipality(municipality=place, office=cast.office, by=head, at=at)
        return place.public_id
    return found.municipality.public_id


def _of_the_cast(cast: Cast) -> dict[str, Any]:
    """Objects of the own office and ward, whatever the page is: made for the first one, and kept.

    Who writes into them between two pages clears `cast.addresses`: they are then looked for anew.
    """
    if not cast.addresses:
        cast.addresses |= _made_for(cast)
    return cast.addresses


def _made_for(cast: Cast) -> dict[str, Any]:
    person = cast.enrolment.client.public_id
    leave = Leave.objects.get_or_create(
        employment=job_of(cast.enrolment), starts_on=cast.today,
        defaults={"recorded_by": cast.members["worker"], "recorded_at": at_noon(cast.today)},
    )[0]  # fmt: skip
    return {
        "client": person,
        "organisation": make_centre().public_id,
        "kind": "residence",
        "fact": cast.enrolment.client.names.get().public_id,
        "enrolment": cast.enrolment.public_id,
        "employment": job_of(cast.enrolment).public_id,
        "leave": leave.public_id,
        "service": cast.enrolment.client.prior_services.get().public_id,
        "interview": cast.interview.public_id,
        "draft": _draft_of(cast).public_id,
        "phrase": _phrase_of(cast).public_id,
        "page": "caseload",
        "view": _view_of(cast).public_id,
        "contract": Contract.objects.get(enrolment=cast.enrolment).public_id,
        "consent": Consent.objects.get(enrolment=cast.enrolment, ends_on=None).public_id,
        "month": str(Month.of(cast.today) - 1),
        **money.arguments(cast),
        **claim_money.arguments(cast),
        **moving.arguments(cast),
        **papers.arguments(cast),
        **proposals.arguments(cast),
        **attachments.arguments(cast),
        **retention.arguments(cast),
        **reports.arguments(cast),
        "move": CaseMove.objects.get_or_create(
            office=cast.office,
            defaults={
                "to_staff": cast.members["worker"],
                "starts_on": cast.today,
                "recorded_by": cast.members["manager"],
                "recorded_at": at_noon(cast.today),
            },
        )[0].public_id,
        "setting": _setting_of(cast).public_id,
        "membership": cast.members["worker"].public_id,
        "user": cast.user("worker").public_id,
        "office": cast.office.public_id,
        "cap": CapPeriod.objects.get(client=cast.enrolment.client).public_id,
        "confirmation": TariffConfirmation.objects.get().public_id,
        "key": "decision.months",
        "terms": cast.office.terms.first().public_id,
        "municipality": cast.wards[0].public_id,
        "correction": FigureOverride.objects.get_or_create(
            key="decision.months",
            first_month=date(2030, 1, 1),
            last_month=date(2030, 1, 1),
            defaults={
                "value": "12",
                "source": "試し",
                "recorded_by": cast.members["admin"],
                "recorded_at": at_noon(cast.today),
            },
        )[0].public_id,
        "application": cast.application.public_id,
        "decision": cast.decision.public_id,
        "stage": "final",
        "reset": uuid4(),
        "table": fees.arguments(cast),
        "token": "nonsense",
    }


def arguments(cast: Cast, name: str) -> dict[str, Any]:
    """Arguments of a URL with objects of the own office and ward."""
    known = {
        **_of_the_cast(cast),
        **support_plan.arguments(cast, name),
        **referrals.arguments(cast, name),
        **(handover.arguments(cast, name) if name.startswith("handover_") else {}),
        **expiry.arguments(cast, name),
    }
    if name == "decision_correct":
        known["decision"] = Decision.objects.get(client=cast.enrolment.client).public_id
    if name == "admin:city_cap_correct":
        known["cap"] = CapPeriod.objects.get(client=cast.decision.client).public_id
    if name == "admin:city_paper_correct":
        known["paper"] = cast.decision.certificates.get().public_id
    if name in ("proposal_choose", "proposal_new"):
        known |= {"enrolment": proposals.talked_about(cast).public_id, "kind": "end"}
    if name == "admin:ward_job_end":
        known["employment"] = cast.application.client.employments.get().public_id
    by_ward = {"recorded_by": cast.members["officer"], "recorded_at": at_noon(cast.today)}
    if name == "admin:ward_job_correct":
        first, last = date(2010, 4, 1), date(2012, 3, 31)
        known["employment"] = Employment.objects.get_or_create(
            client=cast.application.client, employer=job_of(cast.enrolment).employer,
            starts_on=first, defaults={"kind": "ordinary", "ends_on": last, **by_ward},
        )[0].public_id  # fmt: skip
    if name == "admin:ward_service_correct":
        known["service"] = PriorService.objects.get_or_create(
            client=cast.application.client, kind="transition", starts_on=date(2009, 4, 1),
            defaults={"ends_on": date(2010, 3, 31), **by_ward},
        )[0].public_id  # fmt: skip
    if name == "admin:ward_home_correct":
        homes = cast.application.client.residences
        known["residence"] = (
            homes.order_by("starts_on").last()
            or homes.create(
                starts_on=date(2009, 4, 1), municipality=cast.wards[2], address="架空町1", **by_ward
            )
        ).public_id
    if name == "admin:ward_name_correct":
        known["name"] = cast.application.client.names.get().public_id
    if name == "admin:decision_disability_correct":
        known["disability"] = Disability.objects.get_or_create(
            client=cast.decision.client, kind="intractable", starts_on=date(2010, 4, 1),
            defaults=by_ward,
        )[0].public_id  # fmt: skip
    if name == "admin:ward_household_correct":
        known["fact"] = HouseholdFact.objects.get_or_create(
            client=cast.application.client, first_month=Month.of(cast.today).first_day,
            defaults=by_ward,
        )[0].public_id  # fmt: skip
    if name == "fact_correct":
        known["kind"] = "name"
    return known | _somebody_else(cast, name)


def _somebody_else(cast: Cast, name: str) -> dict[str, Any]:
    """Pages about people whose use is over."""
    if name.removeprefix("admin:ward_").startswith("keeping_"):
        return keeping.arguments(cast)
    if name == "municipality_merge":
        return {"municipality": _entered_place(cast)}
    return {"client": retention.asked(cast)} if name == "work_check_new" else {}


def url_of(cast: Cast, name: str) -> str:
    known = arguments(cast, name)
    wanted = _keys()[name]
    for keys in (wanted, wanted | {"enrolment"}, wanted | {"client"}, wanted | {"application"},
                 wanted | {"decision"}):  # fmt: skip
        try:
            return reverse(name, kwargs={key: known[key] for key in keys})
        except NoReverseMatch:
            continue
    raise AssertionError(f"no arguments for {name}")
