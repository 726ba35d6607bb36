"""Closing a month: freeze who is ready; held people follow in a later run of the same month.

Computed outside, written in one short transaction: COPY or executemany, whatever the size of the
office. Closing twice, or two at once, gives one result: the run's number and each person's month are
unique in the database. Killed on the way, it leaves nothing: the next run closes all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.actions.fee_table import hold_fee_table
from billing.actions.office import hold_confirmation
from billing.models import MonthClosing, PersonMonth, PersonMonthLine
from billing.queries.month import MonthBoard, MonthEntry, month_board
from billing.queries.office_month import OfficeMonth
from teikyaku.accounts.actions.audit import audit, audit_all
from teikyaku.accounts.models import Membership, Office
from teikyaku.bulk import insert_all, insert_rows
from teikyaku.bulk_alike import Block, insert_alike
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.frozen import digest_of_canonical
from teikyaku.periods import Month


def close_month(
    *,
    office: Office,
    month: Month,
    by: Membership,
    at: datetime,
    as_notified: bool = False,
) -> MonthClosing:
    """Freeze everybody who is ready in the office's month.

    `as_notified`: staffing facts and 届出 contradict each other (`queries.staffing_asks`), and whoever
    closes was shown that and closes all the same; that is recorded.

    Raises ValidationError before the month is over, when nobody is ready (closed already), with a
    sample fee table or sample codes in production, or when somebody else has just closed it.
    """
    on = date_of(at)
    if on <= month.last_day:
        raise ValidationError(_("月が終わってから締めます。"))
    asked = to_close(office, month_board(office, month, on), by)
    with transaction.atomic():
        (closing,) = close_boards([asked], at=at)
        if as_notified:
            audit(verb="month_closed_as_notified", subject=closing, by=by, at=at)
    return closing


class ToClose(NamedTuple):
    """An office's month that was read and computed already and is over, and who closes it."""

    office: Office
    board: MonthBoard
    by: Membership
    ready: Sequence[MonthEntry]
    """Whom the board would close, in its order."""


def to_close(office: Office, board: MonthBoard, by: Membership) -> ToClose:
    """The board of an office, with who is ready: that is looked for and sorted once."""
    return ToClose(office, board, by, board.ready)


def close_boards(boards: Sequence[ToClose], *, at: datetime) -> list[MonthClosing]:
    """As `close_month` for the month of each office, in one transaction: all of them or none."""
    for each in boards:
        _check(each)
    with violations_as_validation_errors(MonthClosing, PersonMonth), transaction.atomic():
        return _freeze(boards, at)


def _check(asked: ToClose) -> None:
    board = asked.board
    if not asked.ready:
        raise ValidationError(_("いま締められる方はいません。"))
    if board.office_month.is_sample and settings.MODE == "production":
        raise ValidationError(_("見本の報酬表では締められません。報酬表を確認してください。"))
    if board.office_month.has_sample_codes and settings.MODE == "production":
        raise ValidationError(
            _("見本のサービスコードでは締められません。取り込みを取り下げてください。")
        )


def _freeze(boards: Sequence[ToClose], at: datetime) -> list[MonthClosing]:
    _hold_tables([each.board.office_month for each in boards])
    closings = [_closing(each, at) for each in boards]
    insert_all(closings)
    entries = [
        (closing, entry)
        for closing, each in zip(closings, boards, strict=True)
        for entry in each.ready
    ]
    # Two runs may want the same person's month.
    keys = insert_rows(PersonMonth, (row_values(*each) for each in entries), by="client")
    blocks = _blocks(keys, [entry for _closing, entry in entries])
    insert_alike(PersonMonthLine, "person_month", blocks)
    subjects = [(closing, each.by) for closing, each in zip(closings, boards, strict=True)]
    audit_all(verb="month_closed", subjects=subjects, at=at)
    return closings


def _hold_tables(months: Iterable[OfficeMonth]) -> None:
    """What was computed by stays in force until the transaction ends; each table once."""
    held = set()
    for each in months:
        tariff = each.tariff
        assert tariff is not None  # noqa: S101  (nobody is ready without one)
        if (tariff.name, each.month) in held:
            continue
        held.add((tariff.name, each.month))
        if tariff.imported_as is not None:
            hold_fee_table(tariff.imported_as)
        if tariff.confirmed_by:
            hold_confirmation(tariff.name, each.month)


