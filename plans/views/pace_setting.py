"""面談の間隔の設定 of the office: what holds, a new one from a day on, the planned one changed or dropped."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.actions import pace_setting as actions
from plans.forms.pace_setting import PaceSettingForm
from plans.models import PaceSetting
from plans.queries.pace import SETTING_KEYS
from plans.queries.pace_setting import (
    preview,
    product_figures,
    setting_labels,
    setting_on,
    settings_rows,
)
from plans.rules.pace import PaceSettings
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.periods import Month

READS = requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
WRITES = requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
# What a page shows of each list of people; the numbers count everybody.
ROWS = 50


@READS
def pace_settings(request: HttpRequest) -> HttpResponse:
    """What holds today and by which source, what is planned, and what held before."""
    office, on = active_office(request), today(request)
    rows = settings_rows(office)
    running = next((row for row in rows if _holds(row, on)), None)
    context = {
        "running": running,
        "lines": _lines(setting_on(office, on)),
        "figures": [] if running else product_figures(on),
        "rows": [{"row": row, "lines": _lines(row), "is_running": row == running} for row in rows],
        "planned": rows[0] if rows and rows[0].starts_on > on else None,
        "may_write": active_membership(request).may(Permission.OFFICE_SETTINGS),
        "may_see_office": active_membership(request).may(Permission.MONTH_READ),
        "breadcrumbs": _trail(),
    }
    return render(request, "plans/pace_settings.html", context)


@WRITES
def pace_setting_new(request: HttpRequest) -> HttpResponse:
    """A new one from a day on: asked for, shown with whom it moves, then stored."""
    office, on = active_office(request), today(request)
    rows = settings_rows(office)
    now_held = {key: getattr(setting_on(office, on), key) for key in SETTING_KEYS}
    initial = {"starts_on": (Month.of(on) + 1).first_day, **now_held}
    form = PaceSettingForm(_typed(request), on=on, last=rows[0] if rows else None, initial=initial)
    return _asked(
        request, form, heading=_("面談の間隔の設定を変える"),
        run=lambda **who: actions.set_pace(
            office=office, starts_on=form.cleaned_data["starts_on"], **form.values, **who
        ),
    )  # fmt: skip


@WRITES
def pace_setting_edit(request: HttpRequest, setting: UUID) -> HttpResponse:
    """The one that lies ahead, with another day or other values."""
    on = today(request)
    row, before = _planned_or_404(request, setting)
    initial = {name: getattr(row, name) for name in ("starts_on", *SETTING_KEYS)}
    form = PaceSettingForm(_typed(request), on=on, last=before, initial=initial)
    return _asked(
        request, form, heading=_("これからの設定を変える"), without=row,
        run=lambda **who: actions.change_planned(
            row=row, starts_on=form.cleaned_data["starts_on"], **form.values, **who
        ),
    )  # fmt: skip


@WRITES
def pace_setting_drop(request: HttpRequest, setting: UUID) -> HttpResponse:
    """The one that lies ahead comes to nothing."""
    row, _before = _planned_or_404(request, setting)
    if request.method == "POST":
        actions.drop_planned(row=row, by=active_membership(request), at=now(request))
        messages.success(request, _("これからの設定を取り消しました。"))
        return redirect("pace_settings")
    shown = preview(row.office, today(request), None, row.starts_on, without=row)
    heading = _("これからの設定を取り消す")
    context = {
        "heading": heading, "starts_on": row.starts_on, "lines": _lines(row),
        **_shown(shown), "cancel_url": reverse("pace_settings"), "submit": _("取り消す"),
        "breadcrumbs": _trail(heading),
    }  # fmt: skip
    return render(request, "plans/pace_setting_preview.html", context)


def _asked(
    request: HttpRequest, form: PaceSettingForm, *, heading: str, run: Any,
    without: PaceSetting | None = None,
) -> HttpResponse:  # fmt: skip
    """The form; once it holds, whom it would move; stored by the post that comes from there."""
    page = {
        "form": form, "heading": heading, "cancel_url": reverse("pace_settings"),
        "breadcrumbs": _trail(heading),
    }  # fmt: skip
    if form.is_bound and form.is_valid():
        if request.method == "POST":
            with violations_as_form_errors(form, PaceSetting):
                run(by=active_membership(request), at=now(request))
            if not form.errors:
                messages.success(request, _("面談の間隔の設定を保存しました。"))
                return redirect("pace_settings")
        else:
            first, planned = form.cleaned_data["starts_on"], PaceSettings(**form.values)
            office = active_office(request)
            shown = preview(office, today(request), planned, first, without)
            page |= {"starts_on": first, "lines": _lines(planned), **_shown(shown)}
            page["submit"] = _("この設定にする")
            return render(request, "plans/pace_setting_preview.html", page)
    status = 422 if form.errors else 200
    return render(request, "plans/pace_setting_form.html", page, status=status)


def _typed(request: HttpRequest) -> Any:
    """What was typed: looked at by GET, stored by POST."""
    if request.method == "POST":
        return request.POST
    return request.GET if "starts_on" in request.GET else None


def _shown(found: Any) -> dict[str, Any]:
    return {
        "now": found.now[:ROWS], "now_count": len(found.now),
        "now_left": max(0, len(found.now) - ROWS),
        "later": found.later[:ROWS], "later_count": len(found.later),
        "later_left": max(0, len(found.later) - ROWS), "people": found.people,
        "proposed": found.proposed[:ROWS], "proposed_count": len(found.proposed),
        "proposed_left": max(0, len(found.proposed) - ROWS),
    }  # fmt: skip


def _lines(values: Any) -> list[dict[str, Any]]:
    return [
        {"label": label, "value": getattr(values, key), "unit": unit}
        for key, (label, unit) in setting_labels().items()
    ]


def _holds(row: PaceSetting, on: Any) -> bool:
    return row.starts_on <= on and (row.ends_on is None or on <= row.ends_on)


def _planned_or_404(
    request: HttpRequest, public_id: UUID
) -> tuple[PaceSetting, PaceSetting | None]:
    """The office's last setting, which must lie ahead, and the one before it."""
    rows = settings_rows(active_office(request))
    row = next((row for row in rows if row.public_id == public_id), None)
    if row is None:
        raise Http404
    if row != rows[0] or row.starts_on <= today(request):
        raise PermissionDenied
    return row, rows[1] if len(rows) > 1 else None


def _trail(heading: str = "") -> list[dict[str, Any]]:
    page = {"label": _("面談の間隔の設定"), "url": reverse("pace_settings") if heading else ""}
    last = [{"label": heading, "url": ""}] if heading else []
    return [{"label": _("ホーム"), "url": reverse("home")}, page, *last]
