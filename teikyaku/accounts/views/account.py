"""One's own account, the role table, the audit log, and taking an invitation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.actions.membership import accept_invitation, set_own_kana
from teikyaku.accounts.forms.audit import AuditLogForm
from teikyaku.accounts.forms.people import OwnKanaForm, PasswordForm
from teikyaku.accounts.invitations import invited_user
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.queries.audit import audit_rows
from teikyaku.accounts.queries.audit_lines import MOST, AuditLines
from teikyaku.accounts.roles import ROLE_TABLE, Permission, Role
from teikyaku.accounts.second_factor import has_second_factor
from teikyaku.clock import now
from teikyaku.form_pages import form_page

ROWS = 50


@login_not_required
def invitation(request: HttpRequest, user: UUID, token: str) -> HttpResponse:
    """Choose a password; the link dies with it."""
    person = invited_user(user, token)
    if person is None:
        return render(request, "accounts/invitation_over.html", status=410)
    form = PasswordForm(request.POST or None, user=person)
    if request.method == "POST" and form.is_valid():
        accept_invitation(user=person, password=form.cleaned_data["password"], at=now(request))
        messages.success(request, _("パスワードを決めました。サインインしてください。"))
        return redirect("account_login")
    return render(request, "accounts/invitation.html", {"form": form, "person": person})


def my_account(request: HttpRequest) -> HttpResponse:
    """Where one works, in which roles, until when; and the state of the second factor."""
    context = {
        "breadcrumbs": [{"label": _("自分のアカウント"), "url": ""}],
        "held": request.memberships,  # type: ignore[attr-defined]
        "has_second_factor": has_second_factor(request.user),
    }
    return render(request, "accounts/my_account.html", context)


def own_kana(request: HttpRequest) -> HttpResponse:
    """ふりがな of oneself."""
    user: Any = request.user
    form = OwnKanaForm(request.POST or None, initial={"kana": user.kana})
    if request.method == "POST" and form.is_valid():
        set_own_kana(user=user, kana=form.cleaned_data["kana"], at=now(request))
        messages.success(request, _("保存しました。"))
        return redirect("my_account")
    return form_page(
        request, form, heading=_("自分のふりがな"), cancel_url=reverse("my_account"),
        breadcrumbs=[
            {"label": _("自分のアカウント"), "url": reverse("my_account")},
            {"label": _("自分のふりがな"), "url": ""},
        ],
    )  # fmt: skip


def own_address(request: HttpRequest) -> HttpResponse:
    """In place of allauth's page of addresses: a system administrator changes them."""
    messages.info(request, _("メールアドレスを変えるときは、システム管理者に伝えてください。"))
    return redirect("my_account")


def role_table(request: HttpRequest) -> HttpResponse:
    """Role × permission, as the one table in code says."""
    active_membership(request)
    rows = [
        {"permission": permission, "cells": [permission in ROLE_TABLE[role] for role in Role]}
        for permission in Permission
    ]
    return render(
        request,
        "accounts/role_table.html",
        {
            "roles": list(Role),
            "rows": rows,
            "breadcrumbs": [{"label": _("役割とできること"), "url": ""}],
        },
    )


@requires(Permission.AUDIT_READ)
def audit_log(request: HttpRequest) -> HttpResponse:
    """What the members of one's own place did, read or were refused, newest first.

    An administrator sees the administrators' acts and everybody's sign-ins: who let whom in.
    """
    form = AuditLogForm(request.GET)
    form.is_valid()  # what cannot be read is said at its field and narrows nothing
    asked = form.cleaned_data
    outcome = asked.get("outcome", "")
    since, until, who = asked.get("since"), asked.get("until"), asked.get("who", "")
    lines = AuditLines(
        active_membership(request), outcome=outcome, who=who, since=since, until=until
    )
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    days = {"since": since, "until": until}
    kept = {key: day.isoformat() for key, day in days.items() if day} | (
        {"who": who} if who else {}
    )
    tabs = [
        {
            "label": label,
            "url": "?" + urlencode({"outcome": value, **kept}),
            "current": value == outcome,
        }
        for value, label in (("", _("すべて")), *AuditEvent.Outcome.choices)
    ]
    context = {
        "page": page,
        "rows": audit_rows(page.object_list),
        "tabs": tabs,
        "form": form,
        "leads": active_membership(request).may(Permission.OFFICE_SETTINGS),
        "most": MOST if lines.is_cut else 0,
        "reset_url": "?" + urlencode({"outcome": outcome}) if kept else "",
    }
    return render(request, "accounts/audit_log.html", context)
