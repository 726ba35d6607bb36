"""Which records a paper of some kind may prove: those of the same person and office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import models

from clients.models import Attachment, Consent, Employment
from plans.models import Contract, Decision, SupportPlan

Kind, Subject = Attachment.Kind, Attachment.Subject
# Papers of other kinds may prove any of them.
PROVES = {
    Kind.CERTIFICATE: (Subject.DECISION,),
    Kind.CONSENT: (Subject.CONSENT,),
    Kind.SUPPORT_PLAN: (Subject.SUPPORT_PLAN,),
    Kind.EMPLOYMENT: (Subject.EMPLOYMENT,),
    Kind.CONTRACT: (Subject.CONTRACT,),
}


@dataclass(frozen=True, slots=True)
class PaperSubject:
    """One record, with the words to choose it by."""

    kind: Attachment.Subject
    row: models.Model
    on: date
    details: str = ""

    @property
    def key(self) -> str:
        """What a form sends."""
        return f"{self.kind.value}:{self.row.public_id}"  # type: ignore[attr-defined]


def subjects_for(paper: Attachment) -> list[PaperSubject]:
    """The records that `paper` may be linked to, the newest first."""
    kinds = PROVES.get(Kind(paper.kind), tuple(Subject))
    found = [each for kind in kinds for each in _READERS[kind](paper)]
    return sorted(found, key=lambda each: each.on, reverse=True)


def _decisions(paper: Attachment) -> Iterator[PaperSubject]:
    rows = Decision.objects.filter(client=paper.enrolment.client_id)
    for row in rows.select_related("municipality__city"):
        yield PaperSubject(Subject.DECISION, row, row.starts_on, row.municipality.full_name)


def _consents(paper: Attachment) -> Iterator[PaperSubject]:
    for row in Consent.objects.filter(_same_file(paper)):
        words = f"{row.recipient_name or row.get_recipient_display()}・{row.get_scope_display()}"
        yield PaperSubject(Subject.CONSENT, row, row.starts_on, words)


def _plans(paper: Attachment) -> Iterator[PaperSubject]:
    for row in SupportPlan.objects.filter(_same_file(paper)):
        yield PaperSubject(Subject.SUPPORT_PLAN, row, row.starts_on or row.assessed_on)


def _jobs(paper: Attachment) -> Iterator[PaperSubject]:
    rows = Employment.objects.filter(client=paper.enrolment.client_id)
    for row in rows.select_related("employer"):
        yield PaperSubject(Subject.EMPLOYMENT, row, row.starts_on, row.employer.name)


def _contracts(paper: Attachment) -> Iterator[PaperSubject]:
    for row in Contract.objects.filter(_same_file(paper)):
        yield PaperSubject(Subject.CONTRACT, row, row.signed_on)


def _same_file(paper: Attachment) -> models.Q:
    held = paper.enrolment
    return models.Q(enrolment__client=held.client_id, enrolment__office=held.office_id)


_READERS: dict[Attachment.Subject, Callable[[Attachment], Iterator[PaperSubject]]] = {
    Subject.DECISION: _decisions,
    Subject.CONSENT: _consents,
    Subject.SUPPORT_PLAN: _plans,
    Subject.EMPLOYMENT: _jobs,
    Subject.CONTRACT: _contracts,
}
