"""つなぎ of a ward: from the screening of an application, and its own list."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Client
from plans.access import (
    active_ward,
    applications_for,
    get_filed_application_or_404,
)  # fmt: skip
from plans.queries.ward_sight import named_in_sight_q, names_in_sight, sight_of
from plans.views import referral_pages as pages
from plans.views.ward import WRITES
from plans.views.ward_papers import READS
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import today


def _place(request: HttpRequest) -> pages.Place:
    ward, on, membership = active_ward(request), today(request), active_membership(request)

    def person_url(person: Client) -> str:
        last = applications_for(membership).filter(client=person).order_by("-received_on").first()
        return reverse("admin:application_page", args=[last.public_id]) if last else ""

    return pages.Place(
        prefix="admin:ward_",
        may_write=membership.may(Permission.APPLICATION_WRITE),
        find=lambda text: named_in_sight_q(text, ward.pk),
        names=lambda rows: names_in_sight([row.client_id for row in rows], ward.pk, on),
        subject=lambda person: sight_of(person, ward.pk, on).subject(),
        person_url=person_url,
        without_file=_(
            "申請をまだ受け付けていない方は、申請を受け付けてから確認し、つなぎを残せます。"
            "名前を残さずに確かめるだけなら、公開の案内を一緒に見てください。何も保存されません。"
        ),
    )


@READS
def ward_referral_list(request: HttpRequest) -> HttpResponse:
    """Whom the ward led to a centre."""
    return pages.list_page(request, _place(request))


@READS
def ward_referrals_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered."""
    return pages.list_xlsx(request, _place(request))


@WRITES
def ward_referral_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """Lead the person of an application to a centre; only where their file lies here."""
    row = get_filed_application_or_404(request, application)
    back = reverse("admin:application_page", args=[row.public_id])
    return pages.new_page(request, _place(request), row.client, back)


@READS
def ward_referral_page(request: HttpRequest, referral: UUID) -> HttpResponse:
    """One referral."""
    return pages.one_page(request, _place(request), referral)


@WRITES
def ward_referral_answer(request: HttpRequest, referral: UUID) -> HttpResponse:
    """What came of it."""
    return pages.answer_page(request, _place(request), referral)


@WRITES
def ward_referral_follow(request: HttpRequest, referral: UUID) -> HttpResponse:
    """The person was told that the service can be used after all."""
    return pages.follow_page(request, _place(request), referral)


@WRITES
def ward_referral_correct(request: HttpRequest, referral: UUID) -> HttpResponse:
    """It was written wrongly."""
    return pages.correct_page(request, _place(request), referral)


@WRITES
def ward_referral_withdraw(request: HttpRequest, referral: UUID) -> HttpResponse:
    """It never was."""
    return pages.withdraw_page(request, _place(request), referral)
