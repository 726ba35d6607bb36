"""One officer looks at a grant once more: afterwards only 本庁 can correct it.

Where a ward asks for two officers, the second one looks instead (`ward_grant.decision_confirm`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.access import active_ward
from plans.forms.grant import GrantForm
from plans.models import Application
from plans.queries.ward_sight import sight_of
from plans.views.grant_words import answers_shown
from teikyaku.clock import today
from teikyaku.form_pages import form_page, trail

# What the look says: decided as it stands, or written again.
LOOKED, YES, AGAIN = "looked", "yes", "again"
_NOT_ANSWERS = {"csrfmiddlewaretoken", LOOKED}


def is_to_be_looked_at(request: HttpRequest, form: GrantForm) -> bool:
    """Whether a grant was sent that is right and was not looked at yet."""
    return request.method == "POST" and request.POST.get(LOOKED) != YES and form.is_valid()


def look_at(
    request: HttpRequest,
    row: Application,
    form: GrantForm,
    told: Iterable[str],
    page: dict[str, Any],
) -> HttpResponse:
    """The grant in words, to be decided or written again, with what was typed.

    `told` is what follows from it, in sentences; `page` what the form's page shows.
    """
    url = reverse("admin:application_page", args=[row.public_id])
    # By the name that the ward knows, as on the form before.
    subject = sight_of(row.client, active_ward(request).pk, today(request)).subject()
    if request.POST.get(LOOKED) == AGAIN:
        return form_page(
            request, form, heading=_("支給決定をする"), cancel_url=url, subject=subject, **page
        )
    context = {
        "heading": _("支給決定の内容を確かめる"),
        "subject": subject,
        "breadcrumbs": trail(_("支給決定の内容を確かめる"), url),
        "lead": _("決定すると、期間・支給量・交付日を直せるのは本庁だけになります。"),
        "form": form,
        "facts": answers_shown(form),
        "told": [each for each in told if each],
        "typed": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in _NOT_ANSWERS
            for value in values
        ],
        "open_points": page["open_points"],
        "cancel_url": url,
    }
    return render(request, "plans/ward/look_at_grant.html", context)
