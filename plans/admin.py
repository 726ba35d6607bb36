"""The ward's place in the admin site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from plans.admin_caps import CapPeriodAdmin, CoreUploadAdmin
from plans.admin_papers import NumberRangeAdmin, WardPaperAdmin
from plans.models import Application, Decision, FileTransfer, Proposal
from plans.queries.caps import ClosedMonths
from plans.views import (
    city,
    ward,
    ward_completion,
    ward_decision,
    ward_end,
    ward_expiry,
    ward_facts,
    ward_grant,
    ward_keeping,
    ward_lists,
    ward_people,
    ward_proposal,
    ward_queue,
    ward_receive,
    ward_referral,
    ward_screening,
    ward_transfer,
)
from teikyaku.accounts.roles import Permission
from teikyaku.accounts.scoped_admin import ScopedAdmin

__all__ = [
    "ApplicationAdmin",
    "CapPeriodAdmin",
    "CoreUploadAdmin",
    "DecisionAdmin",
    "FileTransferAdmin",
    "NumberRangeAdmin",
    "WardPaperAdmin",
]


KEEPING = (
    ("", "ward_keeping"),
    ("<uuid:client>/", "ward_keeping_file"),
    ("<uuid:client>/hold/", "ward_keeping_hold"),
    ("<uuid:client>/lift/", "ward_keeping_lift"),
    ("<uuid:client>/erase/", "ward_keeping_erase"),
)


def _closed(site: Any) -> dict[str, ClosedMonths]:
    """What a page of caps is handed: months are closed above this room, and the site knows them."""
    return {"closed": site.closed_months}


@admin.register(Application)
class ApplicationAdmin(ScopedAdmin):
    """申請 from the queue to the decision."""

    read_permission = Permission.APPLICATION_READ
    write_permission = Permission.APPLICATION_WRITE

    def pages(self) -> list[URLPattern]:
        """Queue, list, one application and its steps."""
        view, closed = self.admin_site.admin_view, _closed(self.admin_site)
        one = "<uuid:application>/"
        return [
            path("", view(ward_queue.application_list), name="application_list"),
            path("list.xlsx", view(ward_lists.application_list_xlsx), name="application_list_xlsx"),
            path("queue.xlsx", view(ward_lists.queue_xlsx), name="queue_xlsx"),
            path("people/", view(ward_people.ward_people), name="ward_people"),
            path("new/", view(ward_receive.application_new), name="application_new"),
            *(
                path(f"keeping/{rest}", view(getattr(ward_keeping, name)), name=name)
                for rest, name in KEEPING
            ),
            *self._referral_pages(),
            path(one, view(ward.application_page), name="application_page"),
            path(f"{one}correct/", view(ward.application_correct), name="application_correct"),
            path(f"{one}survey/", view(ward.survey_new), name="survey_new"),
            path(f"{one}survey/correct/", view(ward.survey_correct), name="survey_correct"),
            path(f"{one}plan/<slug:stage>/", view(ward.plan_new), name="plan_new"),
            path(f"{one}grant/", view(ward_grant.decision_grant), closed, name="decision_grant"),
            path(
                f"{one}grant/confirm/",
                view(ward_grant.decision_confirm),
                closed,
                name="decision_confirm",
            ),
            path(f"{one}grant/return/", view(ward_grant.decision_return), name="decision_return"),
            path(
                f"{one}transfer/",
                view(ward_transfer.application_transfer),
                name="application_transfer",
            ),
            path(f"{one}documents/", view(ward_completion.documents), name="documents"),
            path(f"{one}ask/", view(ward_completion.completion_ask), name="completion_ask"),
            path(
                f"{one}complete/",
                view(ward_completion.completion_receive),
                name="completion_receive",
            ),
            path(f"{one}end/", view(ward_end.application_end), name="application_end"),
            path(f"{one}service/", view(ward_facts.ward_service_new), name="ward_service_new"),
            path(f"{one}name/", view(ward_facts.ward_name_new), name="ward_name_new"),
            path(f"{one}home/", view(ward_facts.ward_home_new), name="ward_home_new"),
            path(
                f"{one}home/<uuid:residence>/",
                view(ward_facts.ward_home_correct),
                name="ward_home_correct",
            ),
            path(
                f"{one}name/<uuid:name>/",
                view(ward_facts.ward_name_correct),
                name="ward_name_correct",
            ),
            path(
                f"{one}disability/",
                view(ward_facts.ward_disability_new),
                name="ward_disability_new",
            ),
            path(f"{one}birth/", view(ward_facts.ward_birth_correct), name="ward_birth_correct"),
            path(f"{one}screening/", view(ward_screening.ward_screening), name="ward_screening"),
            path(
                f"{one}referral/", view(ward_referral.ward_referral_new), name="ward_referral_new"
            ),
            path(
                f"{one}job/<uuid:employment>/end/",
                view(ward_facts.ward_job_end),
                name="ward_job_end",
            ),
            path(
                f"{one}job/<uuid:employment>/",
                view(ward_facts.ward_job_correct),
                name="ward_job_correct",
            ),
            path(
                f"{one}service/<uuid:service>/",
                view(ward_facts.ward_service_correct),
                name="ward_service_correct",
            ),
            path(
                f"{one}household/<uuid:fact>/",
                view(ward_facts.ward_household_correct),
                name="ward_household_correct",
            ),
            path(f"{one}job/", view(ward_facts.ward_job_new), name="ward_job_new"),
            path(
                f"{one}household/", view(ward_facts.ward_household_new), name="ward_household_new"
            ),
        ]

    def _referral_pages(self) -> list[URLPattern]:
        """つなぎ of the ward."""
        view, one = self.admin_site.admin_view, "referrals/<uuid:referral>/"
        return [
            path("referrals/", view(ward_referral.ward_referral_list), name="ward_referral_list"),
            path(
                "referrals/list.xlsx",
                view(ward_referral.ward_referrals_xlsx),
                name="ward_referrals_xlsx",
            ),
            path(one, view(ward_referral.ward_referral_page), name="ward_referral_page"),
            *(
                path(
                    f"{one}{step}/",
                    view(getattr(ward_referral, f"ward_referral_{step}")),
                    name=f"ward_referral_{step}",
                )
                for step in ("answer", "follow", "correct", "withdraw")
            ),
        ]


@admin.register(Decision)
class DecisionAdmin(ScopedAdmin):
    """支給決定 with its papers and caps."""

    read_permission = Permission.APPLICATION_READ
    write_permission = Permission.APPLICATION_WRITE

    def pages(self) -> list[URLPattern]:
        """One decision and its steps."""
        view, closed = self.admin_site.admin_view, _closed(self.admin_site)
        one = "<uuid:decision>/"
        return [
            path("", view(ward_lists.decision_list), name="decision_list"),
            path("list.xlsx", view(ward_lists.decision_list_xlsx), name="decision_list_xlsx"),
            path("renewals.xlsx", view(ward_lists.renewals_xlsx), name="renewals_xlsx"),
            path("expiry/", view(ward_expiry.ward_expiry), name="ward_expiry"),
            path("expiry/list.xlsx", view(ward_expiry.ward_expiry_xlsx), name="ward_expiry_xlsx"),
            path(
                "expiry/settled/",
                view(ward_expiry.ward_expiry_settled),
                name="ward_expiry_settled",
            ),
            path(
                "expiry/settled/<uuid:settlement>/undo/",
                view(ward_expiry.ward_expiry_undo),
                name="ward_expiry_undo",
            ),
            path(
                "expiry/<slug:kind>/<uuid:subject>/settle/",
                view(ward_expiry.ward_expiry_settle),
                name="ward_expiry_settle",
            ),
            path("corrections/", view(city.correction_find), name="correction_find"),
            path(f"corrections/{one}", view(city.city_decision), name="city_decision"),
            path(
                f"corrections/{one}decision/",
                view(city.city_decision_correct),
                closed,
                name="city_decision_correct",
            ),
            path(
                f"corrections/{one}caps/<uuid:cap>/",
                view(city.city_cap_correct),
                closed,
                name="city_cap_correct",
            ),
            path(
                f"corrections/{one}papers/<uuid:paper>/",
                view(city.city_paper_correct),
                name="city_paper_correct",
            ),
            path(one, view(ward_decision.decision_page), name="decision_page"),
            path(f"{one}cap/", view(ward_decision.decision_cap), closed, name="decision_cap"),
            path(f"{one}reissue/", view(ward_decision.decision_reissue), name="decision_reissue"),
            path(
                f"{one}revoke/", view(ward_decision.decision_revoke), closed, name="decision_revoke"
            ),
            path(
                f"{one}transfer/", view(ward_transfer.decision_transfer), name="decision_transfer"
            ),
        ]


@admin.register(FileTransfer)
class FileTransferAdmin(ScopedAdmin):
    """区の引継ぎ between the wards of a city."""

    read_permission = Permission.APPLICATION_READ
    write_permission = Permission.APPLICATION_WRITE

    def pages(self) -> list[URLPattern]:
        """The answers, one offer, and the answers to it."""
        view = self.admin_site.admin_view
        one = "<uuid:transfer>/"
        return [
            path("", view(ward_transfer.transfer_list), name="transfer_list"),
            path(one, view(ward_transfer.transfer_page), name="transfer_page"),
            path(f"{one}accept/", view(ward_transfer.transfer_accept), name="transfer_accept"),
            path(f"{one}decline/", view(ward_transfer.transfer_decline), name="transfer_decline"),
            path(
                f"{one}withdraw/", view(ward_transfer.transfer_withdraw), name="transfer_withdraw"
            ),
        ]


@admin.register(Proposal)
class ProposalAdmin(ScopedAdmin):
    """区への提案 of the offices."""

    read_permission = Permission.APPLICATION_READ
    write_permission = Permission.APPLICATION_WRITE

    def pages(self) -> list[URLPattern]:
        """The list, one proposal, and the answers to it."""
        view, one = self.admin_site.admin_view, "<uuid:proposal>/"
        accept, closed = view(ward_proposal.ward_proposal_accept), _closed(self.admin_site)
        answers = {
            "refuse": ward_proposal.ward_proposal_refuse,
            "ask": ward_proposal.ward_proposal_ask,
        }
        return [
            path("", view(ward_proposal.ward_proposals), name="ward_proposals"),
            path("list.xlsx", view(ward_proposal.ward_proposals_xlsx), name="ward_proposals_xlsx"),
            path(one, view(ward_proposal.ward_proposal), name="ward_proposal"),
            path(f"{one}accept/", accept, closed, name="ward_proposal_accept"),
            *(
                path(f"{one}{name}/", view(page), name=f"ward_proposal_{name}")
                for name, page in answers.items()
            ),
        ]
