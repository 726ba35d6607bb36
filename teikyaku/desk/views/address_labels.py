"""宛名ラベル: chosen people's addresses on a sheet of labels."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.export import note_export
from clients.access import enrolments_for
from clients.documents import label_sheets
from clients.forms.address_labels import LabelForm
from clients.queries.address_labels import LabelPeople, label_people
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer
from teikyaku.ids import MOST_CHOSEN, uuids_in

REFUSED = 422


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def address_labels(request: HttpRequest) -> HttpResponse:
    """Who gets a label, who gets none and why, and how the sheet is printed."""
    return _page(request, LabelForm(request.GET), _people(request))


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def address_labels_pdf(request: HttpRequest) -> HttpResponse:
    """The labels as a PDF; that it was made, and whose addresses are in it, is on the record."""
    form, people = LabelForm(request.GET), _people(request)
    if not form.is_valid():
        return _page(request, form, people)
    if not people.labels:
        messages.error(request, _("印刷できる宛名がありません。"))
        return redirect(f"{reverse('address_labels')}?{request.GET.urlencode()}")
    content = label_sheets(
        people.labels, form.layout(), honorific=form.honorific_text,
        with_kana=form.cleaned_data["with_kana"], on=today(request),
    )  # fmt: skip
    answer = pdf_answer("address_labels", content, f"labels-{today(request)}")
    note_export(
        verb="address_labels_printed",
        office=active_office(request),
        by=active_membership(request),
        at=now(request),
    )
    for label in people.labels:
        note_read(request, label.client, person_id=label.client.public_id)
    return answer


def _people(request: HttpRequest) -> LabelPeople:
    on = today(request)
    chosen = uuids_in(request.GET.getlist("person"), MOST_CHOSEN)
    return label_people(enrolments_for(active_membership(request), on), chosen, on)


def _page(request: HttpRequest, form: LabelForm, people: LabelPeople) -> HttpResponse:
    is_valid = form.is_valid()
    # Only the conditions of the list that was left; the address itself is ours.
    back = QueryDict(request.GET.get("back", "")).urlencode()
    context = {
        "sheet_form": form,
        "people": people,
        "sheets": form.layout().sheets_for(len(people.labels)) if is_valid else 0,
        "persons": uuids_in(request.GET.getlist("person"), MOST_CHOSEN),
        "back": back,
        "back_url": f"{reverse('caseload')}?{back}" if back else reverse("caseload"),
    }
    return render(request, "desk/address_labels.html", context, status=200 if is_valid else REFUSED)
