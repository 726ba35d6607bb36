"""What an application has and lacks of its papers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from plans.models import Application, ApplicationDocument
from teikyaku.periods import in_force


def open_points(application: Application, on: date) -> list[str]:
    """What is better settled before a decision and its paper, in words; nothing here forbids it."""
    points = []
    papers = checklist(application)
    missing = [
        str(row.get_kind_display())
        for row in papers
        if not row.is_waived and not row.received_on and _is_wanted(application, row)
    ]
    if not papers:
        points.append(_("書類をまだ確かめていません。"))
    elif missing:
        points.append(_("そろっていない書類：%(papers)s") % {"papers": "、".join(missing)})
    if not application.client.disabilities.filter(in_force(on)).exists():
        points.append(_("障害種別の記録がありません。受給者証では空欄になります。"))
    return points


def _is_wanted(application: Application, row: ApplicationDocument) -> bool:
    """ "Other" is a paper once somebody named it, a proxy's only where somebody else handed in."""
    if row.kind == ApplicationDocument.Kind.OTHER:
        return bool(row.note)
    return row.kind != ApplicationDocument.Kind.PROXY or bool(application.handed_in_by)


def checklist(application: Application) -> list[ApplicationDocument]:
    """Its papers in their order, also those that nobody ticked off; empty before the first.

    A first application brings no certificate, and "other" is a paper only once somebody named it:
    neither is told as missing.
    """
    stored = {row.kind: row for row in application.documents.all()}
    if not stored:
        return []
    kinds = ApplicationDocument.Kind
    silent: set[str] = {kinds.OTHER}
    if application.kind == Application.Kind.NEW:
        silent.add(kinds.CERTIFICATE)
    return [
        stored.get(kind) or ApplicationDocument(kind=kind)
        for kind in kinds.values
        if kind in stored or kind not in silent
    ]
