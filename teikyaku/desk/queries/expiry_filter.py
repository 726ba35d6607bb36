"""The conditions of 期限 of an office: those of every board, and whose the ends are."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from plans.queries.expiry import expiry_labels
from plans.queries.expiry_filter import SPANS, EndFilter, end_filter
from teikyaku.accounts.models import Membership

__all__ = ["SPANS", "ExpiryFilter", "expiry_filter"]


@dataclass(frozen=True, slots=True)
class ExpiryFilter:
    """What the board is narrowed down to."""

    ends: EndFilter
    staff: Membership | None = None

    @property
    def conditions(self) -> str:
        """The query that asks for this."""
        return self.ends.conditions

    @property
    def words(self) -> str:
        """The same in words."""
        whose = self.staff.user.name if self.staff else _("全員")
        return self.ends.words_of(expiry_labels(), whose)


def expiry_filter(query: QueryDict, team: list[Membership]) -> ExpiryFilter:
    """What an address asks for; `team`: whose ends can be asked for."""
    staff = next((m for m in team if str(m.public_id) == query.get("staff")), None)
    kept = (("staff", str(staff.public_id)),) if staff else ()
    return ExpiryFilter(end_filter(query, expiry_labels(), kept), staff)
