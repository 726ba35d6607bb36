"""Which tables an office takes along. Every model has its place here; a test finds one that has none.

OWN: the office's rows, by the path to the office. SEEN: facts about its people that others share, as far
as it may see them. POINTED: what these rows refer to and nobody owns. LEFT_OUT: what stays, with the
reason. The history of a model goes where its model goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

_ENROLMENT = (
    "clients.StaffAssignment", "clients.Attachment", "clients.Consent", "plans.AppointmentChange",
    "plans.Contract", "plans.Interview", "plans.SupportPlan", "plans.Handover",
    "plans.InterviewDraft", "plans.OpeningFacts", "plans.PaceDecision", "plans.InterviewDue",
    "plans.Proposal", "plans.Escalation", "plans.ReminderMention", "plans.EndNotice",
    "plans.SupportReport", "billing.CapResult", "billing.MonthAnswer", "billing.Subsidy",
    "billing.CityAnswer",
)  # fmt: skip
_OFFICE = (
    "accounts.OfficeTerms", "accounts.Membership", "accounts.OfficeStart", "clients.Enrolment",
    "clients.CaseMove", "clients.KeepingHold", "clients.Erasure", "clients.RetentionBefore", "clients.RetentionEvidence",
    "clients.OfficeStaffing", "clients.Referral", "clients.WorkCheck", "plans.ExpirySettlement",
    "plans.HandoverSystem", "plans.MoveIn", "plans.NoteText", "plans.PaceSetting", "plans.Phrase",
    "plans.DigestWeek", "billing.MonthClosing", "billing.ClaimFile", "billing.ClaimSetting", "billing.OpeningClaim", "billing.OpeningClaimDeduction",
    "billing.OtherServiceSum", "billing.DebitAccount", "billing.DebitSetting",
    "billing.DebitFile", "billing.OfficeTier", "billing.OfficeNotification",
    "billing.PaymentReminder", "billing.JournalRemainder", "billing.AccountName",
)  # fmt: skip
OWN: dict[str, str] = {
    "accounts.Office": "",
    **dict.fromkeys(_OFFICE, "office"),
    **dict.fromkeys(_ENROLMENT, "enrolment__office"),
    "accounts.User": "memberships__office",
    "accounts.IssuedDocument": "issued_by__office",
    "accounts.AuditEvent": "membership__office",
    "accounts.OutboxMail": "membership__office",
    "accounts.StaffQualification": "membership__office",
    "accounts.SavedView": "membership__office",
    "clients.Client": "enrolments__office",
    "clients.Screening": "recorded_by__office",
    "plans.SupportPlanGoal": "plan__enrolment__office",
    "plans.SupportPlanPaper": "plan__enrolment__office",
    "plans.GoalRating": "interview__enrolment__office",
    "plans.HandoverRefusal": "handover__enrolment__office",
    "plans.HandoverPaper": "handover__enrolment__office",
    "plans.MoveInRow": "move_in__office",
    "plans.ProposalStep": "proposal__enrolment__office",
    "plans.ReportVersion": "report__enrolment__office",
    "plans.ReportShare": "report__enrolment__office",
    "billing.CapResultLine": "result__enrolment__office",
    "billing.PersonMonth": "closing__office",
    "billing.PersonMonthLine": "person_month__closing__office",
    "billing.MonthRemainder": "closing__office",
    "billing.ClaimFileContent": "file__office",
    "billing.ClaimFileEntry": "file__office",
    "billing.ClaimFileWithdrawal": "file__office",
    "billing.ClaimReturn": "entry__file__office",
    "billing.ClaimReturnReason": "claim_return__entry__file__office",
    "billing.ClaimPayment": "entry__file__office",
    "billing.OpeningClaimPayment": "claim__office",
    "billing.ClaimDeduction": "entry__file__office",
    "billing.CapSheetCancellation": "entry__file__office",
    "billing.CapSheetRevision": "entry__file__office",
    "billing.CapTelling": "entry__file__office",
    "billing.ProxyNotice": "payment__entry__file__office",
    "billing.NoticeWithdrawal": "person_month__closing__office",
    "billing.MonthCorrection": "person_month__closing__office",
    "billing.ErrorPetition": "correction__person_month__closing__office",
    "billing.Invoice": "enrolment__office",
    "billing.OpeningInvoice": "invoice__enrolment__office",
    "billing.Payment": "invoice__enrolment__office",
    "billing.Refund": "invoice__enrolment__office",
    "billing.Receipt": "payment__invoice__enrolment__office",
    "billing.PaperDispatch": "document__issued_by__office",
    "billing.PaymentReminderLine": "reminder__office",
    "billing.DebitEntry": "file__office",
    "billing.DebitResult": "entry__file__office",
    "billing.DebitFileWithdrawal": "file__office",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """共通の情報 of a person. After the last day on which the office works with them nothing is told.

    `ends`: fields with a day that may come after that one, and is then left out; `with_ends`: what
    goes with it, and by which value. `is_named`: whom one office named is not told to the next.
    `words`: what the ward (or office) that wrote the row said for itself; no other office sees it.
    """

    client: str
    starts: str
    ends: tuple[str, ...] = ()
    with_ends: tuple[tuple[str, Any], ...] = ()
    is_named: bool = False
    words: tuple[str, ...] = ()


SEEN: dict[str, Seen] = {
    "clients.ClientName": Seen("client", "starts_on", ("ends_on",)),
    "clients.Residence": Seen("client", "starts_on", ("ends_on",)),
    "clients.HouseholdFact": Seen("client", "first_month", ("last_month",)),
    "clients.Disability": Seen("client", "starts_on", ("ends_on",)),
    "clients.RelatedPerson": Seen("client", "starts_on", ("ends_on",), is_named=True),
    "clients.PriorService": Seen("client", "starts_on", ("ends_on",)),
    "clients.Employment": Seen(
        "client", "starts_on", ("ends_on",), (("end_reason", ""), ("changes_to_improve", None))
    ),
    "clients.Leave": Seen("employment__client", "starts_on", ("ends_on",)),
    "clients.OtherSupport": Seen(
        "client", "starts_on", ("ends_on", "transition_on", "follow_up_on"), (("end_note", ""),),
        is_named=True,
    ),
    "plans.Decision": Seen(
        "client", "starts_on", ("revoked_on",), (("revocation_reason", ""), ("is_cancelled", False)),
        words=("reason",),
    ),
    "plans.Certificate": Seen("decision__client", "issued_on", words=("reason", "remarks")),
    "plans.CapPeriod": Seen(
        "client", "first_month", ("last_month",), words=("category_reason",)
    ),
}  # fmt: skip
POINTED = (
    "accounts.Municipality", "clients.Employer", "clients.Organisation",
    "clients.Organisation_areas", "clients.RecipientNumber",
)  # fmt: skip
_WARD = "区の記録です。事業所は、結果だけを見ています。"
_SERVER = "このサーバーのことで、事業所の記録ではありません。"
_SIGN_IN = "サインインの秘密です。移った先で、新しく登録します。"
LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(
        ("plans.Application", "plans.ApplicationDocument", "plans.CompletionRequest",
         "plans.Survey", "plans.ServiceUsePlan", "plans.PendingGrant", "plans.WardPaper",
         "plans.FileTransfer", "plans.PaperSetting", "plans.NumberRange", "plans.CoreUpload",
         "plans.CoreUploadRow"), _WARD,
    ),
    **dict.fromkeys(
        ("accounts.FigureOverride", "accounts.MunicipalityProposal", "accounts.JobRun", "accounts.Inconsistency", "clients.FileToErase",
         "billing.TariffConfirmation", "billing.FeeTableImport", "billing.FeeTableRow"), _SERVER,
    ),
    "accounts.OfficeTakeout": "このサーバーから持ち出した記録です。だれがいつ持ち出したかは、操作の記録に入ります。",
    **dict.fromkeys(("accounts.CalendarFeed", "accounts.SecondFactorReset"), _SIGN_IN),
}  # fmt: skip
OURS = ("accounts", "clients", "plans", "billing")
# Columns that are left empty though their table goes, and why.
EMPTIED: dict[str, str] = {
    "accounts.User.password": _SIGN_IN,
    "accounts.User.last_login": _SIGN_IN,
    "plans.Decision.application": _WARD,
    "plans.Decision.passed_to": _WARD,
    "plans.Proposal.application": _WARD,
}
HISTORY = "Historical"


def label_of(model: Any) -> str:
    """accounts.Office; of a history that of its model."""
    app, name = model._meta.label.split(".")
    return f"{app}.{name.removeprefix(HISTORY)}"


def is_history(model: Any) -> bool:
    """Whether it keeps the former values of another one."""
    return hasattr(model, "history_id")


def goes(model: Any) -> bool:
    """Whether rows of it can be in the file."""
    label = label_of(model)
    return label in OWN or label in SEEN or label in POINTED


def tables() -> list[Any]:
    """Every model that goes, those first to which others refer."""
    waiting = [model for model in apps.get_models(include_auto_created=True) if goes(model)]
    waiting.sort(key=lambda model: (is_history(model), OURS.index(model._meta.app_label)))
    done: list[Any] = []
    while waiting:
        found = next(model for model in waiting if not _needed(model) & set(waiting))
        waiting.remove(found)
        done.append(found)
    return done


def references(model: Any) -> Iterator[models.Field[Any, Any]]:
    """Its columns that refer to rows which are in the file too."""
    for field in model._meta.local_concrete_fields:
        if field.is_relation and goes(field.related_model) and not is_emptied(model, field):
            yield field


def is_emptied(model: Any, field: Any) -> bool:
    """Whether the column is left empty: said above, or it refers to what stays."""
    return f"{label_of(model)}.{field.name}" in EMPTIED or (
        field.is_relation and not goes(field.related_model)
    )


def _needed(model: Any) -> set[Any]:
    return {field.related_model for field in references(model)} - {model}
