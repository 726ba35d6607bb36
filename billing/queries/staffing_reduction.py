"""人員欠如減算 of an office's month: what the facts of staffing lead to, beside what was notified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

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
from clients.queries.staffing import needed_at, needed_in
from clients.rules.staffing import Needed
from teikyaku.accounts.models import Membership, Office, OfficeStart
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.accounts.roles import Role
from teikyaku.periods import Month, Period
from teikyaku.prepared import prepared

Row = TypeVar("Row", Membership, OfficeStaffing, OfficeNotification)
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
    def mark(self) -> str:
        """The item by the facts, and the notified one; the same while neither changes."""
        return f"{self.by_facts.item if self.by_facts else ''}-{self.notified}"

    def items_by_facts(self, items: Iterable[str]) -> list[str]:
        """The office's items of the month, as the facts would have them."""
        item = self.by_facts.item if self.by_facts else ""
        family = MANAGERS if (item or self.notified) in MANAGERS else WORKERS
        others = [each for each in items if each not in family]
        return [*others, item] if item else others

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
    here = first_month_here(office)
    known = _known(_begins(office, here), first, last, on)
    facts = _Facts(
        here,
        needed_in(office, {month.fiscal_year for month in known}),
        _members.rows(office=office.pk),
        _posts.rows(office=office.pk),
        _notified.rows(office=office.pk, first=first, last=last),
    )
    return _found(office, facts, first, last, on)


def findings_of_month(
    offices: Sequence[Office], month: Month, on: date
) -> dict[int, tuple[StaffingFinding, ...]]:
    """By office what `staffing_findings` says of one month (six queries, however many offices)."""
    keys = [office.pk for office in offices]
    here = dict(OfficeStart.objects.filter(office__in=keys).values_list("office", "first_month"))
    years = {each.fiscal_year for each in Month.span(month - LOOK_BACK, month)}
    needed = needed_at(offices, years)
    members, posts = _by_office(_members_of(keys)), _by_office(_posts_of(keys))
    notified = _by_office(_reductions(month, month).filter(office__in=keys))
    found = {}
    for office in offices:
        key, first = office.pk, here.get(office.pk)
        facts = _Facts(
            Month.of(first) if first else None,
            needed[key], members[key], posts[key], notified[key],
        )  # fmt: skip
        found[key] = _found(office, facts, month, month, on)
    return found


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is on file of one office."""

    here: Month | None
    """The first month that it bills here; None where nothing was billed elsewhere."""
    needed: dict[int, Needed | None]
    members: Sequence[Membership]
    posts: Sequence[OfficeStaffing]
    notified: Sequence[OfficeNotification]


def _by_office(rows: Iterable[Row]) -> dict[int | None, list[Row]]:
    found: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.office_id].append(row)
    return found


def _begins(office: Office, here: Month | None) -> Month:
    opened = Month.of(office.opened_on)
    return opened if here is None else max(opened, here)


def _known(begins: Month, first: Month, last: Month, on: date) -> list[Month]:
    earliest = max(begins, first - LOOK_BACK)
    return [month for month in Month.span(earliest, last) if month.last_day <= on]


def _found(
    office: Office, facts_of: _Facts, first: Month, last: Month, on: date
) -> tuple[StaffingFinding, ...]:
    begins = _begins(office, facts_of.here)
    earliest = max(begins, first - LOOK_BACK)
    known = _known(begins, first, last, on)
    managers = _managers(facts_of.members, known, facts_of.needed)
    workers = _workers(facts_of.posts, known, facts_of.needed)
    notified = facts_of.notified
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
    return _reductions(first, last).filter(office=office)


def _reductions(first: Month, last: Month) -> QuerySet[OfficeNotification]:
    begun = OfficeNotification.objects.filter(
        item__in=(*MANAGERS, *WORKERS), first_month__lte=last.first_day
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
    members: Sequence[Membership], months: Sequence[Month], needed: dict[int, Needed | None]
) -> list[Shortage]:
    """サービス管理責任者 in post on the last day of each month, of as many as are needed."""
    rows = [row for row in members if row.has_role(Role.SERVICE_MANAGER)]
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
    rows: Sequence[OfficeStaffing], months: Sequence[Month], needed: dict[int, Needed | None]
) -> list[Shortage]:
    """Full posts on file on the last day of each month, of as many as are needed."""
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


def _members_of(offices: list[int]) -> QuerySet[Membership]:
    columns = ("office_id", "user_id", "roles", "starts_on", "ends_on")
    return Membership.objects.filter(office__in=offices).only(*columns)


@prepared("office")
def _posts(office: int) -> QuerySet[OfficeStaffing]:
    return OfficeStaffing.objects.filter(office=office).order_by("starts_on")


def _posts_of(offices: list[int]) -> QuerySet[OfficeStaffing]:
    return OfficeStaffing.objects.filter(office__in=offices).order_by("starts_on")
