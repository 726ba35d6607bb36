"""Sign-in by e-mail and password, and only for who belongs somewhere today."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from teikyaku.accounts.models.membership import Membership
from teikyaku.accounts.models.user import User, folded_email


class EmailBackend(AuthenticationBackend):
    """allauth's backend over folded addresses."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The user with this address and password, or None."""
        if credentials.get("email"):
            credentials["email"] = folded_email(credentials["email"])
        return super().authenticate(request, **credentials)

    def get_user(self, user_id: Any) -> User | None:
        """The user of a session, with the memberships that each request asks for (one query)."""
        # A handful of rows, at each request: sorted here. Django hashes every selected column of
        # a query that sorts, which costs more than the query.
        found = Membership.objects.filter(user=user_id).with_places().order_by()
        held = sorted(found, key=lambda row: (row.starts_on, row.pk))
        if not held:
            return super().get_user(user_id)
        user = held[0].user
        user.held_memberships = held
        for membership in held:
            membership.user = user
        return user if self.user_can_authenticate(user) else None
