"""Access: the first line of every view.

No membership in force: 404, as for an outsider. A membership whose roles do not grant the
permission: 403. Objects of another office or ward are never looked up: 404 (each app's access.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve

from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission, Scope

View = Callable[..., HttpResponse]
UUID_IN_PATH = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ANY_UUID = "00000000-0000-4000-8000-000000000000"


def active_membership(request: HttpRequest) -> Membership:
    """The membership in which this request acts.

    Raises Http404 when the user has none in force today.
    """
    membership = getattr(request, "membership", None)
    if membership is None:
        raise Http404("no membership in force")
    return cast(Membership, membership)


def active_office(request: HttpRequest) -> Office:
    """The office in which this request acts.

    Raises Http404 for members of a ward, the city or the installation.
    """
    office = active_membership(request).office
    if office is None:
        raise Http404("no office")
    return office


def check(request: HttpRequest, *permissions: Permission) -> Membership:
    """The active membership, which must hold every one of `permissions`.

    Raises Http404 without a membership, PermissionDenied without the permission.
    """
    membership = active_membership(request)
    if not all(membership.may(permission) for permission in permissions):
        raise PermissionDenied
    return membership


def requires(*permissions: Permission, scope: Scope | None = None) -> Callable[[View], View]:
    """Let a view run only for a membership with all of `permissions`, in `scope` where given."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            membership = check(request, *permissions)
            if scope is not None and membership.scope != scope:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required_permissions = permissions  # type: ignore[attr-defined]  # for the matrix
        return guarded

    return decorate


def may_open(membership: Membership, url: str) -> bool:
    """Whether the roles held open the page at `url`, by what its view requires.

    Whose object it shows is asked by the view itself.
    """
    return all(map(membership.may, _required(UUID_IN_PATH.sub(ANY_UUID, url))))


@lru_cache(maxsize=1_000)
def _required(path: str) -> tuple[Permission, ...]:
    """What a page asks for: the same whose-ever page it is, so that whole lists of links are cheap."""
    return tuple(getattr(resolve(path).func, "required_permissions", ()))


def note_read(request: HttpRequest, subject: Any, *, person_id: Any = None) -> None:
    """Remember that `subject` was read; one audit line is written after the response."""
    reads = getattr(request, "audit_reads", None)
    if reads is None:
        reads = request.audit_reads = []  # type: ignore[attr-defined]
    reads.append((subject._meta.model_name, subject.public_id, person_id))
