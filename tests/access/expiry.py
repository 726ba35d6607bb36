"""The objects of the board of ends: what has passed at the office and in the ward, and what was laid aside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from clients.models import Client, Consent
from plans.actions.expiry import settle_end
from plans.models import Decision, ExpirySettlement
from plans.rules.expiry import EndKind, WardEndKind
from teikyaku.accounts.actions.qualification import add_qualification
from teikyaku.accounts.models import StaffQualification
from teikyaku.clock import at_noon
from tests.cast import Cast


def arguments(cast: Cast, name: str) -> dict[str, Any]:
    """One end that has passed, or a settlement, of the own office or ward."""
    if name == "expiry_settle":
        return {"kind": "consent", "subject": lapsed_consent(cast).public_id}
    if name == "expiry_undo":
        return {"settlement": settled_consent(cast).public_id}
    if name == "admin:ward_expiry_settle":
        return {"kind": "decision", "subject": lapsed_decision(cast).public_id}
    if name == "admin:ward_expiry_undo":
        return {"settlement": settled_decision(cast).public_id}
    if name == "qualification_correct":
        return {"qualification": qualification(cast).public_id}
    return {}


def lapsed_consent(cast: Cast, days: int = 3) -> Consent:
    """A consent of the person that ended some days ago, beside the one that stands."""
    ended = cast.today - timedelta(days=days)
    return Consent.objects.get_or_create(
        enrolment=cast.enrolment, recipient="medical", scope="contact", ends_on=ended,
        defaults={"starts_on": ended - timedelta(days=40),
                  "recorded_by": cast.members["worker"], "recorded_at": at_noon(cast.today)},
    )[0]  # fmt: skip


def settled_consent(cast: Cast) -> ExpirySettlement:
    """Another one, laid aside."""
    row = lapsed_consent(cast, 9)
    known = ExpirySettlement.objects.filter(subject_id=row.public_id).first()
    return known or settle_end(
        kind=EndKind.CONSENT, ends_on=row.ends_on, subject_id=row.public_id, on_file=row.ends_on,
        reason="もう続けない", client=cast.enrolment.client, by=cast.members["worker"],
        at=at_noon(cast.today),
    )  # fmt: skip


def lapsed_decision(cast: Cast, days: int = 3) -> Decision:
    """A decision of the ward, of somebody else, that ended some days ago and was not renewed."""
    ended = cast.today - timedelta(days=days)
    found = Decision.objects.filter(municipality=cast.wards[2], ends_on=ended).first()
    by = {"recorded_by": cast.members["officer"], "recorded_at": at_noon(cast.today)}
    if found is not None:
        return found
    person = Client.objects.create(birth_date=cast.today - timedelta(days=9000), **by)
    person.names.create(
        name=f"過ぎた {days}", kana=f"すぎた {days}", starts_on=cast.today - timedelta(days=900),
        search_text=f"すぎた{days} ", **by,
    )  # fmt: skip
    return Decision.objects.create(
        client=person, municipality=cast.wards[2], decided_on=ended - timedelta(days=300),
        starts_on=ended - timedelta(days=200), ends_on=ended, granted_until=ended, amount="22日",
        **by,
    )  # fmt: skip


def settled_decision(cast: Cast) -> ExpirySettlement:
    """Another one, laid aside."""
    known = ExpirySettlement.objects.filter(municipality=cast.wards[2]).first()
    if known is not None:
        return known
    row = lapsed_decision(cast, 9)
    return settle_end(
        kind=WardEndKind.DECISION, ends_on=row.ends_on, subject_id=row.public_id,
        on_file=row.ends_on, reason="更新を希望しない", client=row.client,
        by=cast.members["officer"], at=at_noon(cast.today),
    )  # fmt: skip


def qualification(cast: Cast) -> StaffQualification:
    """What the manager completed, and until when it holds."""
    known = StaffQualification.objects.filter(membership=cast.members["manager"]).first()
    return known or add_qualification(
        membership=cast.members["manager"], kind="サービス管理責任者 更新研修",
        obtained_on=cast.today - timedelta(days=400), valid_until=cast.today + timedelta(days=40),
        by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
