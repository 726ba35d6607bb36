"""つなぎ of an office: its list, one referral, what came of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_client_for_edit
from clients.queries.staff import staff_in_charge
from clients.queries.subject import named_q, subject_seen
from clients.views.screening import screen_and_keep
from plans.actions.referral import keep_asked
from plans.queries.referral import names_at_office
from plans.views import referral_pages as pages
from teikyaku.accounts.access import active_office, check, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

READS = requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
WRITES = requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)


def _place(request: HttpRequest) -> pages.Place:
    office, on = active_office(request), today(request)
    membership = check(request)
    return pages.Place(
        prefix="",
        may_write=membership.may(Permission.CLIENT_WRITE),
        find=named_q,
        names=lambda rows: names_at_office(rows, office.pk, on),
        subject=lambda person: subject_seen(person, office.pk, on),
        person_url=lambda person: reverse("client_page", args=[person.public_id]),
        without_file=_(
            "はじめての方は、先に「新しい利用者」で登録すると（利用の前の相談として）、確認とつなぎを残せます。"
            "名前を残さずに確かめるだけなら、公開の案内を一緒に見てください。何も保存されません。"
        ),
        staff=lambda rows: staff_in_charge([row.client_id for row in rows], office.pk, on),
    )


@WRITES
def screening(request: HttpRequest, client: UUID) -> HttpResponse:
    """利用できるかの確認: ask, answer with reasons, and keep the answer where that is wanted."""
    person = get_client_for_edit(request, client)
    return screen_and_keep(
        request, person, back=reverse("client_page", args=[person.public_id]), keep=keep_asked,
        refer_url=reverse("referral_new", args=[person.public_id]),
    )  # fmt: skip


@READS
def referral_list(request: HttpRequest) -> HttpResponse:
    """Whom the office led to a centre."""
    return pages.list_page(request, _place(request))


@READS
def referrals_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered."""
    return pages.list_xlsx(request, _place(request))


@WRITES
def referral_new(request: HttpRequest, client: UUID) -> HttpResponse:
    """Lead somebody to a centre."""
    person = get_client_for_edit(request, client)
    back = reverse("client_page", args=[person.public_id])
    return pages.new_page(request, _place(request), person, back)


@READS
def referral_page(request: HttpRequest, referral: UUID) -> HttpResponse:
    """One referral."""
    return pages.one_page(request, _place(request), referral)


@WRITES
def referral_answer(request: HttpRequest, referral: UUID) -> HttpResponse:
    """What came of it."""
    return pages.answer_page(request, _place(request), referral)


@WRITES
def referral_follow(request: HttpRequest, referral: UUID) -> HttpResponse:
    """The person was told that the service can be used after all."""
    return pages.follow_page(request, _place(request), referral)


@WRITES
def referral_correct(request: HttpRequest, referral: UUID) -> HttpResponse:
    """It was written wrongly."""
    return pages.correct_page(request, _place(request), referral)


@WRITES
def referral_withdraw(request: HttpRequest, referral: UUID) -> HttpResponse:
    """It never was."""
    return pages.withdraw_page(request, _place(request), referral)
