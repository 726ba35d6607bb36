"""Support reports in the access matrix: who opens what, and the objects in its addresses."""

from __future__ import annotations

from typing import Any

from plans.models import ReportShare
from tests.cast import Cast

READERS, WRITERS = ("worker", "manager", "head"), ("worker", "manager")
TABLE: dict[str, tuple[str, ...]] = {
    "report_latest": (*READERS, "outsider"),
    "report_list": (*READERS, "outsider"),
    "report_page": READERS,
    "report_pdf": READERS,
    "report_version": READERS,
    "report_file_pdf": READERS,
    "report_write": WRITERS,
    "report_issue": WRITERS,
    "report_share": WRITERS,
    "share_pdf": READERS,
    "share_receipt": WRITERS,
    "share_take_back": WRITERS,
}
POSTS = {
    "report_print": (*WRITERS, "outsider"),
    "report_drop": WRITERS,
}


def arguments(cast: Cast) -> dict[str, Any]:
    """The share of the cast's last report, and its first version."""
    shares = ReportShare.objects.filter(report__enrolment=cast.enrolment)
    return {"share": shares.latest("report__month").public_id, "number": 1}
