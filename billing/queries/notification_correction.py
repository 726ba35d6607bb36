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
    row: OfficeNotification, first: date | None, last: date | None, until: Month,
    *, reopens: bool = False,
) -> Told:  # fmt: skip
    """The closed months up to `until` that gain or lose the item, where it holds from `first` to `last`.

    `first` None: it never held. One line for a fiscal year; and what ended for it: that it stays so, or
    with `reopens` how long it goes on and which closed months it gains (four queries at most).
    """
    before, after = _months(row.first_month, row.last_month, until), _months(first, last, until)
    closed = {month: n for month, n, _yen in closed_months(row.office_id, before ^ after)}
    words = (
        *_lines(closed, after - before, str(_GAINED)),
        *_lines(
            closed, before - after, _("もう締めた月から、この届出がなくなります：%(months)s。")
        ),
    )
    formers = former_of(row) if first is None or first > row.first_month else []
    if reopens:
        words = (*words, *_gained_by(formers, row, first, until))
    words = (*words, stays_closed()) if words else ()
    words = (*words, *_told_of(formers, row, first, reopens=reopens))
    return Told(words, mark_of(row, words))


def former_of(row: OfficeNotification) -> list[OfficeNotification]:
    """What ended the month before `row` begins, of the same item or of those that exclude it (one query)."""
    before = Month.of(row.first_month) - 1
    ended = OfficeNotification.objects.filter(
        office=row.office_id, item__in=_alike(row), last_month=before.first_day
    )
    return list(ended.order_by("pk"))


def reopened_until(row: OfficeNotification, first: date | None) -> Month | None:
    """Up to when what ended for `row` goes on, where `row` begins at `first` or (None) never was.

    None: until something ends it. The months of what follows stay free (one query).
    """
    later = OfficeNotification.objects.filter(
        office=row.office_id, item__in=_alike(row), first_month__gt=row.first_month
    )
    following = later.order_by("first_month").values_list("first_month", flat=True).first()
    begin = [each for each in (first, following) if each is not None]
    return Month.of(min(begin)) - 1 if begin else None


def _alike(row: OfficeNotification) -> set[str]:
    """The item and those that exclude it."""
    family = family_of(row.item)
    return {row.item, *(each for each in NotifiedItem.values if family_of(each) == family)}


def _gained_by(
    formers: Collection[OfficeNotification], row: OfficeNotification, first: date | None,
    until: Month,
) -> Iterator[str]:  # fmt: skip
    """The closed months that what goes on gains (two queries)."""
    if not formers:
        return
    end = reopened_until(row, first)
    months = _months(row.first_month, end.first_day if end else None, until)
    closed = {month: n for month, n, _yen in closed_months(row.office_id, months)}
    for each in formers:
        text = _("もう締めた月に、「%(item)s」がつきます：%(months)s。")
        yield from _lines(closed, months, text % {"item": _name(each), "months": "%(months)s"})


def _told_of(
    formers: Collection[OfficeNotification], row: OfficeNotification, first: date | None,
    *, reopens: bool,
) -> Iterator[str]:  # fmt: skip
    """Of each that ended for this one: it stays so, or goes on, in words (one query)."""
    before = (Month.of(row.first_month) - 1).label
    if not reopens:
        text = _(
            "「%(item)s」は%(month)sで終わったままです。続いていたときは、「終えずに続いていたことにする」に印を入れてください。"
        )
        yield from (text % {"item": _name(each), "month": before} for each in formers)
        return
    end = reopened_until(row, first) if formers else None
    text = (
        _("「%(item)s」は、%(month)sで終わらず、%(end)sまで続いていたことになります。")
        if end
        else _("「%(item)s」は、%(month)sで終わらず、いまも続いていることになります。")
    )
    told = {"month": before, "end": end.label if end else ""}
    yield from (text % {"item": _name(each), **told} for each in formers)


def _name(row: OfficeNotification) -> str:
    return str(NotifiedItem(row.item).label)


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
