"""職員: search, invite, change roles, end, reset; for the system administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.actions import membership as actions
from teikyaku.accounts.actions.second_factor import confirm_reset, request_reset
from teikyaku.accounts.forms.people import InviteForm, ResetForm, RolesForm
from teikyaku.accounts.invitations import absolute_link
from teikyaku.accounts.models import Membership, SecondFactorReset, User
from teikyaku.accounts.roles import Permission, Scope, roles_for
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page

ROWS = 50
MANAGES = requires(Permission.USER_MANAGE, scope=Scope.INSTALLATION)


@MANAGES
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a sign-in, with their memberships; waiting resets first."""
    text = request.GET.get("q", "").strip()
    held = Membership.objects.with_places().order_by("-starts_on")
    found = User.objects.prefetch_related(Prefetch("memberships", held)).order_by("name", "pk")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text.casefold()))
    waiting = SecondFactorReset.objects.filter(confirmed_at=None)
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "q": text,
        "on": today(request),
        "resets": waiting.select_related("user", "requested_by__user"),
    }
    return render(request, "accounts/people.html", context)


@MANAGES
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody into a place; the mail waits in the outbox."""
    form = InviteForm(request.POST or None, initial={"starts_on": today(request)})
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, Membership, User):
            actions.invite(
                **form.cleaned_data, link_of=absolute_link,
                by=active_membership(request), at=now(request),
            )  # fmt: skip
        if not form.errors:
            messages.success(request, _("招待しました。メールでリンクを送ります。"))
            return redirect("people")
    return form_page(
        request, form, heading=_("職員を招待する"), cancel_url=reverse("people"),
        submit_label=_("招待する"),
    )  # fmt: skip


def _membership_or_404(public_id: UUID) -> Membership:
    found = Membership.objects.with_places().filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@MANAGES
def membership_roles(request: HttpRequest, membership: UUID) -> HttpResponse:
    """Other roles from a day on."""
    row = _membership_or_404(membership)
    choices = [(role.value, role.label) for role in roles_for(row.scope)]
    initial = {"roles": row.roles, "starts_on": today(request)}
    form = RolesForm(request.POST or None, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, Membership):
            actions.change_roles(
                membership=row, **form.cleaned_data,
                by=active_membership(request), at=now(request),
            )  # fmt: skip
        if not form.errors:
            messages.success(request, _("役割を変えました。"))
            return redirect("people")
    heading = _("役割を変える")
    lead = f"{row.user.name}（{row.label}）"
    return form_page(request, form, heading=heading, lead=lead, cancel_url=reverse("people"))


@MANAGES
def membership_end(request: HttpRequest, membership: UUID) -> HttpResponse:
    """End a membership now; asked before, because nobody gets in from then on."""
    row = _membership_or_404(membership)
    if request.method == "POST":
        try:
            actions.end_membership(membership=row, by=active_membership(request), at=now(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("所属を終えました。いまからサインインできません。"))
        return redirect("people")
    context = {
        "heading": _("所属を終える"),
        "lead": f"{row.user.name}（{row.label}・{'・'.join(row.role_labels)}）",
        "warning": _("この瞬間から、この所属では入れなくなります。開いている画面も使えません。"),
        "cancel_url": reverse("people"),
        "submit": _("所属を終える"),
        "tone": "danger",
    }
    return render(request, "components/confirm_page.html", context)


@MANAGES
def reset_request(request: HttpRequest, user: UUID) -> HttpResponse:
    """Ask for the removal of a lost second factor; another administrator confirms."""
    person = User.objects.filter(public_id=user).first()
    if person is None:
        raise Http404
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, SecondFactorReset):
            request_reset(
                user=person, **form.cleaned_data, by=active_membership(request), at=now(request)
            )
        if not form.errors:
            messages.success(request, _("依頼しました。別の管理者が確認すると解除されます。"))
            return redirect("people")
    lead = _("%(name)s さんの二要素を解除します。二人の管理者が必要です。") % {"name": person.name}
    return form_page(
        request, form, heading=_("二要素の解除を依頼する"), lead=lead, cancel_url=reverse("people")
    )


@require_POST
@MANAGES
def reset_confirm(request: HttpRequest, reset: UUID) -> HttpResponse:
    """Confirm somebody else's request."""
    row = (
        SecondFactorReset.objects.filter(public_id=reset)
        .select_related("requested_by", "user")
        .first()
    )
    if row is None:
        raise Http404
    try:
        confirm_reset(reset=row, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("二要素を解除しました。"))
    return redirect("people")
