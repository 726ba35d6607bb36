"""権限の一覧 as a workbook: the same people as the page, one sheet for each part."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from teikyaku.accounts.queries.permission_report import Holder, PermissionReport
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook


def permission_workbook(report: PermissionReport) -> bytes:
    """The XLSX file of the report."""
    parts = (
        (_("権限のある人"), report.holders),
        (_("招待中"), report.invited),
        (_("60日以内に終わる"), report.ending),
        (_("90日に終わった"), report.ended),
    )
    return workbook([Sheet(title, _columns(), _rows(rows)) for title, rows in parts])


def _columns() -> list[Column]:
    return [
        Column(_("氏名")),
        Column(_("役割"), width=30),
        Column(_("できること"), width=60),
        Column(_("開始日"), Kind.DATE),
        Column(_("終了日"), Kind.DATE),
        Column(_("決めた人")),
        Column(_("二要素")),
        Column(_("最後のサインイン")),
    ]


def _rows(rows: Iterable[Holder]) -> list[list[Value]]:
    return [
        [
            row.membership.user.name,
            "・".join(row.membership.role_labels),
            "\n".join(str(each.label) for each in row.permissions),
            row.membership.starts_on,
            row.membership.ends_on,
            row.given_by,
            _("あり") if row.has_second_factor else _("なし"),
            _last_sign_in(row),
        ]
        for row in rows
    ]


def _last_sign_in(row: Holder) -> str:
    last = row.membership.user.last_login
    if row.is_invited:
        return _("招待中")
    return f"{localtime(last):%Y/%m/%d %H:%M}" if last else _("まだない")