def _closing(each: ToClose, at: datetime) -> MonthClosing:
    own = each.board.office_month
    assert own.tariff is not None  # noqa: S101  (nobody is ready without one)
    return MonthClosing(
        office=each.office,
        month=own.month.first_day,
        number=len(each.board.closings) + 1,
        closed_at=at,
        closed_by=each.by,
        tariff=own.tariff.name,
        is_sample_tariff=own.tariff.is_sample,
        digest=digest_of_canonical([entry_values(entry) for entry in each.ready]),
    )


def entry_values(entry: MonthEntry) -> dict[str, Any]:
    """What of an entry is frozen, as the digest takes it: texts and whole numbers, each in one spelling."""
    sums, result = entry.copayment, entry.cap_result
    assert sums is not None  # noqa: S101  (only ready entries come here)
    return {
        # Only where there is one: the digests of older months know no such key.
        **({"cap_outcome": result.outcome} if result else {}),
        **({"edition": entry.edition} if entry.edition > 1 else {}),
        **({"subsidy": [_subsidised_by(entry), entry.subsidy_yen]} if entry.subsidy_yen else {}),
        "client": entry.support.client_id,
        "municipality": entry.support.municipality_id,
        "number": entry.support.certificate_number,
        "units": sums.units,
        "unit_price": f"{sums.unit_price:.3f}",
        "total": sums.total_cost_yen,
        "tenth": sums.one_tenth_yen,
        "cap": sums.cap_yen,
        "copayment": sums.decided_yen,
        "lines": [[line.kind, line.units, line.times, line.total_units] for line in entry.lines],
    }


def row_values(closing: MonthClosing, entry: MonthEntry) -> dict[str, Any]:
    """The frozen row (`PersonMonth`) of an entry that is ready, by field."""
    sums, support = entry.copayment, entry.support
    assert sums is not None and support.municipality_id is not None  # noqa: S101, PT018
    return {
        "closing_id": closing.pk,
        "enrolment_id": support.enrolment_id,
        "client_id": support.client_id,
        "month": support.month.first_day,
        "edition": entry.edition,
        "municipality_id": support.municipality_id,
        "certificate_number": support.certificate_number,
        "units": sums.units,
        "unit_price": sums.unit_price,
        "total_cost_yen": sums.total_cost_yen,
        "one_tenth_yen": sums.one_tenth_yen,
        "cap_yen": sums.cap_yen,
        "cap_result_id": entry.cap_result.key if entry.cap_result else None,
        "copayment_yen": sums.decided_yen,
        "benefit_yen": sums.benefit_yen,
        "subsidy_municipality_id": _subsidised_by(entry),
        "subsidy_yen": entry.subsidy_yen,
    }


def _subsidised_by(entry: MonthEntry) -> int | None:
    """Who pays a part of the copayment; nobody where the part comes to nothing."""
    given = entry.additions.subsidy
    return given.municipality_id if given is not None and entry.subsidy_yen else None


def line_values(person_month: int, entry: MonthEntry) -> list[dict[str, Any]]:
    """The frozen lines (`PersonMonthLine`) of an entry, by field; `person_month` is the key of its row."""
    return [{"person_month_id": person_month, **line} for line in _lines(entry)]


def _blocks(keys: Sequence[int], entries: Sequence[MonthEntry]) -> Iterator[Block]:
    """As `line_values` of many: people of the same items share their lines."""
    owners: dict[int, list[int]] = defaultdict(list)
    # The entries hold their lines meanwhile, so that no others get their id.
    for key, entry in zip(keys, entries, strict=True):
        owners[id(entry.lines)].append(key)
    kinds = {id(entry.lines): entry for entry in entries}
    return (Block(owners[key], _lines(entry)) for key, entry in kinds.items())


def _lines(entry: MonthEntry) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "kind": line.kind,
            "label": line.label,
            "units": line.units,
            "times": line.times,
            "total_units": line.total_units,
            "expression": line.expression,
            "rule": line.rule,
            "source": line.source,
            "certainty": line.certainty.value,
        }
        for position, line in enumerate(entry.lines, 1)
    ]
