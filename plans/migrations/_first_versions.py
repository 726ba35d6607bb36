"""Reports that were shared before versions were kept: their text, frozen since, becomes version 1."""

from __future__ import annotations

from typing import Any

from teikyaku.era import wareki, wareki_month
from teikyaku.frozen import canonical, digest
from teikyaku.periods import Month
from teikyaku.clock import date_of

ITEMS = ("goals", "done", "result", "next_steps", "roles", "to_share")
ROLES = (("support_worker", "就労定着支援員"), ("service_manager", "サービス管理責任者"),
         ("office_manager", "管理者"))  # fmt: skip
CHUNK = 500


def add_first_versions(apps: Any, schema_editor: Any) -> None:
    """One version for each shared report; every share had all items."""
    Report, Share = apps.get_model("plans", "SupportReport"), apps.get_model("plans", "ReportShare")
    Version = apps.get_model("plans", "ReportVersion")
    shared = (
        Report.objects.filter(shares__isnull=False)
        .distinct()
        .select_related("enrolment__office", "recorded_by__user")
        .prefetch_related("shares")
    )
    for report in shared.iterator(chunk_size=CHUNK):
        first = min(report.shares.all(), key=lambda row: (row.recorded_at, row.pk))
        content = canonical(_content(apps, report, date_of(first.recorded_at)))
        version = Version.objects.create(
            report=report, number=1, content=content, digest=digest(content), reason="",
            recorded_by_id=first.recorded_by_id, recorded_at=first.recorded_at,
        )  # fmt: skip
        Share.objects.filter(report=report).update(version=version, items=list(ITEMS))
    if schema_editor.connection.vendor == "postgresql":
        # The column is made required next: that waits for no pending check of a reference.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _content(apps: Any, report: Any, issued_on: Any) -> dict[str, Any]:
    month, office = Month.of(report.month), report.enrolment.office
    names = apps.get_model("clients", "ClientName").objects
    known = names.filter(client_id=report.enrolment.client_id).order_by("starts_on")
    holding = [
        row
        for row in known
        if row.starts_on <= month.last_day and (row.ends_on is None or month.last_day <= row.ends_on)
    ]
    name = (holding or list(known))[:1]
    contacts = list(
        apps.get_model("plans", "Interview")
        .objects.filter(
            enrolment_id=report.enrolment_id, replaced_by=None, outcome="met",
            held_on__range=(month.first_day, month.last_day),
        )
        .select_related("met_by__user")
        .order_by("held_on", "pk")
    )  # fmt: skip
    ways = dict(apps.get_model("plans", "Interview")._meta.get_field("way").choices)
    author = report.recorded_by
    return {
        "number": f"{office.number}-{month}-S{report.pk:06d}-1",
        "version": 1,
        "dated": issued_on.isoformat(),
        "issued_on": wareki(issued_on),
        "office": {
            key: getattr(office, key)
            for key in ("name", "corporation", "number", "postal_code", "address", "phone")
        },
        "person": {
            "name": name[0].name if name else "", "kana": name[0].kana if name else "",
        },
        "month": wareki_month(month),
        "author": {
            "name": author.user.name,
            "role": next((label for role, label in ROLES if role in author.roles), ""),
        },
        "meetings": [
            {"on": wareki(row.held_on), "way": str(ways[row.way]), "with": row.met_by.user.name}
            for row in contacts
        ],
        "next_on": "",
        "texts": {item: getattr(report, item) for item in ITEMS},
        "plain": "",
        "reason": "",
        "earlier": [],
    }  # fmt: skip
