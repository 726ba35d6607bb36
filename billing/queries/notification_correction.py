"""届出とその訂正: which closed months a span of an addition or reduction touches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.enums import NotifiedItem
from billing.models import OfficeNotification
from billing.queries.rival_notifications import ended_for
from billing.queries.tier_correction import closed_months, stays_closed
from billing.tariffs import family_of
from plans.queries.life_correction import Told, mark_of
from teikyaku.periods import Month

_GAINED = _l("もう締めた月に、この届出がつきます：%(months)s。")


def notification_touches(
    row: OfficeNotification, first: date | None, last: date | None, until: Month
) -> Told:
    """The closed months up to `until` that gain or lose the item, where it holds from `first` to `last`.

    `first` None: it never held. One line for a fiscal year; and what ended for it and stays so (two queries).
    """
    before, after = _months(row.first_month, row.last_month, until), _months(first, last, until)
    closed = {month: n for month, n, _yen in closed_months(row.office_id, before ^ after)}
    words = (
        *_lines(closed, after - before, str(_GAINED)),
        *_lines(
            closed, before - after, _("もう締めた月から、この届出がなくなります：%(months)s。")
        ),
    )
    words = (*words, stays_closed()) if words else ()
    words = (*words, *_stay_ended(row, first))
    return Told(words, mark_of(row, words))


def _stay_ended(row: OfficeNotification, first: date | None) -> Iterator[str]:
    """What ended the month before for this one, where this one never held or holds later (one query)."""
    if first is not None and first <= row.first_month:
        return
    before = Month.of(row.first_month) - 1
    family = {row.item, *(each for each in NotifiedItem if family_of(each) == family_of(row.item))}
    ended = OfficeNotification.objects.filter(
        office=row.office_id, item__in=family, last_month=before.first_day
    )
    text = _(
        "「%(item)s」は%(month)sで終わったままです。続いているときは、その届出の最後の月も訂正してください。"
    )
    for item in ended.values_list("item", flat=True):
        yield text % {"item": NotifiedItem(item).label, "month": before.label}


def new_touches(
    office: int, item: str, first: date, last: date | None, until: Month
) -> tuple[str, ...]:
    """The closed months up to `until` that gain `item`, notified from `first` to `last` (two queries).

    And those that lose what ends for it: that ran on, so also those after `last`.
    """
    since = _months(first, None, until)
    if not since:
        return ()
    closed = {month: n for month, n, _yen in closed_months(office, since)}
    words = list(_lines(closed, _months(first, last, until), str(_GAINED)))
    for former in ended_for(office, item, first, last):
        lost = _("もう締めた月から、「%(item)s」がなくなります：%(months)s。")
        words += _lines(closed, since, lost % {"item": former.label, "months": "%(months)s"})
    return (*words, stays_closed()) if words else ()


def _months(first: date | None, last: date | None, until: Month) -> set[Month]:
    if first is None:
        return set()
    end = min(until, Month.of(last)) if last else until
    return set(Month.span(Month.of(first), end)) if Month.of(first) <= end else set()


def _lines(closed: Mapping[Month, int], months: Collection[Month], sentence: str) -> Iterator[str]:
    found = sorted(month for month in months if month in closed)
    for _year, of_year in groupby(found, key=lambda month: month.fiscal_year):
        each = list(of_year)
        people = sum(closed[month] for month in each)
        if len(each) == 1:
            words = _("%(month)s（%(n)d人）") % {"month": each[0].label, "n": people}
        else:
            words = _("%(first)sから%(last)sまでの%(months)dか月（のべ%(n)d人）") % {
                "first": each[0].label, "last": each[-1].label, "months": len(each), "n": people,
            }  # fmt: skip
        yield sentence % {"months": words}
