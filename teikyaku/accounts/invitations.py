"""The one-time link of an invitation: who it is for, and whether it still holds."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse

from teikyaku.accounts.models import User
from teikyaku.links import absolute


def link_path(user: User) -> str:
    """The path of the invitation's page; the token dies with its first use and after some days."""
    return reverse("invitation", args=[user.public_id, default_token_generator.make_token(user)])


def absolute_link(user: User) -> str:
    """The whole address, for mails written without a request (`BASE_URL`)."""
    return absolute(link_path(user))


def invited_user(public_id: UUID, token: str) -> User | None:
    """The user whose invitation this is; None when it was used, has expired or is not theirs."""
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    if user is None or user.has_usable_password():
        return None
    return user if default_token_generator.check_token(user, token) else None
