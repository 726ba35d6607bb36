"""上限額管理結果: the sheet that is made here, and the answer of the office that manages the cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import CapResult, CapResultLine, PersonMonth
from billing.rules.cap_management import (
    CapOutcome,
    Rank,
    Share,
    fault_of_own,
    faults_of_figures,
    faults_of_sheet,
    shared_out,
)
from clients.models import Enrolment
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """What one office reported for the month. Money in yen."""

    number: str
    name: str
    rank: Rank
    total_cost_yen: int
    before_yen: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the office that manages the cap answered about our own line. Money in yen."""

    number: str
    name: str
    outcome: CapOutcome
    after_yen: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """結果票 as it would be recorded: one's own office first where it manages the cap."""

    outcome: CapOutcome
    lines: tuple[tuple[OfficeFigures, Share], ...]

    @property
    def own(self) -> Share:
        """The line of the office that makes the sheet."""
        return self.lines[0][1]


def made_sheet(*, cap_yen: int, own: OfficeFigures, others: Sequence[OfficeFigures]) -> Sheet:
    """The sheet of a month whose cap is managed here, the managing office first (docs/rules.md §5).

    Raises ValidationError, with the place of a line as the key, where figures cannot be, and without
    any other office.
    """
    if not others:
        raise ValidationError(_("ほかの事業所を1つ以上入れてください。"))
    figures = (own, *others)
    if len({each.number for each in figures}) < len(figures):
        raise ValidationError(
            _("同じ事業所番号の行があります。1つの事業所は1行にまとめてください。")
        )
    shares = [
        Share(each.rank, each.total_cost_yen, each.before_yen, is_manager=each is own)
        for each in figures
    ]
    if faults := faults_of_figures(cap_yen, shares):
        raise ValidationError({str(fault.line): fault.text for fault in faults})
    outcome, shared = shared_out(cap_yen, shares)
    assert not faults_of_sheet(outcome, cap_yen, shared)  # noqa: S101  (the rule keeps its own checks)
    return Sheet(outcome, tuple(zip(figures, shared, strict=True)))


@transaction.atomic
def record_made_sheet(
    *, enrolment: Enrolment, month: Month, cap_yen: int, sheet: Sheet, decided_on: date,
    reason: str = "", by: Membership, at: datetime,
) -> CapResult:  # fmt: skip
    """Keep a sheet that was made here. Raises ValidationError as `record_answer`."""
    own, share = sheet.lines[0]
    row = CapResult(
        enrolment=enrolment, month=month.first_day, outcome=sheet.outcome, cap_yen=cap_yen,
        is_made_here=True, managing_office_number=own.number, managing_office_name=own.name,
        decided_on=decided_on, own_total_yen=share.total_cost_yen, own_before_yen=share.before_yen,
        own_after_yen=share.after_yen, reason=reason,
    )  # fmt: skip
    stored = _stored(row, by, at)
    CapResultLine.objects.bulk_create(
        CapResultLine(
            result=stored, position=position, office_number=figures.number,
            office_name=figures.name, rank=figures.rank, is_own=position == 1,
            total_cost_yen=each.total_cost_yen, before_yen=each.before_yen,
            after_yen=each.after_yen,
        )
        for position, (figures, each) in enumerate(sheet.lines, 1)
    )  # fmt: skip
    return stored


@transaction.atomic
def record_answer(
    *, enrolment: Enrolment, month: Month, cap_yen: int, own_total_yen: int, own_before_yen: int,
    told: Told, decided_on: date, reason: str = "", by: Membership, at: datetime,
) -> CapResult:  # fmt: skip
    """Keep what the managing office answered about our own line.

    Raises ValidationError by field where it cannot be (docs/rules.md §5), where the month is closed,
    or where somebody has just recorded another answer.
    """
    if fault := fault_of_own(told.outcome, own_before_yen, told.after_yen):
        raise ValidationError({"own_after_yen": fault})
    row = CapResult(
        enrolment=enrolment, month=month.first_day, outcome=told.outcome, cap_yen=cap_yen,
        is_made_here=False, managing_office_number=told.number, managing_office_name=told.name,
        decided_on=decided_on, own_total_yen=own_total_yen, own_before_yen=own_before_yen,
        own_after_yen=told.after_yen, reason=reason,
    )  # fmt: skip
    return _stored(row, by, at)


def _stored(row: CapResult, by: Membership, at: datetime) -> CapResult:
    enrolment, month = row.enrolment, row.month
    # Against a close at the same time: it holds nothing, but its row is unique for the month.
    if PersonMonth.objects.filter(enrolment=enrolment, month=month).exists():
        raise ValidationError(_("この月は締めてあります。結果は変えられません。"))
    if row.decided_on < month:
        raise ValidationError({"decided_on": _("サービスの月より前の日付です。")})
    known = CapResult.objects.filter(enrolment=enrolment, month=month).count()
    row.number = known + 1
    verb = "cap_result_corrected" if known else "cap_result_recorded"
    return save_record(row, verb=verb, by=by, at=at, person_id=enrolment.client.public_id)


def own_figures(*, number: str, name: str, total_cost_yen: int, before_yen: int) -> OfficeFigures:
    """The office's own part of a sheet: 就労定着支援."""
    return OfficeFigures(number, name, Rank.RETENTION, total_cost_yen, before_yen)
