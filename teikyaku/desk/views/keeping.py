"""保存期間が終わる記録 of an office: held with a reason, or erased with a record."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from clients.access import clients_for
from clients.queries.keeping import KeptFile, due_files, erasures_of, office_file, years_kept
from clients.views import keeping as pages
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.actions.erase import erase_file
from teikyaku.desk.queries.keeping import preview, stays_of_office

ERASES = requires(Permission.RECORD_ERASE, scope=Scope.OFFICE)
PAGES = pages.Pages(
    "keeping", "keeping_file", "keeping_hold", "keeping_lift", "keeping_erase", "expiry"
)


@ERASES
def keeping(request: HttpRequest) -> HttpResponse:
    """Whose time of keeping is over, and what was erased."""
    office, on = active_office(request), today(request)
    files = due_files(office, on, int(years_kept(on).value))
    return pages.list_page(
        request, files, erasures_of(office=office), PAGES, stays=stays_of_office(office, on)
    )


@ERASES
def keeping_file(request: HttpRequest, client: UUID) -> HttpResponse:
    """One file."""
    file = _due_or_404(request, client)
    return pages.file_page(request, file, preview(file.client, active_office(request)), PAGES)


@ERASES
def keeping_hold(request: HttpRequest, client: UUID) -> HttpResponse:
    """Hold it back."""
    return pages.hold_page(request, _due_or_404(request, client), PAGES)


@ERASES
def keeping_lift(request: HttpRequest, client: UUID) -> HttpResponse:
    """Lift the hold."""
    return pages.lift_page(request, _due_or_404(request, client), PAGES)


@ERASES
def keeping_erase(request: HttpRequest, client: UUID) -> HttpResponse:
    """Erase it, after a last look."""
    office, file = active_office(request), _due(request, client)
    if file is None:
        return pages.erased_before(request, client, PAGES)
    return pages.erase_page(
        request,
        file,
        preview(file.client, office),
        PAGES,
        run=lambda **who: erase_file(client=file.client, office=office, **who),
    )


def _due(request: HttpRequest, public_id: UUID) -> KeptFile | None:
    """The office's file of this person if its time of keeping is over."""
    on = today(request)
    person = clients_for(active_membership(request), on).filter(public_id=public_id).first()
    if person is None:
        return None
    file = office_file(person, active_office(request), int(years_kept(on).value))
    return file if file is not None and file.keeping.is_due(on) else None


def _due_or_404(request: HttpRequest, public_id: UUID) -> KeptFile:
    file = _due(request, public_id)
    if file is None:
        raise Http404
    return file
