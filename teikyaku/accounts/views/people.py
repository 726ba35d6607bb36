"""職員: search, invite, send the invitation again, correct; for the system administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.actions import membership as actions
from teikyaku.accounts.actions.outbox import send_waiting
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.forms.people import InviteForm, UserForm
from teikyaku.accounts.invitations import absolute_link
from teikyaku.accounts.models import Membership, SecondFactorReset, User
from teikyaku.accounts.queries.people import Show, person_rows
from teikyaku.accounts.queries.people import people as people_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page
from teikyaku.searched import searched

# A person holds several places, each with its links: 25 of them are as heavy as 50 rows elsewhere.
ROWS = 25
MANAGES = requires(Permission.USER_MANAGE, scope=Scope.INSTALLATION)


@MANAGES
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a sign-in, with their memberships; waiting resets first."""
    text, show, on = searched(request), request.GET.get("show", ""), today(request)
    page = Paginator(people_of(text=text, show=show, on=on), ROWS).get_page(request.GET.get("page"))
    waiting = SecondFactorReset.objects.filter(confirmed_at=None, withdrawn_at=None)
    context = {
        "page": page,
        "rows": person_rows(page.object_list, on),
        "q": text,
        "show": show,
        "has_no_kana": any(not user.kana for user in page.object_list),
        "tabs": [
            {
                "label": each.label,
                "url": "?" + urlencode({"show": each.value, "q": text}),
                "current": each.value == show,
            }
            for each in Show
        ],
        "resets": waiting.select_related("user", "requested_by__user"),
    }
    return render(request, "accounts/people.html", context)


@MANAGES
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody into a place; the mail waits in the outbox."""
    by = active_membership(request)
    form = InviteForm(request.POST or None, initial={"starts_on": today(request)}, own=by.user)
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, Membership, User):
            member = actions.invite(
                **form.cleaned_data, link_of=absolute_link, by=by, at=now(request)
            )
        if not form.errors:
            _say_what_follows(request, member)
            return redirect("people")
    return form_page(
        request, form, heading=_("職員を招待する"), cancel_url=reverse("people"),
        submit_label=_("招待する"),
    )  # fmt: skip


def _say_what_follows(request: HttpRequest, member: Membership) -> None:
    name = {"name": member.user.name}
    if member.user.has_usable_password():
        text = _(
            "%(name)s さんは登録のある職員です。所属を加えました。いまのパスワードで入れます。"
        )
        messages.success(request, text % name)
        return
    messages.success(request, _("%(name)s さんを招待しました。") % name)
    _send_link(request, member)


def _send_link(request: HttpRequest, member: Membership) -> None:
    """Try the mail at once; what fails waits in the outbox for `manage.py send_mail`."""
    if send_waiting(at=now(request), recipient=member.user).failed:
        messages.warning(request, _("メールをまだ送れません。あとでもう一度、自動で送ります。"))
    else:
        messages.success(request, _("リンクをメールで送りました。"))


@require_POST
@MANAGES
def invitation_resend(request: HttpRequest, membership: UUID) -> HttpResponse:
    """A new link, for who let the first one expire."""
    row = Membership.objects.with_places().filter(public_id=membership).first()
    if row is None:
        raise Http404
    try:
        actions.resend_invitation(
            membership=row, link_of=absolute_link, by=active_membership(request), at=now(request)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        _send_link(request, row)
    return redirect("people")


@MANAGES
def user_edit(request: HttpRequest, user: UUID) -> HttpResponse:
    """Another name, or another address while the invitation waits."""
    person = User.objects.filter(public_id=user).first()
    if person is None:
        raise Http404
    initial = {"email": person.email, "name": person.name, "kana": person.kana}
    form = UserForm(request.POST or None, initial=initial)
    return form_flow(
        request,
        form,
        heading=_("氏名・ふりがな・メールアドレスを直す"),
        back=reverse("people"),
        done=_("保存しました。"),
        run=lambda **who: actions.correct_user(user=person, **form.cleaned_data, **who),
        checked=(User,),
    )
