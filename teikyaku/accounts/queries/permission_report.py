"""権限の一覧 of an office: who may what on a day, who was invited, and whose membership ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator

from teikyaku.accounts.models import AuditEvent, Membership, Office
from teikyaku.accounts.roles import ROLE_TABLE, Permission, Role, Scope, permissions_of, roles_for

ENDING_DAYS = 60
ENDED_DAYS = 90


@dataclass(frozen=True, slots=True)
class Holder:
    """One membership with who gave it; factor and last sign-in are as they stand now."""

    membership: Membership
    given_by: str
    has_second_factor: bool

    @property
    def is_invited(self) -> bool:
        """Whether the invitation still waits to be taken."""
        return not self.membership.user.has_usable_password()

    @property
    def permissions(self) -> list[Permission]:
        """What the roles grant together, in the order of the role table."""
        held = permissions_of(self.membership.roles)
        return [permission for permission in Permission if permission in held]


@dataclass(frozen=True, slots=True)
class PermissionReport:
    """The office on the day: who may, who is still invited, whose time ends or has ended."""

    holders: tuple[Holder, ...]
    invited: tuple[Holder, ...]
    ending: tuple[Holder, ...]
    ended: tuple[Holder, ...]


def permission_report(office: Office, on: date, today: date) -> PermissionReport:
    """The report of `on` (three queries); invitations are those that wait `today`."""
    rows = _holders(office)
    return PermissionReport(
        holders=tuple(row for row in rows if _may(row.membership, on, today)),
        invited=tuple(row for row in rows if row.is_invited and _is_open(row.membership, today)),
        ending=tuple(row for row in rows if _ends(row.membership, on, today)),
        ended=tuple(row for row in rows if _has_ended(row.membership, on, today)),
    )


def role_permissions() -> list[tuple[Role, list[Permission]]]:
    """The roles of an office with what each may, in the order of the role table."""
    return [
        (role, [each for each in Permission if each in ROLE_TABLE[role]])
        for role in roles_for(Scope.OFFICE)
    ]


def _may(row: Membership, on: date, today: date) -> bool:
    # Ended by hand today: worked here today, and gets in no more.
    return row.worked_on(on) and (row.ended_at is None or on < today)


def _is_open(row: Membership, today: date) -> bool:
    return row.ended_at is None and (row.ends_on is None or row.ends_on >= today)


def _ends(row: Membership, on: date, today: date) -> bool:
    last = on + timedelta(days=ENDING_DAYS)
    return _may(row, on, today) and row.ends_on is not None and row.ends_on <= last


def _has_ended(row: Membership, on: date, today: date) -> bool:
    if row.ends_on is None or row.starts_on > on or _may(row, on, today):
        return False
    return on - timedelta(days=ENDED_DAYS) <= row.ends_on <= on


def _holders(office: Office) -> list[Holder]:
    found = Membership.objects.filter(office=office).select_related("user")
    rows = list(found.order_by("user__name", "starts_on", "pk"))
    givers = _givers(rows)
    factors = _with_factor(rows)
    return [Holder(row, givers.get(row.public_id, ""), row.user_id in factors) for row in rows]


def _givers(rows: list[Membership]) -> dict[object, str]:
    """Who wrote the first line about each membership: who gave it."""
    lines = AuditEvent.objects.filter(
        subject_type="membership",
        subject_id__in=[row.public_id for row in rows],
        outcome=AuditEvent.Outcome.DONE,
        user__isnull=False,
    ).order_by("-at", "-pk")
    return dict(lines.values_list("subject_id", "user__name"))


def _with_factor(rows: list[Membership]) -> set[int]:
    """Users with an app or a passkey; recovery codes alone are none."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    users = [row.user_id for row in rows]
    found = Authenticator.objects.filter(user__in=users, type__in=types)
    return set(found.values_list("user_id", flat=True))
