"""役割の変更: what somebody was on past days, and the due dates that hang on it.

Whether a meeting counts is asked of its own day (`Interview.is_by_support_worker`), so a change from a
day that has passed moves money, lists and due dates alike. Only the due dates are stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from clients.models import Enrolment
from plans.actions.pace import refresh_dues
from plans.models import Interview
from teikyaku.accounts.actions import membership as membership_actions
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of


@transaction.atomic
def change_roles(
    *, membership: Membership, roles: Iterable[str], starts_on: date, by: Membership, at: datetime
) -> Membership:
    """As the action on memberships; due dates follow where somebody was met since that day.

    Raises ValidationError as that does.
    """
    new = membership_actions.change_roles(
        membership=membership, roles=roles, starts_on=starts_on, by=by, at=at
    )
    if new.office_id is not None and starts_on <= date_of(at):
        refresh_dues(_met_since(new, starts_on), on=date_of(at))
    return new


def _met_since(member: Membership, first: date) -> QuerySet[Enrolment]:
    met = Interview.objects.standing().filter(
        met_by__user=member.user_id, enrolment__office=member.office_id, held_on__gte=first
    )
    return Enrolment.objects.filter(pk__in=met.values("enrolment"))
