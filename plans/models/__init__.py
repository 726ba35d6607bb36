"""Models of the plans app, one noun a file, in the tested order of house and path."""

from plans.models.application import Application, ServiceUsePlan, Survey
from plans.models.appointment import AppointmentChange
from plans.models.certificate import CapPeriod, Certificate, Decision
from plans.models.completion import ApplicationDocument, CompletionRequest
from plans.models.contract import Contract
from plans.models.core_upload import CoreUpload, CoreUploadRow
from plans.models.expiry import ExpirySettlement
from plans.models.file_transfer import FileTransfer
from plans.models.goal_rating import GoalRating
from plans.models.handover import Handover, HandoverPaper, HandoverRefusal
from plans.models.handover_duty import HandoverSystem
from plans.models.interview import Interview
from plans.models.interview_draft import InterviewDraft
from plans.models.move_in import MoveIn, MoveInRow
from plans.models.note_text import NoteText
from plans.models.number_range import NumberRange
from plans.models.opening import OpeningFacts
from plans.models.pace import InterviewDue, PaceDecision, PaceSetting
from plans.models.paper_setting import PaperSetting
from plans.models.pending_grant import PendingGrant
from plans.models.phrase import Phrase
from plans.models.proposal import Proposal, ProposalStep
from plans.models.reminder import DigestWeek, EndNotice, Escalation, ReminderMention
from plans.models.report import ReportShare, ReportVersion, SupportReport
from plans.models.support_plan import SupportPlan, SupportPlanGoal, SupportPlanPaper
from plans.models.ward_paper import WardPaper

__all__ = [
    "Application", "ApplicationDocument", "AppointmentChange", "CapPeriod", "Certificate", "CompletionRequest",
    "Contract", "CoreUpload", "CoreUploadRow", "Decision", "DigestWeek", "EndNotice", "Escalation", "ExpirySettlement", "FileTransfer",
    "GoalRating", "Handover", "HandoverPaper", "HandoverRefusal", "HandoverSystem", "Interview",
    "InterviewDraft", "InterviewDue", "MoveIn", "MoveInRow", "NoteText", "NumberRange", "OpeningFacts", "PaceDecision", "PaceSetting",
    "PaperSetting", "PendingGrant", "Phrase", "Proposal", "ProposalStep", "ReminderMention", "ReportShare",
    "ReportVersion", "ServiceUsePlan", "SupportPlan", "SupportPlanGoal", "SupportPlanPaper",
    "SupportReport",
    "Survey", "WardPaper",
]  # fmt: skip
