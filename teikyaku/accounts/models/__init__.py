"""Models of the accounts app, one noun a file."""

from teikyaku.accounts.models.audit import AuditEvent
from teikyaku.accounts.models.calendar_feed import CalendarFeed
from teikyaku.accounts.models.document import IssuedDocument
from teikyaku.accounts.models.figure import FigureOverride
from teikyaku.accounts.models.inconsistency import Inconsistency
from teikyaku.accounts.models.job_run import JobRun
from teikyaku.accounts.models.membership import Membership
from teikyaku.accounts.models.municipality import Municipality
from teikyaku.accounts.models.municipality_proposal import MunicipalityProposal
from teikyaku.accounts.models.office import Office, OfficeTerms
from teikyaku.accounts.models.office_start import OfficeStart
from teikyaku.accounts.models.outbox import OutboxMail
from teikyaku.accounts.models.qualification import StaffQualification
from teikyaku.accounts.models.saved_view import SavedView
from teikyaku.accounts.models.second_factor import SecondFactorReset
from teikyaku.accounts.models.takeout import OfficeTakeout
from teikyaku.accounts.models.user import User

__all__ = [
    "AuditEvent", "CalendarFeed", "FigureOverride", "Inconsistency", "IssuedDocument", "JobRun", "Membership", "Municipality", "MunicipalityProposal",
    "Office", "OfficeStart", "OfficeTakeout", "OfficeTerms", "OutboxMail", "SavedView", "SecondFactorReset", "StaffQualification", "User",
]  # fmt: skip
