"""利用者負担額一覧: one's own figures of a month for the offices that manage the caps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.queries.cap_management import CapRow, cap_rows
from billing.queries.mending import is_cut, short_label
from billing.queries.month import MonthEntry, month_board
from plans.rules.month import MonthState
from teikyaku.accounts.models import Office
from teikyaku.periods import Month

SERVICE = "就労定着支援"
# What waits for the answer itself does not make the figures unsure.
_OF_THE_ANSWER = {"cap_management", "cap_result_off"}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One person's figures for the managing office. Money in yen; None while a figure is missing."""

    name: str
    kana: str
    certificate_number: str
    municipality: str
    total_cost_yen: int | None
    before_yen: int | None
    note: str
    """Why the figures may still change; "" where they are sure."""


@dataclass(frozen=True, slots=True)
class CapReport:
    """What one managing office is told: of its own people alone."""

    number: str
    manager: str
    lines: tuple[ReportLine, ...]

    @property
    def key(self) -> str:
        """The office in an address: its number, else its name."""
        return self.number or self.manager


def cap_reports(
    office: Office, month: Month, on: date, rows: Sequence[CapRow] | None = None
) -> tuple[CapReport, ...]:
    """By managing office, everybody whose cap is managed elsewhere and who has a fee in the month.

    `rows`: what `cap_rows` answered, where it was asked already. A constant number of queries.
    """
    everybody = cap_rows(office, month, on) if rows is None else rows
    theirs = [row for row in everybody if _is_told(office, row)]
    if not theirs:
        return ()
    entries = {
        entry.support.enrolment_public_id: entry for entry in month_board(office, month, on).entries
    }
    found: dict[tuple[str, str], list[ReportLine]] = defaultdict(list)
    for row in theirs:
        entry = None if row.is_closed else entries.get(row.enrolment_id)
        if entry is None or entry.state != MonthState.NOT_BILLABLE:
            found[row.managing_number, row.managing_name].append(_line(row, entry))
    return tuple(
        CapReport(number, name, tuple(sorted(lines, key=lambda line: (line.kana, line.name))))
        for (number, name), lines in sorted(found.items())
    )


def _is_told(office: Office, row: CapRow) -> bool:
    is_alone = row.result is not None and row.result.is_alone
    is_other = row.managing_number != office.number
    return is_other and not is_alone and not row.is_withdrawn


def _line(row: CapRow, entry: MonthEntry | None) -> ReportLine:
    reasons = entry.reasons if entry else ()
    waiting = [
        short_label(each)
        for each in reasons
        if each.code not in _OF_THE_ANSWER and not is_cut(each)
    ]
    return ReportLine(
        name=row.name,
        kana=row.kana,
        certificate_number=row.certificate_number,
        municipality=row.municipality,
        total_cost_yen=row.total_cost_yen,
        before_yen=row.before_yen,
        note="・".join(waiting),
    )
