"""The ward's papers in the access matrix: who opens what, and the objects in its addresses."""

from __future__ import annotations

from typing import Any

from plans.actions.core_upload import UploadLine, store_upload
from plans.actions.file_transfer import offer_file
from plans.actions.number_range import add_number_range
from plans.actions.ward_papers import issue_certificate_copy
from plans.models import CoreUpload, FileTransfer, NumberRange
from teikyaku.clock import at_noon
from tests.cast import Cast

WARDS = ("officer", "other_officer")
TABLE: dict[str, tuple[str, ...]] = {
    "admin:decision_list": WARDS,
    "admin:decision_list_xlsx": WARDS,
    "admin:application_list_xlsx": WARDS,
    "admin:queue_xlsx": WARDS,
    "admin:renewals_xlsx": WARDS,
    "admin:core_uploads": WARDS,
    "admin:core_template_csv": WARDS,
    "admin:core_upload_page": ("officer",),
    "admin:core_faults_xlsx": ("officer",),
    "admin:income_review": WARDS,
    "admin:income_review_xlsx": WARDS,
    "admin:paper_settings": WARDS,
    "admin:paper_settings_edit": WARDS,
    "admin:number_range_new": WARDS,
    "admin:ward_paper_pdf": ("officer",),
    "admin:ward_paper_plain_pdf": ("officer",),
    "admin:certificate_remake": ("officer",),
    "admin:decision_grant_notice": ("officer",),
    "admin:decision_revocation_notice": ("officer",),
    "admin:decision_reminder": ("officer",),
    "admin:decision_disability_new": ("officer",),
    "admin:decision_disability_correct": ("officer",),
    "admin:application_refusal_notice": ("officer",),
}
POSTS = {
    "admin:certificate_issue": ("officer",),
    "admin:core_upload_confirm": ("officer",),
    "admin:core_upload_discard": ("officer",),
    "admin:number_range_switch": ("officer",),
    "admin:transfer_withdraw": ("officer",),
}


def arguments(cast: Cast) -> dict[str, Any]:
    """The cast's certificate is printed, and its ward has a range of numbers."""
    officer, at = cast.members["officer"], at_noon(cast.today)
    certificate = cast.decision.certificates.get()
    paper = issue_certificate_copy(certificate=certificate, by=officer, at=at)
    known = NumberRange.objects.filter(municipality=officer.municipality).first()
    numbers = known or add_number_range(
        municipality=officer.municipality, first_number="3300000001", last_number="3300000009",
        by=officer, at=at,
    )  # fmt: skip
    transfer = FileTransfer.objects.filter(client=cast.decision.client).first() or offer_file(
        client=cast.decision.client, sender=officer.municipality,
        receiver=cast.members["other_officer"].municipality, moved_on=cast.today, note="",
        by=officer, at=at,
    )  # fmt: skip
    upload = CoreUpload.objects.filter(municipality=officer.municipality).first() or store_upload(
        municipality=officer.municipality, labels={}, by=officer, at=at,
        lines=[UploadLine(2, {"number": "12"}, None, [["受給者証番号", "12", "10桁の数字です"]])],
    )  # fmt: skip
    return {
        "upload": upload.public_id,
        "transfer": transfer.public_id,
        "certificate": certificate.public_id,
        "paper": paper.public_id,
        "number_range": numbers.public_id,
    }
