"""二要素の解除: one administrator asks, another confirms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teikyaku.accounts.access import active_membership
from teikyaku.accounts.actions import second_factor as actions
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.forms.people import ResetForm
from teikyaku.accounts.models import SecondFactorReset, User
from teikyaku.accounts.views.people import MANAGES
from teikyaku.clock import now


@MANAGES
def reset_request(request: HttpRequest, user: UUID) -> HttpResponse:
    """Ask for the removal of a lost second factor; another administrator confirms."""
    person = User.objects.filter(public_id=user).first()
    if person is None:
        raise Http404
    form = ResetForm(request.POST or None)
    return form_flow(
        request,
        form,
        heading=_("二要素の解除を依頼する"),
        lead=_("%(name)s さんの二要素を解除します。二人の管理者が必要です。")
        % {"name": person.name},
        submit_label=_("依頼する"),
        back=reverse("people"),
        done=_("依頼しました。別の管理者が確認すると解除されます。"),
        run=lambda **who: actions.request_reset(user=person, **form.cleaned_data, **who),
        checked=(SecondFactorReset,),
    )


@require_POST
@MANAGES
def reset_confirm(request: HttpRequest, reset: UUID) -> HttpResponse:
    """Confirm somebody else's request."""
    return _answer(request, reset, actions.confirm_reset, _("二要素を解除しました。"))


@require_POST
@MANAGES
def reset_withdraw(request: HttpRequest, reset: UUID) -> HttpResponse:
    """The request was a mistake."""
    return _answer(request, reset, actions.withdraw_reset, _("依頼を取り下げました。"))


def _answer(
    request: HttpRequest, public_id: UUID, action: Callable[..., Any], done: str
) -> HttpResponse:
    row = (
        SecondFactorReset.objects.filter(public_id=public_id)
        .select_related("requested_by", "user")
        .first()
    )
    if row is None:
        raise Http404
    try:
        action(reset=row, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("people")
