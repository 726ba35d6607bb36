"""Models of the clients app, one noun a file."""

from clients.models.attachment import Attachment
from clients.models.case_move import CaseMove
from clients.models.client import Client, ClientName
from clients.models.consent import Consent
from clients.models.disability import Disability
from clients.models.employment import Employer, Employment, Leave
from clients.models.enrolment import Enrolment, StaffAssignment
from clients.models.household import HouseholdFact
from clients.models.keeping import Erasure, FileToErase, KeepingHold, RetentionEvidence
from clients.models.organisation import Organisation
from clients.models.other_support import OtherSupport
from clients.models.prior_service import PriorService
from clients.models.recipient_number import RecipientNumber
from clients.models.referral import Referral
from clients.models.related_person import RelatedPerson
from clients.models.residence import Residence
from clients.models.retention_before import RetentionBefore
from clients.models.screening import Screening
from clients.models.staffing import OfficeStaffing
from clients.models.work_check import WorkCheck

__all__ = [
    "Attachment", "CaseMove", "Client", "ClientName", "Consent", "Disability", "Employer", "Employment", "Enrolment",
    "Erasure", "FileToErase", "HouseholdFact", "KeepingHold", "Leave", "OfficeStaffing", "Organisation",
    "OtherSupport", "PriorService", "RecipientNumber", "Referral", "RelatedPerson", "Residence",
    "RetentionBefore", "RetentionEvidence", "Screening", "StaffAssignment", "WorkCheck",
]  # fmt: skip
