"""Caps of many people in the admin site: the yearly review."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path

from plans.models import CapPeriod
from plans.views import ward_review
from teikyaku.accounts.roles import Permission
from teikyaku.accounts.scoped_admin import ScopedAdmin


@admin.register(CapPeriod)
class CapPeriodAdmin(ScopedAdmin):
    """負担上限月額 of a ward's people."""

    read_permission = Permission.APPLICATION_READ
    write_permission = Permission.APPLICATION_WRITE

    def pages(self) -> list[URLPattern]:
        """The review and its workbook."""
        view = self.admin_site.admin_view
        return [
            path("review/", view(ward_review.income_review), name="income_review"),
            path("review.xlsx", view(ward_review.income_review_xlsx), name="income_review_xlsx"),
        ]
