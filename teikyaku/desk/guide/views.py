"""The public pages: no sign-in, no cookie, nothing stored; the answer comes with the POST.

Answers do not travel in addresses, which browsers and servers keep. Nothing is changed by a POST
here, so that it needs no token against forgery, and with it no cookie.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from clients.rules.kinds import ScreeningAnswer
from teikyaku.clock import today
from teikyaku.desk.guide.answers import cost_answer, use_answer, use_questions
from teikyaku.desk.guide.forms import CostForm, UseForm
from teikyaku.desk.guide.groups import sort_questions
from teikyaku.desk.guide.rate import limited
from teikyaku.desk.guide.where import where_to_go
from teikyaku.periods import Month


@login_not_required
@limited
def guide(request: HttpRequest) -> HttpResponse:
    """The two questions, and three services side by side."""
    return _page(request, "desk/guide/guide.html", {})


@csrf_exempt
@login_not_required
@limited
def guide_use(request: HttpRequest) -> HttpResponse:
    """Can I use it, and from when?"""
    on, form = today(request), UseForm(_posted(request))
    context: dict[str, Any] = {"form": form, "result": None, "on": on}
    if form.is_valid():
        result = use_answer(form.cleaned_data, on)
        asked, at_office = sort_questions(use_questions(result, form.cleaned_data), form)
        where = where_to_go(form.cleaned_data["lives_in"], result.answer)
        context |= {
            "result": result, "asked": asked, "at_office": at_office, "where": where,
            # Every centre there is would be no answer: they are folded until the place is told.
            "is_narrowed_later": result.answer == ScreeningAnswer.INCOMPLETE
            and not form.cleaned_data["lives_in"],
        }  # fmt: skip
    return _page(request, "desk/guide/use.html", context)


@csrf_exempt
@login_not_required
@limited
def guide_cost(request: HttpRequest) -> HttpResponse:
    """Will I have to pay, and how much?"""
    on = today(request)
    form = CostForm(_posted(request), month=Month.of(on))
    context: dict[str, Any] = {"form": form, "cost": None, "on": on}
    if form.is_valid():
        cost = cost_answer(form.cleaned_data, on)
        asked, at_office = sort_questions(cost.questions, form)
        context |= {"cost": cost, "asked": asked, "at_office": at_office, "where": where_to_go("")}
    return _page(request, "desk/guide/cost.html", context)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where every question stayed open."""
    return request.POST if request.method == "POST" else None


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """422 for what could not be read; answers are never kept by anybody on the way."""
    form: forms.Form | None = context.get("form")
    status = 422 if form is not None and form.is_bound and form.errors else 200
    values = {"has_furigana": "furigana" in request.POST, **context}
    response = render(request, template, values, status=status)
    response["Cache-Control"] = "no-store" if request.method == "POST" else "private, max-age=300"
    return response
