"""Addresses of the plans app."""

from django.urls import path

from plans.views import (
    attachment,
    certificate,
    consent,
    contract,
    correction,
    handover,
    interview,
    interview_draft,
    life_change,
    pace,
    plan_pages,
    plan_papers,
    plan_steps,
    proposal,
    report,
    report_list,
    report_share,
    report_write,
    support_plan,
)  # fmt: skip

REPORT = "enrolments/<uuid:enrolment>/reports/<month:month>"
PLAN = "enrolments/<uuid:enrolment>/support-plan/<uuid:plan>/"

urlpatterns = [
    path("clients/new/", life_change.client_new, name="client_new"),
    path("clients/link/", life_change.client_link, name="client_link"),
    path("clients/<uuid:client>/jobs/new/", life_change.employment_new, name="employment_new"),
    path(
        "clients/<uuid:client>/jobs/<uuid:employment>/correct/",
        life_change.employment_correct,
        name="employment_correct",
    ),
    path(
        "clients/<uuid:client>/services/<uuid:service>/correct/",
        life_change.prior_service_correct,
        name="prior_service_correct",
    ),
    path(
        "clients/<uuid:client>/jobs/<uuid:employment>/end/",
        life_change.employment_end,
        name="employment_end",
    ),
    path(
        "clients/<uuid:client>/jobs/<uuid:employment>/leave/",
        life_change.leave_new,
        name="leave_new",
    ),
    path("clients/<uuid:client>/leaves/<uuid:leave>/end/", life_change.leave_end, name="leave_end"),
    path(
        "clients/<uuid:client>/services/new/",
        life_change.prior_service_new,
        name="prior_service_new",
    ),
    path("proposals/", proposal.proposal_list, name="proposal_list"),
    path("proposals/<uuid:proposal>/", proposal.proposal_page, name="proposal_page"),
    path("proposals/<uuid:proposal>/answer/", proposal.proposal_answer, name="proposal_answer"),
    path(
        "proposals/<uuid:proposal>/withdraw/", proposal.proposal_withdraw, name="proposal_withdraw"
    ),
    path(
        "enrolments/<uuid:enrolment>/proposals/",
        proposal.proposal_choose,
        name="proposal_choose",
    ),
    path(
        "enrolments/<uuid:enrolment>/proposals/<slug:kind>/",
        proposal.proposal_new,
        name="proposal_new",
    ),
    path("interviews/new/", interview.interview_choose, name="interview_choose"),
    path("interviews/<uuid:interview>/", interview.interview_page, name="interview_page"),
    path(
        "interviews/<uuid:interview>/correct/",
        interview.interview_correct,
        name="interview_correct",
    ),
    path(
        "interviews/<uuid:interview>/withdraw/",
        interview.interview_withdraw,
        name="interview_withdraw",
    ),
    path(
        "enrolments/<uuid:enrolment>/interviews/new/",
        interview.interview_new,
        name="interview_new",
    ),
    path(
        "enrolments/<uuid:enrolment>/interviews/draft/",
        interview_draft.draft_save,
        name="draft_save",
    ),
    path(
        "interviews/drafts/<uuid:draft>/discard/",
        interview_draft.draft_discard,
        name="draft_discard",
    ),
    path("enrolments/<uuid:enrolment>/attempts/new/", interview.attempt_new, name="attempt_new"),
    path("enrolments/<uuid:enrolment>/end/", life_change.enrolment_end, name="enrolment_end"),
    path(
        "enrolments/<uuid:enrolment>/reopen/",
        life_change.enrolment_reopen,
        name="enrolment_reopen",
    ),
    path(
        "enrolments/<uuid:enrolment>/certificate/",
        certificate.certificate_transcribe,
        name="certificate_transcribe",
    ),
    path(
        "enrolments/<uuid:enrolment>/decisions/<uuid:decision>/correct/",
        correction.decision_correct,
        name="decision_correct",
    ),
    path("enrolments/<uuid:enrolment>/caps/new/", certificate.cap_new, name="cap_new"),
    path(
        "enrolments/<uuid:enrolment>/caps/<uuid:cap>/correct/",
        correction.cap_correct,
        name="cap_correct",
    ),
    path("enrolments/<uuid:enrolment>/contract/", contract.contract_new, name="contract_new"),
    path(
        "enrolments/<uuid:enrolment>/contract/<uuid:contract>/report/",
        contract.contract_report,
        name="contract_report",
    ),
    path(
        "enrolments/<uuid:enrolment>/contract/<uuid:contract>/correct/",
        correction.contract_correct,
        name="contract_correct",
    ),
    path(
        "enrolments/<uuid:enrolment>/support-plans/",
        plan_pages.support_plans,
        name="support_plans",
    ),
    path(
        "enrolments/<uuid:enrolment>/support-plan/",
        support_plan.support_plan_new,
        name="support_plan_new",
    ),
    path(
        "enrolments/<uuid:enrolment>/support-plan/record/",
        support_plan.support_plan_record,
        name="support_plan_record",
    ),
    path(PLAN, plan_pages.support_plan_page, name="support_plan_page"),
    path(f"{PLAN}correct/", support_plan.support_plan_correct, name="support_plan_correct"),
    path(f"{PLAN}stop/", support_plan.support_plan_stop, name="support_plan_stop"),
    path(f"{PLAN}assessment/", plan_steps.support_plan_assessment, name="support_plan_assessment"),
    path(f"{PLAN}draft/", plan_steps.support_plan_draft, name="support_plan_draft"),
    path(f"{PLAN}meeting/", plan_steps.support_plan_meeting, name="support_plan_meeting"),
    path(f"{PLAN}consent/", plan_steps.support_plan_consent, name="support_plan_consent"),
    path(f"{PLAN}handover/", plan_steps.support_plan_handover, name="support_plan_handover"),
    path(
        f"{PLAN}consultation/",
        plan_steps.support_plan_consultation,
        name="support_plan_consultation",
    ),
    path(f"{PLAN}print/", plan_papers.support_plan_issue, name="support_plan_issue"),
    path(
        "support-plan-papers/<uuid:plan_paper>/",
        plan_papers.support_plan_pdf,
        name="support_plan_pdf",
    ),
    path("enrolments/<uuid:enrolment>/consents/new/", consent.consent_new, name="consent_new"),
    path(
        "enrolments/<uuid:enrolment>/consents/<uuid:consent>/end/",
        consent.consent_end,
        name="consent_end",
    ),
    path("papers/<uuid:attachment>/link/", attachment.attachment_link, name="attachment_link"),
    path("enrolments/<uuid:enrolment>/pace/", pace.pace_decide, name="pace_decide"),
    path("enrolments/<uuid:enrolment>/handover/", handover.handover_edit, name="handover_edit"),
    path(
        "enrolments/<uuid:enrolment>/handover/judge/",
        handover.handover_judge,
        name="handover_judge",
    ),
    path("reports/", report_list.report_latest, name="report_latest"),
    path("reports/<month:month>/", report_list.report_list, name="report_list"),
    path("reports/<month:month>/print/", report_list.report_print, name="report_print"),
    path(f"{REPORT}/", report.report_page, name="report_page"),
    path(f"{REPORT}/write/", report_write.report_write, name="report_write"),
    path(f"{REPORT}/drop/", report_write.report_drop, name="report_drop"),
    path(f"{REPORT}/issue/", report.report_issue, name="report_issue"),
    path(f"{REPORT}/pdf/", report.report_pdf, name="report_pdf"),
    path(f"{REPORT}/share/", report_share.report_share, name="report_share"),
    path(f"{REPORT}/versions/<int:number>/", report.report_version, name="report_version"),
    path(f"{REPORT}/versions/<int:number>/pdf/", report.report_file_pdf, name="report_file_pdf"),
    path("report-shares/<uuid:share>/pdf/", report_share.share_pdf, name="share_pdf"),
    path("report-shares/<uuid:share>/receipt/", report_share.share_receipt, name="share_receipt"),
]
