"""職員の一覧: several people invited at once, and taken back as long as nobody of them has begun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from teikyaku.accounts.actions.membership import LinkOf, end_membership, invite
from teikyaku.accounts.actions.outbox import withdraw
from teikyaku.accounts.actions.qualification import add_qualification
from teikyaku.accounts.models import Membership, Office, OutboxMail, StaffQualification
from teikyaku.accounts.queries.staff_list import has_begun, invited_at
from teikyaku.accounts.roles import ROLE_SCOPES, Role, Scope


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is to work in the office, as a list of staff says it."""

    email: str
    name: str
    roles: tuple[str, ...]
    starts_on: date
    kana: str = ""
    kind: str = ""
    obtained_on: date | None = None
    valid_until: date | None = None
    ends_on: date | None = None
    """The last day here, where it is known."""
    more: tuple[Colleague, ...] = ()
    """Further lines about the same person: their qualifications come in too."""

    def joined(self, other: Colleague) -> Colleague:
        """One person of two lines: all roles, from the earlier day on."""
        roles = {*self.roles, *other.roles}
        return replace(
            self,
            roles=tuple(role.value for role in Role if role.value in roles),
            starts_on=min(self.starts_on, other.starts_on),
            kana=self.kana or other.kana,
            ends_on=self.ends_on or other.ends_on,
            more=(*self.more, other),
        )


@transaction.atomic
def invite_staff(
    *, office: Office, people: Iterable[Colleague], link_of: LinkOf, by: Membership, at: datetime
) -> list[Membership]:
    """招待 of everybody on a list into one's own office, or of nobody; with their qualifications.

    Raises ValidationError for another office, for roles that are not an office's, and as `invite`.
    """
    if by.office_id != office.pk:
        raise ValidationError(_("自分の事業所の職員だけを招待できます。"))
    made = []
    for each in people:
        if any(ROLE_SCOPES[Role(role)] is not Scope.OFFICE for role in each.roles):
            raise ValidationError(_("事業所の役割だけを選べます。"))
        member = invite(
            email=each.email, name=each.name, kana=each.kana, roles=each.roles, starts_on=each.starts_on,
            ends_on=each.ends_on, office=office, link_of=link_of, by=by, at=at,
        )  # fmt: skip
        for told in (each, *each.more):
            _qualify(member, told, by, at)
        made.append(member)
    return made


def _qualify(member: Membership, told: Colleague, by: Membership, at: datetime) -> None:
    if not told.kind:
        return
    known = StaffQualification.objects.filter(
        membership=member, kind=told.kind, valid_until=told.valid_until
    )
    if not known.exists():
        add_qualification(
            membership=member, kind=told.kind, obtained_on=told.obtained_on,
            valid_until=told.valid_until, by=by, at=at,
        )  # fmt: skip


@transaction.atomic
def take_back(*, office: Office, invited: datetime, by: Membership, at: datetime) -> int:
    """Everybody who was invited in one go and has not begun works here no more; how many.

    Raises ValidationError where one of them has taken the invitation, or done something here.
    """
    if by.office_id != office.pk:
        raise ValidationError(_("自分の事業所の職員だけを取り消せます。"))
    members = list(invited_at(office, invited).select_for_update(of=("self",)))
    if begun := [each for each in members if has_begun(each)]:
        text = _(
            "%(name)s さんが、もう使い始めています。ひとりずつ、システム管理者に頼んでください。"
        )
        raise ValidationError(text % {"name": begun[0].user.name})
    for each in members:
        StaffQualification.objects.filter(membership=each, recorded_at=invited).delete()
        end_membership(membership=each, by=by, at=at)
        waiting = OutboxMail.objects.filter(
            kind="invitation", recipient=each.user, period=invited.isoformat(), sent_at=None
        )
        withdraw(waiting, at=at)
    return len(members)
