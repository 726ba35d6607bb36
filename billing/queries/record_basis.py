"""就労定着実績体制加算: what the facts lead to for a fiscal year, beside what the office notified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.enums import NotifiedItem
from billing.models import OfficeNotification
from billing.queries.survivors import lacks_of_record
from clients.queries.evidence import work_evidence
from clients.queries.job_stay import JobStay, job_stays
from clients.rules.work_record import PersonStayed, Stay, WorkRecord, work_record
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.periods import Month, fiscal_year, fiscal_year_period


@dataclass(frozen=True, slots=True)
class RecordBasis:
    """One office and fiscal year: the people, the share, and the 届出 that holds in the year."""

    year: int
    stays: tuple[JobStay, ...]
    found: WorkRecord
    confirmed: OfficeNotification | None
    lacks: str = ""
    """Whom the share lacks where the office moved in, in words."""

    @property
    def people(self) -> tuple[PersonStayed, ...]:
        """How each of `stays` counts."""
        return self.found.people[: len(self.stays)]

    @property
    def erased(self) -> tuple[PersonStayed, ...]:
        """How those count whose file is erased: nobody knows who they are."""
        return self.found.people[len(self.stays) :]

    @property
    def long(self) -> int:
        """The numerator: who worked for the months asked for, as far as is known."""
        return self.found.count(Stay.LONG)

    @property
    def open(self) -> int:
        """Of how many it is not known whether they did."""
        return self.found.count(Stay.UNKNOWN)

    @property
    def differences(self) -> tuple[str, ...]:
        """Where the facts of today and what was notified are not the same."""
        row = self.confirmed
        if row is None:
            return ()
        lines: list[str] = []
        if fiscal_year(row.first_month) != self.year:
            words = _("届出は%(month)sからのものです。この年度の人数では確認していません。")
            lines.append(words % {"month": Month.of(row.first_month).label})
        elif row.denominator is None:
            lines.append(_("届出のときの人数の記録がありません。"))
        elif not self.lacks and (row.numerator, row.denominator) != (self.long, self.found.total):
            facts = {
                "was": f"{row.numerator} / {row.denominator}",
                "now": f"{self.long} / {self.found.total}",
            }
            lines.append(_("人数：届出のときは%(was)s、いまの記録では%(now)s") % facts)
        if not self.found.is_met and not self.lacks:
            lines.append(_("届出がありますが、いまの記録では7割に届いていません。"))
        return tuple(lines)


def record_basis(office: Office, year: int, on: date) -> RecordBasis:
    """The basis of the addition for `year` as known on `on` (nine queries, however many people)."""
    stays = job_stays(office, on, date(year, 3, 31))
    return RecordBasis(
        year=year,
        stays=tuple(stays),
        found=work_record([*(stay.fact for stay in stays), *work_evidence(office, year, on)], year),
        confirmed=notified_record(office, year, on),
        lacks=lacks_of_record(first_month_here(office), year),
    )


def notified_record(office: Office, year: int, on: date) -> OfficeNotification | None:
    """The 届出 that holds in a month of the fiscal year, the last one; nothing notified after `on`."""
    days = fiscal_year_period(year)
    rows = OfficeNotification.objects.filter(
        Q(last_month__isnull=True) | Q(last_month__gte=days.starts_on),
        office=office, item=NotifiedItem.RETENTION_RECORD, first_month__lte=days.ends_on,
        notified_on__lte=on,
    )  # fmt: skip
    return rows.order_by("first_month").last()
