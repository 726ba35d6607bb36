"""受給者証 and the ward's letters: everything that is printed, as plain JSON; templates never query.

A protected address is printed nowhere. What a ward prints of a person is what the ward may know:
related people belong to the office that wrote them down, so another addressee is typed by hand.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from clients.models import Client, ClientName, Residence
from plans.models import Application, Certificate, Decision, PaperSetting
from plans.queries.decision_change import is_called_off
from plans.queries.paper_caps import as_printed
from plans.queries.use_path import reported_contracts
from plans.queries.ward_papers import caps_on_paper, end_on_paper, paper_setting, rights_draft
from plans.queries.ward_sight import sight_of
from teikyaku.accounts.models import Municipality
from teikyaku.era import wareki
from teikyaku.periods import in_force

SERVICE = "就労定着支援"
COPY, DRAFT = "控", "案"
UNCONFIRMED = "不服申立ての案内の文は、区がまだ確かめていません。確かめるまで、この通知書は案です。"
NO_ADDRESS = "（住所の記録がありません）"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets the letter; without an address it is handed over."""

    name: str
    postal_code: str = ""
    address: tuple[str, ...] = ()
    honorific: str = "様"


@dataclass(frozen=True, slots=True)
class Sender:
    """The ward as its papers show it."""

    name: str
    signer: str
    department: str
    postal_code: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class LetterHead:
    """What every letter carries besides its subject."""

    number: str
    issued_on: date
    reference: str = ""
    """The ward's own 文書番号, as typed."""
    note: str = ""
    addressee: Addressee | None = None
    """None: the person at home."""


def certificate_document(
    certificate: Certificate, *, number: str, issued_on: date
) -> dict[str, Any]:
    """One version of the certificate: names, address and caps of its own day, decision as it is.

    `issued_on` is the day on which the copy is made. A paper that the ward seals leaves the
    offices' column empty: they write into it by hand.
    """
    decision, ward = certificate.decision, certificate.decision.municipality
    setting, day = paper_setting(ward), certificate.issued_on
    is_sealed = setting.seals_certificate
    return {
        **_common(ward, setting, number, issued_on),
        "edition": "" if is_sealed else COPY,
        "is_sealed": is_sealed,
        "kind": certificate.get_kind_display(),
        "reason": certificate.reason,
        "applies_on": wareki(certificate.applies_on),
        "transcribed": "",
        "certificate_number": certificate.recipient_number.number,
        "municipality": {"name": ward.full_name, "number": ward.code},
        "holder": _holder(decision.client, day),
        "disabilities": [
            row.get_kind_display()
            for row in decision.client.disabilities.filter(in_force(day)).order_by("kind")
        ],
        "certificate_issued_on": wareki(day),
        "service": {
            "name": SERVICE,
            "starts_on": wareki(decision.starts_on),
            "ends_on": wareki(end_on_paper(certificate)),
            "amount": decision.amount,
        },
        "service_remarks": "",
        "consultation": _consultation(certificate),
        "caps": as_printed(caps_on_paper(certificate)),
        "remarks": certificate.remarks,
        "contracts": [] if is_sealed else _contracts(decision),
    }


def grant_notice(decision: Decision, head: LetterHead) -> dict[str, Any]:
    """支給決定通知書: what was granted, as the first paper of the decision carries it."""
    certificate = decision.certificates.select_related(
        "recipient_number", "consultation_office"
    ).first()
    application = decision.application
    return {
        **_letter(decision.keeper, decision.client, head, has_rights=True),
        "person": _numbered_person(decision, head.issued_on),
        "received_on": wareki(application.received_on) if application else "",
        "decided_on": wareki(decision.decided_on),
        "service": {
            "name": SERVICE,
            "starts_on": wareki(decision.starts_on),
            "ends_on": wareki(decision.granted_until),
            "amount": decision.amount,
        },
        "consultation": _consultation(certificate) if certificate else None,
        "caps": as_printed(caps_on_paper(certificate)) if certificate else [],
        "reason": decision.reason,
    }


def refusal_notice(application: Application, head: LetterHead) -> dict[str, Any]:
    """申請却下通知書 with the reason in the words that were written for the person."""
    assert application.outcome_on is not None  # noqa: S101  (only ended applications come here)
    ward = application.municipality
    return {
        **_letter(ward, application.client, head, has_rights=True),
        "person": _person(ward, application.client, head.issued_on),
        "service": {"name": SERVICE},
        "received_on": wareki(application.received_on),
        "decided_on": wareki(application.outcome_on),
        "reason": application.outcome_reason,
    }


