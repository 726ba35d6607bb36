"""The cap that a line of a core system's file states, against the caps on file: what it would change.

A file replaces nothing: whoever does that looks at it on the page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.rules.cap import CapMonths
from plans.actions import caps
from plans.actions.caps import Cap
from plans.models import Application, Decision
from plans.queries.cap_words import CapAsked, cap_words, consequences
from plans.queries.caps import ClosedMonths, mark_of
from plans.queries.core_people import WardPerson
from plans.queries.decision_change import is_changed
from plans.queries.grant_prefill import cap_going_on
from plans.rules.caps import joined_months, joined_with, months_holding, months_of_decision
from plans.rules.core_upload import CoreRow
from teikyaku.era import both
from teikyaku.periods import Month


def _cap(row: CoreRow) -> Cap:
    if row.cap_first_month is None or row.cap_yen is None:
        raise ValidationError({"cap_first_month": _("適用の最初の月を入れてください。")})
    return Cap(
        row.cap_first_month, row.cap_last_month, row.category, row.cap_yen,
        category_reason=row.category_reason,
    )  # fmt: skip


def cap_that_stands(row: CoreRow, person: WardPerson) -> Cap | None:
    """Of a change: the cap on file in its first month, on its own terms.

    None for every other line, and where the line states another cap.
    """
    if person.application is None or person.application.kind != Application.Kind.CHANGE:
        return None
    found = cap_going_on(person.caps, row.starts_on, row.ends_on)
    if found is None:
        return None
    first_month, last_month, terms = found
    cap = Cap(first_month, last_month, **terms)
    return cap if not row.has_cap or _is_the_same(row, person, cap) else None


def _is_the_same(row: CoreRow, person: WardPerson, cap: Cap) -> bool:
    """Whether the line states this cap: its amount and category, in months that it holds.

    A core system prints the cap's own months, which may begin before the change and end after it.
    """
    month = Month.of(cap.first_month).first_day
    known = next(each for each in reversed(person.caps) if each.first_month <= month)
    first = row.cap_first_month
    return (
        (row.category, row.cap_yen) == (cap.category, cap.cap_yen)
        and row.category_reason in ("", cap.category_reason)
        and first is not None
        and known.first_month <= first <= month
        and (row.cap_last_month in (known.last_month, cap.last_month))
    )


def as_on_file(row: CoreRow, person: WardPerson) -> tuple[Cap, str]:
    """The cap that the line states as it is on file, on the terms that it has there, and its mark."""
    known = next(each for each in person.caps if each.first_month == row.cap_first_month)
    cap = _cap(row).managed_as(known)
    if not row.category_reason:
        cap = replace(cap, category_reason=known.category_reason)
    return cap, mark_of([known], cap.first_month, cap.last_month)


def cap_of_line(
    row: CoreRow, person: WardPerson, decision: Decision, on: date, closed: ClosedMonths
) -> tuple[Cap | None, tuple[str, ...]]:
    """The cap that the line of a decision on file brings, and what changes by it; nothing where it is on file.

    Raises ValidationError by field of the line, also for months that are another line's.
    """
    cap, told = new_cap(row, person, granted_months(decision, person, row), on, closed)
    if cap is not None:
        _refuse_months_of_next(cap, person, decision)
    return cap, told


def _refuse_months_of_next(cap: Cap, person: WardPerson, decision: Decision) -> None:
    """Refuse months that the next decision holds: the new paper would come under the one that has ended.

    One cap may run from a decision into its renewal; where a change has followed, the line of the
    change says it.
    """
    end = Month.of(decision.ends_on)
    first, last = Month.of(cap.first_month), cap.last_month and Month.of(cap.last_month)
    begun = [each for each in person.decisions if each.starts_on > decision.ends_on]
    if not begun or (first <= end and not (is_changed(decision) and (not last or last > end))):
        return
    month = max(first, end + 1)
    holds = [each for each in begun if each.starts_on <= month.last_day]
    text = _(
        "%(month)sからは、%(starts)sに始まる支給決定の月です。その支給決定の行に入れてください。"
    )
    words = {"month": month.label, "starts": both((holds or begun[:1])[-1].starts_on)}
    raise ValidationError({"cap_first_month" if first > end else "cap_last_month": text % words})


def new_cap(
    row: CoreRow, person: WardPerson, granted: CapMonths, on: date, closed: ClosedMonths
) -> tuple[Cap | None, tuple[str, ...]]:
    """The cap that the line brings, and what changes by it; nothing where it is on file."""
    if not row.has_cap:
        return None, ()
    cap = _cap(row)
    known = next((each for each in person.caps if each.first_month == cap.first_month), None)
    if known is not None:
        if (known.last_month, known.category, known.cap_yen) == (
            cap.last_month, cap.category, cap.cap_yen
        ):  # fmt: skip
            return None, ()
        text = _(
            "登録では %(known)s です。額が変わったときは、支給決定の画面の「負担上限月額を決める」で置き換えます。"
            "書き間違いは本庁が訂正します。"
        )
        raise ValidationError({"cap_yen": text % {"known": cap_words(known)}})
    return beside_others(cap, person, granted, on, closed)


def beside_others(
    cap: Cap, person: WardPerson, granted: CapMonths, on: date, closed: ClosedMonths
) -> tuple[Cap, tuple[str, ...]]:
    """A cap that is not on file, managed as the one that runs into it, and what changes by it."""
    caps.refuse_outside_months(granted, cap.first_month, cap.last_month, prefix="cap_")
    _refuse_later(cap, person)
    running = next(
        (
            each
            for each in person.caps
            if each.first_month < cap.first_month
            and (each.last_month is None or each.last_month >= cap.first_month)
        ),
        None,
    )
    words = [_("負担上限月額 %(cap)s") % {"cap": cap_words(cap)}]
    if running is not None:
        before = Month.of(cap.first_month) - 1
        text = _("いまの上限額 %(known)s は %(month)s までになります")
        words.append(text % {"known": cap_words(running), "month": before.label})
        cap = cap.managed_as(running)
    asked = CapAsked(
        client=person.client, first_month=cap.first_month, last_month=cap.last_month, on=on,
        ends_on=granted.last_month.last_day, granted=granted,
        joined=joined_with(
            ((each.starts_on, each.ends_on) for each in person.decisions),
            granted.first_month.first_day, granted.last_month.last_day,
        ),
    )  # fmt: skip
    return cap, (*words, *consequences(asked, closed))


def granted_months(decision: Decision, person: WardPerson, row: CoreRow) -> CapMonths:
    """As the page of the decision: what follows on without a gap counts as one."""
    spans = joined_months(
        (each.starts_on, each.ends_on)
        for each in person.decisions
        if each.municipality_id == decision.municipality_id
    )
    month = Month.of(row.cap_first_month or decision.starts_on)
    return months_holding(spans, month) or months_of_decision(decision.starts_on, decision.ends_on)


def _refuse_later(cap: Cap, person: WardPerson) -> None:
    """A file replaces nothing: whoever does that looks at it on the page."""
    later = next(
        (
            each
            for each in person.caps
            if each.first_month > cap.first_month
            and (cap.last_month is None or each.first_month <= cap.last_month)
        ),
        None,
    )
    if later is not None:
        text = _(
            "負担上限月額の月が重なっています（登録では %(known)s）。額が変わったときは、支給決定の画面の"
            "「負担上限月額を決める」で置き換えます。"
        )
        raise ValidationError({"cap_last_month": text % {"known": cap_words(later)}})
