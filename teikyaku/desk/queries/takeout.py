"""データの持ち出し: who took what before, what a new file would hold, and how large it will be."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from clients.models import Attachment, Enrolment
from plans.models import Interview, ReportVersion
from teikyaku.accounts.models import IssuedDocument, Office, OfficeTakeout

# A printed paper, in bytes: what the product's papers come to.
PAPER_BYTES = 60_000


@dataclass(frozen=True, slots=True)
class Contents:
    """中身 of the file, in round figures (five queries)."""

    people: int
    interviews: int
    papers: int
    attachments: int
    bytes: int


def contents_of(office: Office) -> Contents:
    """What a file of the office would hold today."""
    scans = Attachment.objects.filter(enrolment__office=office, withdrawn_at=None)
    papers = IssuedDocument.objects.filter(issued_by__office=office).count()
    papers += ReportVersion.objects.filter(report__enrolment__office=office).count()
    size = scans.aggregate(sum=Sum("size"))["sum"] or 0
    return Contents(
        people=Enrolment.objects.filter(office=office).values("client").distinct().count(),
        interviews=Interview.objects.filter(enrolment__office=office).count(),
        papers=papers,
        attachments=scans.count(),
        bytes=size + papers * PAPER_BYTES,
    )


def takeouts_of(office: Office) -> QuerySet[OfficeTakeout]:
    """What was taken out of this office, or is being made, newest first."""
    rows = OfficeTakeout.objects.filter(office=office)
    return rows.select_related("recorded_by__user", "taken_by__user", "office")


def open_takeout(office: Office) -> OfficeTakeout | None:
    """What is being made, or lies there to be taken; the newest."""
    here = Q(removed_at=None)
    return takeouts_of(office).filter(here).first()