def revocation_notice(decision: Decision, head: LetterHead) -> dict[str, Any]:
    """支給決定取消通知書: the last day on which the service can be used, or that there is none, and why."""
    assert decision.revoked_on is not None  # noqa: S101  (only revoked decisions come here)
    return {
        **_letter(decision.keeper, decision.client, head, has_rights=True),
        "person": _numbered_person(decision, head.issued_on),
        "service": {
            "name": SERVICE,
            "starts_on": wareki(decision.starts_on),
            "ends_on": wareki(decision.granted_until),
        },
        "revoked_on": wareki(decision.revoked_on),
        "is_withdrawn": decision.is_cancelled and not is_called_off(decision),
        "reason": decision.revocation_reason,
    }


def renewal_reminder(
    decision: Decision, head: LetterHead, *, apply_by: date, last_usable_on: date | None
) -> dict[str, Any]:
    """更新のお知らせ: when the decision ends, until when to apply, how long the right lasts."""
    return {
        **_letter(decision.keeper, decision.client, head, has_rights=False),
        "person": _numbered_person(decision, head.issued_on),
        "service": {"name": SERVICE, "ends_on": wareki(decision.ends_on)},
        "apply_by": wareki(apply_by),
        "last_usable_on": wareki(last_usable_on) if last_usable_on else "",
    }


def _common(
    ward: Municipality, setting: PaperSetting, number: str, issued_on: date
) -> dict[str, Any]:
    sender = Sender(
        name=ward.full_name,
        signer=setting.signer,
        department=ward.department,
        postal_code=setting.postal_code,
        address=setting.address,
        phone=setting.phone or ward.phone,
    )
    return {
        "dated": issued_on.isoformat(),
        "number": number,
        "issued_on": wareki(issued_on),
        "edition": "",
        "notice": "",
        "replaces": None,
        "replaced_by": None,
        "office": asdict(sender),
    }


def _letter(
    ward: Municipality, client: Client, head: LetterHead, *, has_rights: bool
) -> dict[str, Any]:
    setting = paper_setting(ward)
    is_draft = has_rights and not setting.is_rights_confirmed
    rights = setting.rights_text or rights_draft(ward, head.issued_on) if has_rights else ""
    return {
        **_common(ward, setting, head.number, head.issued_on),
        "edition": DRAFT if is_draft else "",
        "notice": UNCONFIRMED if is_draft else "",
        "reference": head.reference,
        "addressee": asdict(head.addressee or _at_home(ward, client, head.issued_on)),
        "rights": [line.strip() for line in rights.splitlines() if line.strip()],
        "note": head.note,
    }


def _name(client: Client, on: date) -> tuple[str, str]:
    row = ClientName.objects.filter(in_force(on), client=client).first()
    return (row.name, row.kana) if row else ("", "")


def _home(client: Client, on: date) -> Residence | None:
    homes = Residence.objects.filter(in_force(on), client=client)
    return homes.select_related("municipality__city").first()


def _holder(client: Client, on: date) -> dict[str, str]:
    name, kana = _name(client, on)
    home = _home(client, on)
    hidden = home is not None and home.is_protected
    address = NO_ADDRESS if home is None else f"{home.municipality.full_name}{home.address}"
    return {
        "postal_code": home.postal_code if home and not hidden else "",
        "address": "" if hidden else address,
        "kana": kana,
        "name": name,
        "birth_date": wareki(client.birth_date),
    }


def _at_home(ward: Municipality, client: Client, on: date) -> Addressee:
    """Where the person lives, as far as the ward knows: without the file, where they lived then."""
    sight = sight_of(client, ward.pk, on)
    name, home = sight.subject().name, sight.home()
    if home is None or home.is_protected:
        return Addressee(name)
    return Addressee(name, home.postal_code, (f"{home.municipality.full_name}{home.address}",))


def _person(ward: Municipality, client: Client, on: date) -> dict[str, str]:
    subject = sight_of(client, ward.pk, on).subject()
    return {
        "name": subject.name, "kana": subject.kana, "birth_date": wareki(subject.birth_date),
    }  # fmt: skip


def _numbered_person(decision: Decision, on: date) -> dict[str, str]:
    paper = decision.certificates.select_related("recipient_number").last()
    number = paper.recipient_number.number if paper else ""
    person = _person(decision.keeper, decision.client, on)
    return {**person, "certificate_number": number}


def _consultation(certificate: Certificate) -> dict[str, str] | None:
    office, months = certificate.consultation_office, certificate.monitoring_months
    if office is None:
        return None
    return {"office_name": office.name, "monitoring": f"{months}か月ごと" if months else "―"}


def _contracts(decision: Decision) -> list[dict[str, str]]:
    return [
        {
            "office_number": row.enrolment.office.number,
            "office_name": row.enrolment.office.name,
            "amount": row.contracted_amount,
            "contracted_on": wareki(row.signed_on),
            "ends_on": wareki(row.ends_on) if row.ends_on and row.end_reported_on else "",
        }
        for row in reported_contracts(decision)
    ]
