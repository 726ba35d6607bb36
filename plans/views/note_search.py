"""記録を探す: a word that somebody remembers leads to the contact in which it was written."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_client_or_404, note_people_read
from clients.queries.subject import subject_seen
from plans.forms.note_search import NoteSearchForm
from plans.queries.note_search import ROWS, found_notes, note_rows
from teikyaku.accounts.access import active_office, note_read, requires
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.form_pages import trail
from teikyaku.near_days import near_days

MOST_PAGES = 100


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def note_search(request: HttpRequest) -> HttpResponse:
    """The office's contacts with these words, or one person's (`?client=`)."""
    return _found(request, None)


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def client_notes(request: HttpRequest, client: UUID) -> HttpResponse:
    """The same in the contacts with one person."""
    return _found(request, client)


def _found(request: HttpRequest, client: UUID | None) -> HttpResponse:
    office, on = active_office(request), today(request)
    person = get_client_or_404(request, client) if client else None
    form = NoteSearchForm(request.GET or None, staff=staff_of(office, on))
    near_days(form, on)
    words = form.words
    narrowed = form.narrowed if words else {}
    if person is not None:
        narrowed["client"] = person.pk
    page = _page(request)
    # One more than shown says whether there is more: to count them all would read all notes.
    first = (page - 1) * ROWS
    found = list(found_notes(office, words, on, **narrowed)[first : first + ROWS + 1])
    rows = note_rows(found[:ROWS], words, on)
    if rows:
        # That notes were read is one line, and one for each person whose words are shown (one
        # person's own page has noted that already); what was looked for stays out of it.
        note_read(request, office)
        if person is None:
            note_people_read(request, (row.client_id for row in rows))
    asked = request.GET.copy()
    asked.pop("page", None)
    back = reverse("client_page", args=[client]) if client else reverse("client_list")
    context = {
        "breadcrumbs": trail(_("記録を探す"), back),
        "form": form,
        "rows": rows,
        "is_asked": bool(words),
        "person": person,
        "subject": subject_seen(person, office.pk, on) if person else None,
        "page": page,
        "asked": asked.urlencode(),
        "has_more": len(found) > ROWS and page < MOST_PAGES,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "plans/note_search.html", context, status=status)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    number = int(text) if text.isdecimal() and len(text) < 4 else 1  # noqa: PLR2004
    return min(max(number, 1), MOST_PAGES)
