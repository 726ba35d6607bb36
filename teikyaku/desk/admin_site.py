"""The admin site: ward officers and system administrators, by the role table."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest

from teikyaku.accounts.roles import Permission

ADMIN_PERMISSIONS = (
    Permission.APPLICATION_READ,
    Permission.USER_MANAGE,
    Permission.OFFICE_MANAGE,
    Permission.FIGURE_MANAGE,
    Permission.DECISION_CORRECT,
)


class TeikyakuAdminSite(AdminSite):
    """行政・管理の画面."""

    site_header = "teikyaku 行政・管理"
    site_title = "teikyaku"
    index_title = "ようこそ"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the active membership holds anything that is done here."""
        membership = getattr(request, "membership", None)
        return membership is not None and any(membership.may(p) for p in ADMIN_PERMISSIONS)
