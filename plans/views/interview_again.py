"""What is on file already: a page that is sent again, and other contacts of the same day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from clients.models import Enrolment
from plans.actions.interview_draft import RECORDED
from plans.forms.interview_start import says_the_same, typed_day
from plans.models import Interview
from plans.queries.same_day import same_day
from teikyaku.form_pages import stored
from teikyaku.ids import uuids_in

# The contacts of the day that the page has shown: of those nothing is asked.
TOLD = "told_day"
# A day has no more contacts with one person than this.
SHOWN = 20


def told_again(
    request: HttpRequest, enrolment: Enrolment, form: Any, row: Interview,
    facts: dict[str, Any] | None = None,
) -> HttpResponse | None:  # fmt: skip
    """The page has become `row`: the same words are told that they are stored.

    Other words stay in `form`, which says so once; None then. `facts`: what is recorded, where the
    form does not ask it all.
    """
    if row.withdrawn_at is not None or not says_the_same(row, facts or form.cleaned_data):
        form.add_error(None, RECORDED)
        return None
    link = format_html(
        '<a href="{}">{}</a>', reverse("interview_page", args=[row.public_id]), _("記録を開く")
    )
    text = _("もう記録してあります。2回は記録していません。")
    messages.info(request, format_html("{}　{}", text, link))
    page = reverse("client_page", args=[enrolment.client.public_id])
    return redirect(page + stored(request))


def day_of(request: HttpRequest, begun_with: Any, on: date) -> date:
    """The day that stands in the form; today where that cannot be read.

    `begun_with`: a date, or the text of a draft.
    """
    return typed_day(request.POST.get("held_on") or str(begun_with), on) or on


def day_context(enrolment: Enrolment, day: date) -> dict[str, Any]:
    """What the page says of the day, and what it tells back when it is sent."""
    rows = same_day(enrolment, day)
    return {"same_day": rows, "told_day": ",".join(str(row.public_id) for row in rows)}


def refuse_untold(
    request: HttpRequest, enrolment: Enrolment, data: dict[str, Any],
    beside: Sequence[Interview] = (),
) -> None:  # fmt: skip
    """Asked once: the typed day has a contact of this way and outcome that the page did not show.

    Only a page that shows them is asked, and not of those `beside`, which are shown by themselves.
    Raises ValidationError.
    """
    if TOLD not in request.POST:
        return
    told = uuids_in(request.POST[TOLD].split(","), SHOWN)
    for row in same_day(enrolment, data["held_on"]):
        is_alike = (row.way, row.outcome) == (data["way"], data["outcome"])
        if is_alike and row.public_id not in told and row not in beside:
            raise ValidationError(
                _(
                    "この日の、同じ方法と結果の記録がもうあります。別のことなら、もう一度押してください。"
                )
            )
