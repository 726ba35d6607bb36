"""Issuing papers: one, or all of a month. Whoever issues stays on the page, and opens it from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _

from teikyaku.accounts.access import active_membership
from teikyaku.clock import now


def issue_one(
    request: HttpRequest,
    *,
    page: str,
    done: str,
    run: Callable[..., Any],
    paper: Callable[[Any], str],
) -> HttpResponse:
    """Call `run(by=…, at=…)`, then back on `page` say `done` with a link to the `paper` that was issued.

    What the action refuses is said there instead.
    """
    try:
        made = run(by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page)
    link = format_html('<a href="{}">{}</a>', paper(made), _("開く（PDF）"))
    messages.success(request, format_html("{}　{}", done, link))
    return redirect(page)


def issue_all(
    request: HttpRequest, *, page: str, done: str, nothing: str, run: Callable[..., Sequence[Any]]
) -> HttpResponse:
    """As `issue_one` for everybody of a month: `done` says how many (`%(n)d`), `nothing` that there are none."""
    try:
        made = run(by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page)
    if made:
        messages.success(request, done % {"n": len(made)})
    else:
        messages.info(request, nothing)
    return redirect(page)
