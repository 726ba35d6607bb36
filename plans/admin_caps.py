"""Many people at once in the admin site: the yearly review of caps, files of the core system."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from plans.models import CapPeriod, CoreUpload
from plans.views import ward_review, ward_upload
from teikyaku.accounts.roles import Permission
from teikyaku.accounts.scoped_admin import ScopedAdmin


@admin.register(CapPeriod)
class CapPeriodAdmin(ScopedAdmin):
    """負担上限月額 of a ward's people."""

    read_permission = Permission.APPLICATION_READ
    write_permission = Permission.APPLICATION_WRITE

    def pages(self) -> list[URLPattern]:
        """The review and its workbook."""
        site: Any = self.admin_site
        view, closed = site.admin_view, {"closed": site.closed_by_client}
        return [
            path("review/", view(ward_review.income_review), closed, name="income_review"),
            path("review.xlsx", view(ward_review.income_review_xlsx), name="income_review_xlsx"),
        ]


@admin.register(CoreUpload)
class CoreUploadAdmin(ScopedAdmin):
    """基幹システムからの取込 of a ward."""

    read_permission = Permission.APPLICATION_READ
    write_permission = Permission.APPLICATION_WRITE

    def pages(self) -> list[URLPattern]:
        """The files, the look at one, and what becomes of it."""
        site: Any = self.admin_site
        view, closed = site.admin_view, {"closed": site.closed_months}
        one = "<uuid:upload>/"
        return [
            path("", view(ward_upload.core_uploads), closed, name="core_uploads"),
            path("template.csv", view(ward_upload.core_template_csv), name="core_template_csv"),
            path(one, view(ward_upload.core_upload_page), name="core_upload_page"),
            path(
                f"{one}faults.xlsx",
                view(ward_upload.core_faults_xlsx),
                name="core_faults_xlsx",
            ),
            path(
                f"{one}confirm/",
                view(ward_upload.core_upload_confirm),
                name="core_upload_confirm",
            ),
            path(
                f"{one}discard/",
                view(ward_upload.core_upload_discard),
                name="core_upload_discard",
            ),
        ]
