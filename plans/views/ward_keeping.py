"""保存期間が終わる記録 of a ward: its own files, held with a reason or erased with a record."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.models import Client
from clients.queries.keeping import KeptFile, erasures_of, years_kept
from clients.queries.keeping_rows import Preview
from clients.views import keeping as pages
from plans.access import active_ward
from plans.actions.erase_ward import erase_ward_file
from plans.queries.keeping import has_office_file
from plans.queries.ward_keeping import (
    is_last_ward_file,
    transcriptions,
    ward_counts,
    ward_due_files,
    ward_kept_file,
)
from teikyaku.accounts.access import requires
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.reasons import Reason

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
    return pages.file_page(request, file, _preview(file.client, active_ward(request)), PAGES)


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
        _preview(file.client, ward),
        PAGES,
        run=lambda **who: erase_ward_file(client=file.client, ward=ward, **who),
    )


def _preview(client: Client, ward: Municipality) -> Preview:
    is_last = is_last_ward_file(client, ward)
    stays = []
    if not is_last:
        text = _(
            "氏名・住所・就労など、共通の情報：ほかに記録を保存するところがあるあいだは残ります。"
        )
        stays.append(Reason("keeping.core", text))
    if has_office_file(client) and (kept := transcriptions(client, ward).count):
        text = _(
            "支給決定・受給者証・上限額 %(n)d件：事業所の写しでもあるため、区の言葉を除いて残ります。"
        )
        stays.append(Reason("keeping.transcribed", text % {"n": kept}))
    audit = _("操作の記録と消去の記録：だれがいつ何をしたか。氏名や内容は入っていません。")
    stays.append(Reason("keeping.audit", audit))
    return Preview(ward_counts(client, ward), tuple(stays), (), is_last)


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
