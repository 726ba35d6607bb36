"""The admin site: ward officers' steps and the city's figures, by the role table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from billing.queries.closed_months import closed_by_client, closed_months
from plans.access import wards_of
from plans.actions.ward_export import note_ward_export
from plans.exports import city_figures_xlsx
from plans.queries.city_ends import city_ends
from plans.queries.city_figures import CityFigures, city_figures
from plans.views.ward_queue import queue
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.scoped_admin import ScopedAdmin
from teikyaku.clock import now, today
from teikyaku.desk.views.what_if import ward_what_if
from teikyaku.era import fiscal_year_era
from teikyaku.file_answers import xlsx_answer
from teikyaku.periods import fiscal_year

ADMIN_PERMISSIONS = (
    Permission.APPLICATION_READ,
    Permission.STATISTICS_READ,
    Permission.USER_MANAGE,
)


YEARS = 3


def _fiscal_year(text: str, on: date) -> int:
    """The fiscal year asked for, among those on offer; else the running one."""
    offered = range(fiscal_year(on) - YEARS + 1, fiscal_year(on) + 1)
    return int(text) if text in {str(year) for year in offered} else fiscal_year(on)


class TeikyakuAdminSite(AdminSite):
    """行政の画面: no stock page is routed, each model's admin brings its own."""

    site_header = "teikyaku 行政"
    site_title = "teikyaku"
    # For the ward's pages of caps, which cannot look up to where months are closed.
    closed_months = staticmethod(closed_months)
    closed_by_client = staticmethod(closed_by_client)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only scoped admins come in: libraries register stock ones, which know no wards."""
        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the active membership holds anything that is done here."""
        membership = getattr(request, "membership", None)
        return membership is not None and any(membership.may(p) for p in ADMIN_PERMISSIONS)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Refuse who has nothing to do here: 403, never a redirect that tells of the page."""

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return update_wrapper(csrf_protect(inner), view)

    def get_urls(self) -> list[Any]:
        """The index and the pages of the registered admins."""
        urls: list[Any] = [
            path("", self.admin_view(self.index), name="index"),
            path(
                "applications/<uuid:application>/what-if/",
                self.admin_view(ward_what_if),
                name="ward_what_if",
            ),
            path("figures.xlsx", self.admin_view(self.figures_xlsx), name="figures_xlsx"),
        ]
        for model, admin in self._registry.items():
            prefix = f"{model._meta.app_label}/{model._meta.model_name}/"
            urls.append(path(prefix, include(admin.get_urls())))
        return urls

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The ward's queue, the city's figures, or the administrator's people."""
        membership = request.membership  # type: ignore[attr-defined]
        if membership.scope == Scope.INSTALLATION:
            return redirect("system_home")
        if membership.may(Permission.APPLICATION_READ):
            return queue(request)
        on = today(request)
        figures = self._figures(request)
        year = figures.year
        context = {
            "figures": figures,
            "ends": city_ends(wards_of(membership), on, year),
            "years": [
                {
                    "label": _("%(year)d年度") % {"year": each},
                    "note": fiscal_year_era(each),
                    "url": f"?year={each}",
                    "current": each == year,
                }
                for each in range(fiscal_year(on), fiscal_year(on) - YEARS, -1)
            ],
            "on": on,
            "may_correct": membership.may(Permission.DECISION_CORRECT),
        }
        return render(request, "desk/city.html", context)

    def figures_xlsx(self, request: HttpRequest) -> HttpResponse:
        """The city's figures as a workbook."""
        membership = request.membership  # type: ignore[attr-defined]
        if not membership.may(Permission.STATISTICS_READ):
            raise PermissionDenied
        figures = self._figures(request)
        note_ward_export(
            verb="city_figures_exported", ward=membership.municipality, by=membership,
            at=now(request),
        )  # fmt: skip
        return xlsx_answer(city_figures_xlsx(figures), f"figures-{figures.year}")

    @staticmethod
    def _figures(request: HttpRequest) -> CityFigures:
        on = today(request)
        wards = wards_of(request.membership)  # type: ignore[attr-defined]
        return city_figures(wards, on, _fiscal_year(request.GET.get("year", ""), on))
