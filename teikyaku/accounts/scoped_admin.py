"""ScopedAdmin: the only base of registered admins. It opens no door that its own views do not.

The stock pages (change form, history, delete, autocomplete, bulk actions) know nothing of wards:
their look-ups answer redirects and their choices are not scoped. So none of them is routed; an
admin lists its own pages, each a thin view that looks up through its app's `access`.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.urls import URLPattern

from teikyaku.accounts.roles import Permission


class ScopedAdmin(ModelAdmin):  # type: ignore[type-arg]
    """A model's place in the admin site: permissions from the role table, pages of its own."""

    read_permission: Permission
    write_permission: Permission

    def pages(self) -> list[URLPattern]:
        """The pages of this admin; each view guards itself by permission and scope."""
        raise NotImplementedError

    def get_urls(self) -> list[Any]:
        """Only our own pages: no stock view is routed."""
        return self.pages()

    def _may(self, request: HttpRequest, permission: Permission) -> bool:
        membership = getattr(request, "membership", None)
        return membership is not None and membership.may(permission)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the role table."""
        return self._may(request, self.read_permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """By the role table."""
        return self._may(request, self.read_permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By the role table."""
        return self._may(request, self.write_permission)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed through a stock form: steps are actions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False
