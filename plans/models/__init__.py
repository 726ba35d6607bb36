"""Models of the plans app, one noun a file, in the tested order of house and path."""

from plans.models.application import Application, ServiceUsePlan, Survey
from plans.models.certificate import CapPeriod, Certificate, Decision
from plans.models.completion import ApplicationDocument, CompletionRequest
from plans.models.contract import Contract
from plans.models.handover import Handover
from plans.models.interview import Interview
from plans.models.pace import PaceDecision, PaceSetting
from plans.models.report import ReportShare, SupportReport
from plans.models.support_plan import SupportPlan

__all__ = [
    "Application", "ApplicationDocument", "CapPeriod", "Certificate", "CompletionRequest",
    "Contract", "Decision", "Handover", "Interview",
    "PaceDecision", "PaceSetting", "ReportShare", "ServiceUsePlan", "SupportPlan",
    "SupportReport", "Survey",
]  # fmt: skip
