"""もし〜だったら of a person: asked by GET, stored nowhere; the address carries dates and choices only."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.queries.facts import WorkingLife
from clients.queries.subject import Subject, subject_seen
from clients.queries.window import standing_in
from clients.rules.standing import Standing
from clients.rules.what_if import last_held_on
from plans.access import get_application_or_404
from plans.queries.caps import none_closed
from plans.queries.dossier import support_dossier
from plans.queries.life_touches import outside_words, rights_of, what_hangs_on
from plans.queries.pace import settings_of
from plans.queries.ward_sight import sight_of
from plans.rules.pace import PaceSettings
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.forms.what_if import ChangeForm, LeaveForm, StartForm, WhatIfForm
from teikyaku.desk.queries.what_if import (
    Answer,
    Ask,
    Hanging,
    if_changed,
    if_on_leave,
    if_started,
)
from teikyaku.desk.views.client_page import dossier_or_404
from teikyaku.form_pages import trail

FORMS: dict[Ask, type[WhatIfForm]] = {
    Ask.CHANGE: ChangeForm,
    Ask.START: StartForm,
    Ask.LEAVE: LeaveForm,
}


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def what_if(request: HttpRequest, client: UUID) -> HttpResponse:
    """Another job, a first day of use, a leave: for the office that works (or worked) with the person."""
    dossier = dossier_or_404(request, client)
    file = support_dossier(dossier)

    def hanging(after: WorkingLife, on: date, event_on: date) -> list[str]:
        return what_hangs_on(file, after, max(on, dossier.on), none_closed, event_on=event_on)

    pace = file.settings(dossier.enrolment.office_id, dossier.on)
    back = reverse("client_page", args=[client])
    subject = subject_seen(dossier.client, dossier.enrolment.office_id, dossier.on)
    unchanged = _("支給決定・契約・上限額・面談の期限は変わりません。")
    return _page(request, dossier.life, dossier.on, hanging, pace, subject, back, unchanged)


def _page(
    request: HttpRequest, life: WorkingLife, on: date, hanging: Hanging, pace: PaceSettings,
    subject: Subject, back: str, unchanged: str,
) -> HttpResponse:  # fmt: skip
    now = standing_in(life, on)
    ask = _asked(request)
    is_asked = any(name in request.GET for name in ("left", "starts"))
    initial = {"left": last_held_on(life.employments, on), "starts": _first_start(now)}
    form: Any = FORMS[ask](request.GET if is_asked else None, life=life, now=now, initial=initial)
    answer = None
    if is_asked and form.is_valid():
        answer = _answer(ask, form, life, now, hanging, pace)
    heading = _("もし〜だったら")
    context = {
        "heading": heading, "subject": subject, "form": form, "ask": ask.value, "answer": answer,
        "now": now, "on": on, "back": back, "unchanged": unchanged, "breadcrumbs": trail(heading, back, subject.name),
        "tabs": [
            {"label": label, "url": f"?ask={each.value}", "current": each is ask}
            for each, label in (
                (Ask.CHANGE, _("離職・転職したら")), (Ask.START, _("利用を始めたら")),
                (Ask.LEAVE, _("休職したら")),
            )
        ],
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/what_if.html", context, status=status)


def _asked(request: HttpRequest) -> Ask:
    asked = request.GET.get("ask", "")
    return Ask(asked) if asked in set(Ask) else Ask.CHANGE


def _first_start(now: Standing) -> date:
    """The next day on which use could begin."""
    return max(now.on, now.window.first_usable_on) if now.window else now.on


def _answer(
    ask: Ask, form: Any, life: WorkingLife, now: Standing, hanging: Hanging, pace: PaceSettings
) -> Answer:
    data = form.cleaned_data
    if ask is Ask.START:
        return if_started(life, now, pace, data["starts"])
    if ask is Ask.LEAVE:
        return if_on_leave(life, now, hanging, form.leave)
    return if_changed(
        life, now, hanging, left_on=data["left"], starts_on=data.get("next"),
        to_improve=form.to_improve, kind=form.new_kind,
    )  # fmt: skip


@requires(Permission.APPLICATION_READ, scope=Scope.MUNICIPALITY)
def ward_what_if(request: HttpRequest, application: UUID) -> HttpResponse:
    """The same for the ward of an application, of what it may read: decisions and caps of its own."""
    row = get_application_or_404(request, application)
    on = today(request)
    sight = sight_of(row.client, row.municipality_id, on)
    life = sight.life()
    own = {"municipality": row.municipality_id}
    decisions = list(
        row.client.decisions.filter(**own)
        .select_related("municipality__city")
        .order_by("starts_on")
    )
    caps = list(row.client.cap_periods.filter(**own).order_by("first_month"))

    def hanging(after: WorkingLife, settled_on: date, _event_on: date) -> list[str]:
        was, will = rights_of(life, settled_on), rights_of(after, settled_on)
        return outside_words([each for each in decisions if not each.is_cancelled], caps, was, will)

    back = reverse("admin:application_page", args=[application])
    pace = settings_of(set())(0, on)
    unchanged = _("この区の支給決定と上限額は変わりません。")
    return _page(request, life, sight.on, hanging, pace, sight.subject(), back, unchanged)
