"""The admin site: ward officers' steps and the city's figures, by the role table."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.csrf import csrf_protect

from plans.queries.queue import ward_figures
from plans.views.ward import queue
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.scoped_admin import ScopedAdmin
from teikyaku.clock import today

ADMIN_PERMISSIONS = (
    Permission.APPLICATION_READ,
    Permission.STATISTICS_READ,
    Permission.USER_MANAGE,
)


class TeikyakuAdminSite(AdminSite):
    """行政の画面: no stock page is routed, each model's admin brings its own."""

    site_header = "teikyaku 行政"
    site_title = "teikyaku"

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
        urls: list[Any] = [path("", self.admin_view(self.index), name="index")]
        for model, admin in self._registry.items():
            prefix = f"{model._meta.app_label}/{model._meta.model_name}/"
            urls.append(path(prefix, include(admin.get_urls())))
        return urls

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The ward's queue, the city's figures, or the administrator's people."""
        membership = request.membership  # type: ignore[attr-defined]
        if membership.scope == Scope.INSTALLATION:
            return redirect("people")
        if membership.may(Permission.APPLICATION_READ):
            return queue(request)
        context = {
            "rows": ward_figures(today(request)),
            "on": today(request),
            "may_correct": membership.may(Permission.DECISION_CORRECT),
        }
        return render(request, "desk/city.html", context)
