"""What an application has and lacks of its papers."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from plans.models import Application, ApplicationDocument
from teikyaku.periods import in_force


class OpenPoint(NamedTuple):
    """One thing that is better settled before a decision: in words, and the page that settles it."""

    text: str
    page: str
    label: str


def open_points(application: Application, on: date) -> list[OpenPoint]:
    """What is better settled before a decision and its paper; nothing here forbids it."""
    points = []
    papers = checklist(application)
    missing = [
        str(row.get_kind_display())
        for row in papers
        if not row.is_waived and not row.received_on and _is_wanted(application, row)
    ]
    if not papers:
        points.append(_papers(_("書類をまだ確かめていません。")))
    elif missing:
        points.append(_papers(_("そろっていない書類：%(papers)s") % {"papers": "、".join(missing)}))
    if not application.client.disabilities.filter(in_force(on)).exists():
        text = _("障害種別の記録がありません。受給者証では空欄になります。")
        points.append(OpenPoint(text, "admin:ward_disability_new", _("障害種別を記録する")))
    return points


def _papers(text: str) -> OpenPoint:
    return OpenPoint(text, "admin:documents", _("書類を確かめる"))


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
