"""What an application has and lacks of its papers."""

from __future__ import annotations

from plans.models import Application, ApplicationDocument


def checklist(application: Application) -> list[ApplicationDocument]:
    """Every kind of paper in its order, also those that nobody ticked off; empty before the first."""
    stored = {row.kind: row for row in application.documents.all()}
    if not stored:
        return []
    kinds = ApplicationDocument.Kind.values
    return [stored.get(kind) or ApplicationDocument(kind=kind) for kind in kinds]
