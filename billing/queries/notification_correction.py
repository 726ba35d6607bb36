"""届出の訂正: which closed months another span of an addition or reduction touches."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from billing.models import OfficeNotification
from billing.queries.tier_correction import closed_words
from plans.queries.life_correction import Told, mark_of
from teikyaku.periods import Month


def notification_touches(
    row: OfficeNotification, first: date | None, last: date | None, until: Month
) -> Told:
    """The closed months up to `until` that gain or lose the item, where it holds from `first` to `last`.

    `first` None: it never held (one query, none where no month gains or loses it).
    """
    before, after = _months(row.first_month, row.last_month, until), _months(first, last, until)
    gained = (
        closed_words(
            row.office_id,
            after - before,
            _("もう締めた月に、この届出がつきます：%(month)s（%(n)d人）。"),
        )
        if after - before
        else ()
    )
    lost = (
        closed_words(
            row.office_id,
            before - after,
            _("もう締めた月から、この届出がなくなります：%(month)s（%(n)d人）。"),
        )
        if before - after
        else ()
    )
    # What holds of closed months is said once.
    words = tuple(dict.fromkeys((*gained[:-1], *lost))) if lost else gained
    return Told(words, mark_of(row, words))


def _months(first: date | None, last: date | None, until: Month) -> set[Month]:
    if first is None:
        return set()
    end = min(until, Month.of(last)) if last else until
    return set(Month.span(Month.of(first), end)) if Month.of(first) <= end else set()
