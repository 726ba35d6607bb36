"""The shape of every page that asks, acts and goes on: a form, one action, a message, a redirect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from teikyaku.accounts.access import active_membership
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page, stored
from teikyaku.near_days import near_days


def form_flow(
    request: HttpRequest,
    form: Any,
    *,
    heading: str,
    back: str,
    done: str,
    run: Callable[..., Any],
    checked: tuple[type[models.Model], ...],
    keeps: bool = False,
    onward: Callable[[Any], str] | None = None,
    **page: Any,
) -> HttpResponse:
    """Show `form`; on a valid post call `run(by=…, at=…)`, say `done` and go `back`.

    What the action refuses comes back at the form's fields, with everything that was typed.
    `checked` are the models whose constraints may answer there; `keeps` as in `form_page`.
    `onward` says where to go instead, from what `run` answered; an empty address means `back`.
    """
    near_days(form, today(request))
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, *checked):
            result = run(by=active_membership(request), at=now(request))
        if not form.errors:
            messages.success(request, done)
            to = (onward(result) if onward else "") or back
            return redirect(to + stored(request) if keeps else to)
    return form_page(request, form, heading=heading, cancel_url=back, keeps=keeps, **page)


def correction_of(form: Any) -> dict[str, Any]:
    """What a correction form says, as the actions take it: `changes` and `reason`."""
    changes = dict(form.cleaned_data)
    return {"reason": changes.pop("reason"), "changes": changes}
