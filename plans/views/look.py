"""A last look: what cannot be taken back is shown in words, with what follows from it, before it stands.

Shared by 支給決定, 却下・取下げ and 取消; each says its own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clients.queries.subject import Subject
from plans.views.grant_words import answers_shown
from teikyaku.form_pages import form_page, trail

# What the look says: it stands as it was shown, or it is written again.
LOOKED, YES, AGAIN = "looked", "yes", "again"
_NOT_ANSWERS = {"csrfmiddlewaretoken", LOOKED}


@dataclass(frozen=True, slots=True)
class Look:
    """The words of one look, and the form's page that it stands before."""

    form_heading: str
    heading: str
    lead: str
    submit: str
    subject: Subject
    back: str
    """Where the form leads back to."""
    answers_title: str
    told_title: str
    open_points: Sequence[str] = ()
    tone: str = ""
    """`danger` where the button takes something away."""


def is_to_be_looked_at(request: HttpRequest, form: Any) -> bool:
    """Whether something was sent that is right and was not looked at yet."""
    return request.method == "POST" and request.POST.get(LOOKED) != YES and form.is_valid()


def look_at(
    request: HttpRequest, form: Any, look: Look, told: Iterable[str], **page: Any
) -> HttpResponse:
    """What was sent in words, to stand as it is or to be written again, with what was typed.

    `told` is what follows from it, in sentences; `page` what the form's page shows.
    """
    if request.POST.get(LOOKED) == AGAIN:
        return form_page(
            request, form, heading=look.form_heading, cancel_url=look.back, subject=look.subject,
            **page,
        )  # fmt: skip
    context = {
        "heading": look.heading,
        "subject": look.subject,
        "breadcrumbs": trail(look.heading, look.back, getattr(look.subject, "name", "")),
        "lead": look.lead,
        "look": look,
        "form": form,
        "facts": answers_shown(form),
        "told": [each for each in told if each],
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in _NOT_ANSWERS
            for value in values
        ],
        "cancel_url": look.back,
    }
    return render(request, "plans/ward/look.html", context)
