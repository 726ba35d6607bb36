"""Other support and referrals in the access matrix: one of the office, one of the ward."""

from __future__ import annotations

from typing import Any

from clients.actions.other_support import record_support
from clients.models import OtherSupport, Referral
from plans.actions.referral import refer
from teikyaku.clock import at_noon
from tests.cast import Cast, make_centre

OFFICE = ("worker", "manager", "head", "billing")
WRITERS = ("worker", "manager", "head")
STEPS = ("answer", "follow", "correct", "withdraw")
TABLE: dict[str, tuple[str, ...]] = {
    "client_services": OFFICE,
    "other_support_new": WRITERS,
    "other_support_correct": WRITERS,
    "other_support_step": WRITERS,
    "other_support_months": WRITERS,
    "other_support_withdraw": WRITERS,
    "referral_list": (*OFFICE, "outsider"),
    "referrals_xlsx": (*OFFICE, "outsider"),
    "referral_new": WRITERS,
    "referral_page": OFFICE,
    **{f"referral_{step}": WRITERS for step in STEPS},
    "admin:ward_referral_list": ("officer", "other_officer"),
    "admin:ward_referrals_xlsx": ("officer", "other_officer"),
    "admin:ward_referral_new": ("officer",),
    "admin:ward_referral_page": ("officer",),
    **{f"admin:ward_referral_{step}": ("officer",) for step in STEPS},
}


def coached(cast: Cast) -> OtherSupport:
    """A job coach's support of the cast's person, recorded by its office."""
    worker = cast.members["worker"]
    known = OtherSupport.objects.filter(kind="job_coach").first()
    return known or record_support(
        client=cast.enrolment.client, kind="job_coach", organisation=make_centre(),
        starts_on=cast.today, by=worker, at=at_noon(cast.today),
    )  # fmt: skip


def referred(cast: Cast, key: str = "worker") -> Referral:
    """The cast's person led to a centre by the member's office, or by the member's ward."""
    member = cast.members[key]
    person = (cast.application if member.municipality else cast.enrolment).client
    known = Referral.objects.filter(office=member.office, municipality=member.municipality).first()
    return known or refer(
        client=person, centre="core_support", referred_on=cast.today, by=member,
        at=at_noon(cast.today),
    )  # fmt: skip


def arguments(cast: Cast, name: str) -> dict[str, Any]:
    """The support, and the referral of whose page it is."""
    found: dict[str, Any] = {}
    if name.startswith("other_support_"):
        found = {"support": coached(cast).public_id, "kind": "job_coach"}
    if "referral_" in name:
        is_ward = name.startswith("admin:")
        found = {"referral": referred(cast, "officer" if is_ward else "worker").public_id}
    return found
