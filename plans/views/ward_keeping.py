"""保存期間が終わる記録 of a ward: its own files, held with a reason or erased with a record."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from clients.models import Client
from clients.queries.keeping import KeptFile, erasures_of, years_kept
from clients.views import keeping as pages
from plans.access import active_ward
from plans.actions.erase_ward import erase_ward_file
from plans.queries.ward_keeping import (
    ward_due_files,
    ward_kept_file,
    ward_preview,
)
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today

ERASES = requires(Permission.RECORD_ERASE, scope=Scope.MUNICIPALITY)
PAGES = pages.Pages(
    "admin:ward_keeping", "admin:ward_keeping_file", "admin:ward_keeping_hold",
    "admin:ward_keeping_lift", "admin:ward_keeping_erase", "admin:index",
)  # fmt: skip


@ERASES
def ward_keeping(request: HttpRequest) -> HttpResponse:
    """Whose time of keeping is over, and what was erased."""
    ward, on = active_ward(request), today(request)
    files = ward_due_files(ward, on, int(years_kept(on).value))
    return pages.list_page(request, files, erasures_of(ward=ward), PAGES)


@ERASES
def ward_keeping_file(request: HttpRequest, client: UUID) -> HttpResponse:
    """One file."""
    file = _due_or_404(request, client)
    return pages.file_page(request, file, ward_preview(file.client, active_ward(request)), PAGES)


@ERASES
def ward_keeping_hold(request: HttpRequest, client: UUID) -> HttpResponse:
    """Hold it back."""
    return pages.hold_page(request, _due_or_404(request, client), PAGES)


@ERASES
def ward_keeping_lift(request: HttpRequest, client: UUID) -> HttpResponse:
    """Lift the hold."""
    return pages.lift_page(request, _due_or_404(request, client), PAGES)


@ERASES
def ward_keeping_erase(request: HttpRequest, client: UUID) -> HttpResponse:
    """Erase it, after a last look."""
    ward, file = active_ward(request), _due(request, client)
    if file is None:
        return pages.erased_before(request, client, PAGES)
    return pages.erase_page(
        request,
        file,
        ward_preview(file.client, ward),
        PAGES,
        run=lambda **who: erase_ward_file(client=file.client, ward=ward, **who),
    )


def _due(request: HttpRequest, public_id: UUID) -> KeptFile | None:
    """The ward's file of this person if its time of keeping is over."""
    on, person = today(request), Client.objects.filter(public_id=public_id).first()
    if person is None:
        return None
    file = ward_kept_file(person, active_ward(request), int(years_kept(on).value))
    return file if file is not None and file.keeping.is_due(on) else None


def _due_or_404(request: HttpRequest, public_id: UUID) -> KeptFile:
    file = _due(request, public_id)
    if file is None:
        raise Http404
    return file
