"""The ward's papers in the admin site: certificate and letters, their settings, the numbers."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path

from plans.models import NumberRange, WardPaper
from plans.views import paper_settings, ward_papers
from teikyaku.accounts.roles import Permission
from teikyaku.accounts.scoped_admin import ScopedAdmin


@admin.register(WardPaper)
class WardPaperAdmin(ScopedAdmin):
    """区の文書 made of decisions and applications."""

    read_permission = Permission.APPLICATION_READ
    write_permission = Permission.APPLICATION_WRITE

    def pages(self) -> list[URLPattern]:
        """Making and opening papers."""
        view = self.admin_site.admin_view
        version, decision = "certificates/<uuid:certificate>/", "decisions/<uuid:decision>/"
        return [
            path("<uuid:paper>/pdf/", view(ward_papers.ward_paper_pdf), name="ward_paper_pdf"),
            path(
                "<uuid:paper>/plain.pdf",
                view(ward_papers.ward_paper_plain_pdf),
                name="ward_paper_plain_pdf",
            ),
            path(version, view(ward_papers.certificate_issue), name="certificate_issue"),
            path(
                f"{version}again/", view(ward_papers.certificate_remake), name="certificate_remake"
            ),
            path(
                f"{decision}disability/",
                view(ward_papers.decision_disability_new),
                name="decision_disability_new",
            ),
            path(
                f"{decision}disability/<uuid:disability>/",
                view(ward_papers.decision_disability_correct),
                name="decision_disability_correct",
            ),
            path(
                f"{decision}grant/",
                view(ward_papers.decision_grant_notice),
                name="decision_grant_notice",
            ),
            path(
                f"{decision}revocation/",
                view(ward_papers.decision_revocation_notice),
                name="decision_revocation_notice",
            ),
            path(
                f"{decision}reminder/",
                view(ward_papers.decision_reminder),
                name="decision_reminder",
            ),
            path(
                "applications/<uuid:application>/refusal/",
                view(ward_papers.application_refusal_notice),
                name="application_refusal_notice",
            ),
        ]


@admin.register(NumberRange)
class NumberRangeAdmin(ScopedAdmin):
    """文書と番号の設定 of the ward."""

    read_permission = Permission.APPLICATION_READ
    write_permission = Permission.APPLICATION_WRITE

    def pages(self) -> list[URLPattern]:
        """The settings, and the ranges of numbers."""
        view = self.admin_site.admin_view
        return [
            path("", view(paper_settings.paper_settings), name="paper_settings"),
            path("papers/", view(paper_settings.paper_settings_edit), name="paper_settings_edit"),
            path("new/", view(paper_settings.number_range_new), name="number_range_new"),
            path(
                "<uuid:number_range>/switch/",
                view(paper_settings.number_range_switch),
                name="number_range_switch",
            ),
        ]
