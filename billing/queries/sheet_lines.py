"""結果票の行 of the other offices: what a corrected sheet says otherwise though our own line is the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from billing.models import CapResultLine, PersonMonth
from billing.queries.cap_figures import CapFigures
from billing.queries.last_sent import revised_results
from billing.rules.difference import SheetLine
from teikyaku.periods import Month

SheetLines = Mapping[int, tuple[SheetLine, ...]]
"""By the key of a result; only of those that were asked about."""


def lines_where_written_again(
    rows: Iterable[PersonMonth], managed: Mapping[tuple[int, Month], CapFigures]
) -> SheetLines:
    """The other offices' lines of both sheets, where a closed month has a later one than it was closed by.

    Two queries, and none where no sheet was written again. Under the key of the result a month was closed
    by stand the lines that were sent last: those of a 修正 alone, if there is one.
    """
    again: dict[int, int] = {}
    keys: set[int] = set()
    for row in rows:
        now = managed.get((row.enrolment_id, Month.of(row.month)))
        if now is not None and row.cap_result_id not in (None, now.key):
            again[row.pk] = row.cap_result_id
            keys |= {row.cap_result_id, now.key}
    if not again:
        return {}
    sent = {again[row]: result.pk for row, result in revised_results(again).items()}
    lines = _lines_of({*keys, *sent.values()})
    return {**lines, **{key: lines.get(result, ()) for key, result in sent.items()}}


def _lines_of(keys: set[int]) -> SheetLines:
    found: dict[int, tuple[SheetLine, ...]] = defaultdict(tuple)
    lines = CapResultLine.objects.filter(result__in=keys, is_own=False).order_by("position")
    for line in lines:
        found[line.result_id] += (
            SheetLine(
                line.office_number, line.total_cost_yen, line.before_yen, line.after_yen
            ),
        )  # fmt: skip
    return found
