"""人員欠如減算 of an office's month: what the facts of staffing lead to, beside what was notified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.enums import NotifiedItem
from billing.models import OfficeNotification
from billing.rules.staffing_reduction import (
    Reduction,
    Shortage,
    manager_reduction,
    worker_reduction,
)
from clients.models import OfficeStaffing
from clients.queries.staffing import needed_in
from clients.rules.staffing import Needed
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.accounts.roles import Role
from teikyaku.periods import Month, Period
from teikyaku.prepared import prepared

LOOK_BACK = 24
MANAGERS = (NotifiedItem.NO_MANAGER.value, NotifiedItem.NO_MANAGER_LONG.value)
WORKERS = (NotifiedItem.FEW_WORKERS.value, NotifiedItem.FEW_WORKERS_LONG.value)


@dataclass(frozen=True, slots=True)
class StaffingFinding:
    """One of the two reductions in a month: by the facts, and as notified."""

    month: Month
    role: str
    by_facts: Reduction | None
    notified: str
    """The notified item, "" for none."""
    is_older: bool = False
    """Staff was short already in the first month that is looked at: since when is not known here."""
    is_doubled: bool = False
    """Both halves of the reduction are notified for the month, of which only one can hold."""

    @property
    def is_contradiction(self) -> bool:
        """Whether facts and 届出 lead to different units."""
        return self.is_doubled or (self.by_facts.item if self.by_facts else "") != self.notified

    @property
    def text(self) -> str:
        """What the facts say, what was notified, in words."""
        notified = NotifiedItem(self.notified).label if self.notified else ""
        if self.is_doubled:
            words = _("%(month)s：%(role)sの欠如減算の届出が、二つ重なっています。")
            return words % {"month": self.month.label, "role": self.role}
        if self.by_facts is None:
            words = _("%(month)s：届出に「%(item)s」がありますが、記録では%(role)sは足りています。")
            return words % {"month": self.month.label, "item": notified, "role": self.role}
        words = _(
            "%(month)s：記録では、%(role)sが%(since)sの末より前から足りません。この月は「%(item)s」です。"
            if self.is_older
            else "%(month)s：記録では、%(role)sが%(since)sの末から足りません。%(first)sから減算になり、"
            "この月は%(nth)dか月目で「%(item)s」です。"
        )
        told = words % {
            "month": self.month.label, "role": self.role, "since": self.by_facts.short_since.label,
            "first": self.by_facts.first.label, "nth": self.by_facts.nth,
            "item": NotifiedItem(self.by_facts.item).label,
        }  # fmt: skip
        if not self.is_contradiction:
            return told + _("届出も同じです。")
        if notified:
            return told + _("届出は「%(item)s」です。") % {"item": notified}
        return told + _("届出がありません。")


def staffing_findings(
    office: Office, first: Month, last: Month, on: date
) -> tuple[StaffingFinding, ...]:
    """Every month from `first` to `last` in which a reduction holds by the facts or the 届出.

    Of an office whose needs are not known (its first year, no full posts on file) nothing is told, nor of
    staff before the first month that it bills here, who are not on file. A constant number of queries, six.
    """
    opened, here = Month.of(office.opened_on), first_month_here(office)
    begins = opened if here is None else max(opened, here)
    earliest = max(begins, first - LOOK_BACK)
    known = [month for month in Month.span(earliest, last) if month.last_day <= on]
    needed = needed_in(office, {month.fiscal_year for month in known})
    managers, workers = _managers(office, known, needed), _workers(office, known, needed)
    notified = _notified.rows(office=office.pk, first=first, last=last)
    found = []
    for month in Month.span(first, last):
        sides = (
            (managers, manager_reduction(managers, month), MANAGERS, Role.SERVICE_MANAGER),
            (workers, worker_reduction(workers, month), WORKERS, Role.SUPPORT_WORKER),
        )
        for facts, reduction, items, role in sides:
            said = _notified_in(notified, items, month)
            if len(said) > 1 or (facts and (reduction or said)):
                since = reduction.short_since if reduction else None
                is_older = begins < earliest == since
                found.append(
                    StaffingFinding(
                        month, str(role.label), reduction, max(said, key=items.index, default=""),
                        is_older, len(said) > 1,
                    )
                )  # fmt: skip
    return tuple(found)


@prepared("office")
def _notified(office: int, first: Month, last: Month) -> QuerySet[OfficeNotification]:
    begun = OfficeNotification.objects.filter(
        office=office, item__in=(*MANAGERS, *WORKERS), first_month__lte=last.first_day
    )
    return begun.exclude(last_month__lt=first.first_day)


def _notified_in(
    rows: Sequence[OfficeNotification], items: tuple[str, ...], month: Month
) -> list[str]:
    day = month.first_day
    return [
        row.item
        for row in rows
        if row.item in items
        and row.first_month <= day
        and (row.last_month is None or day <= row.last_month)
    ]


def _managers(
    office: Office, months: Sequence[Month], needed: dict[int, Needed | None]
) -> list[Shortage]:
    """サービス管理責任者 in post on the last day of each month, of as many as are needed."""
    rows = [row for row in _members.rows(office=office.pk) if row.has_role(Role.SERVICE_MANAGER)]
    found = []
    for month in months:
        need = needed[month.fiscal_year]
        if need is None:
            continue
        there = {
            row.user_id
            for row in rows
            if Period(row.starts_on, row.ends_on).contains(month.last_day)
        }
        missing = max(0, need.managers - len(there))
        found.append(Shortage(month, Fraction(missing, need.managers)))
    return found


def _workers(
    office: Office, months: Sequence[Month], needed: dict[int, Needed | None]
) -> list[Shortage]:
    """Full posts on file on the last day of each month, of as many as are needed."""
    rows = _posts.rows(office=office.pk)
    found = []
    for month in months:
        need = needed[month.fiscal_year]
        posts = [row.worker_posts for row in rows if row.starts_on <= month.last_day]
        if need is None or not posts or need.workers == 0:
            continue
        missing = max(Fraction(0), need.workers - Fraction(posts[-1]))
        found.append(Shortage(month, missing / need.workers))
    return found


@prepared("office")
def _members(office: int) -> QuerySet[Membership]:
    return Membership.objects.filter(office=office).only("user_id", "roles", "starts_on", "ends_on")


@prepared("office")
def _posts(office: int) -> QuerySet[OfficeStaffing]:
    return OfficeStaffing.objects.filter(office=office).order_by("starts_on")
