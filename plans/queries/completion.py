"""What an application has and lacks of its papers."""

from __future__ import annotations

from plans.models import Application, ApplicationDocument


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
