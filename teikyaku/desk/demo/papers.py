"""Photos and scans of papers: most belong to a record, some wait beside a form to be copied."""

from __future__ import annotations

from datetime import date

from django.db import models

from clients.actions.attachment import attach_scan, link_attachments
from clients.models import Attachment, Consent
from plans.models import Decision, SupportPlan
from teikyaku.desk.demo import sheets
from teikyaku.desk.demo.lives import Life
from teikyaku.scans import Scan

Kind = Attachment.Kind


def attach_papers(life: Life) -> None:
    """The papers of one person: a third has them on file, another third has one that waits."""
    if life.enrolment.starts_on > life.today:
        return
    if life.plan.index % 3 == 0:
        _on_record(life)
    elif life.plan.index % 3 == 1:
        _waiting(life)


def _on_record(life: Life) -> None:
    person, enrolment = life.client, life.enrolment
    decision = Decision.objects.filter(client=person, starts_on__lte=life.today).last()
    if decision is not None:
        faces = [
            _attach(life, face, Kind.CERTIFICATE, decision.decided_on, title)
            for face, title in zip(sheets.certificate_scans(), ("一面", "二面"), strict=True)
        ]
        _link(life, faces, decision, decision.decided_on)
    consent = Consent.objects.filter(enrolment=enrolment).first()
    if consent is not None:
        paper = _attach(life, sheets.consent_scan(), Kind.CONSENT, consent.starts_on)
        _link(life, [paper], consent, consent.starts_on)
    plan = SupportPlan.objects.filter(enrolment=enrolment).complete().last()
    if plan is not None and plan.handed_over_on is not None:
        signed = _attach(life, sheets.support_plan_scan(), Kind.SUPPORT_PLAN, plan.handed_over_on)
        _link(life, [signed], plan, plan.handed_over_on)


def _waiting(life: Life) -> None:
    """Photographed and not copied yet."""
    day = max(life.enrolment.starts_on, life.employed_on)
    if day <= life.today:
        _attach(life, sheets.employment_scan(), Kind.EMPLOYMENT, day)
    for face in sheets.certificate_scans():
        _attach(life, face, Kind.CERTIFICATE, None)


def _attach(
    life: Life, scan: Scan, kind: Attachment.Kind, day: date | None, title: str = ""
) -> Attachment:
    return attach_scan(
        enrolment=life.enrolment, scan=scan, kind=kind, dated_on=day, title=title,
        by=life.worker, at=life.at(day or life.enrolment.starts_on), is_durable=False,
    )  # fmt: skip


def _link(life: Life, papers: list[Attachment], subject: models.Model, day: date) -> None:
    link_attachments(
        attachments=papers, subject=subject, dated_on=day, by=life.worker, at=life.at(day)
    )
