"""What a cap does beside itself, in words for whoever is about to save it: one answer for every door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from clients.enums import Category
from clients.models import Client
from clients.rules.cap import CapMonths, tax_year_for
from plans.models import CapPeriod
from plans.queries.caps import ClosedMonths, months_of_cap, overlapped, replaced, rest_of
from plans.rules.caps import RestMonths, bare_months, june_inside, outside, told_until
from teikyaku.money import yen
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class CapAsked:
    """The months of a cap that somebody is about to save, and what they are held against."""

    client: Client
    first_month: date
    last_month: date | None
    on: date
    """The day on which it is asked."""
    ends_on: date | None = None
    """The last day of a decision that is granted together with it."""
    granted: CapMonths | None = None
    """The months of the decision that need a cap; None where nobody asks for them."""
    joined: CapMonths | None = None
    """The months of a decision that is granted together with it and of those before it in a row: a
    renewal also tells the months before it that were left without a cap. None where `granted` is all.
    """
    is_unmanaged: bool = False
    """Whether nobody would manage it, though something is to be paid."""
    corrected: CapPeriod | None = None
    """The cap on file that it is written over, in a correction."""


def consequences(asked: CapAsked, closed: ClosedMonths) -> list[str]:
    """What the cap does beside itself; often nothing.

    What it replaces and what is left of the former one, that it runs into another year's tax, which
    months of the decision stay without one, and the closed months that it touches, which stay as they
    were closed (docs/rules.md §4 and §5). Months outside the decision are refused for that alone.
    """
    if asked.granted is not None and outside(asked.granted, asked.first_month, asked.last_month):
        return []
    caps = _others(asked)
    return [
        *_replaced_words(asked, caps),
        *_management_words(asked, caps),
        *_july_words(asked),
        *_bare_words(asked),
        *_closed_words(asked, closed),
    ]


def cap_words(cap: Any) -> str:
    """9,300円 一般1（2026年7月〜2027年6月）, of a cap on file or one that is about to be saved."""
    last = Month.of(cap.last_month).label if cap.last_month else _("終わりなし")
    months = f"{Month.of(cap.first_month).label}〜{last}"
    return f"{yen(cap.cap_yen)} {Category(cap.category).label}（{months}）"


def rest_words(running: CapPeriod, rest: RestMonths) -> str:
    """That the former cap goes on after the new one."""
    last = rest.last_month.label if rest.last_month else ""
    months = _("%(first)sから%(last)sまで") if last else _("%(first)sから")
    if rest.first_month == rest.last_month:
        months = "%(first)s"
    text = _("%(months)sは、前の上限額（%(yen)s・%(category)s）が続きます。")
    return text % {
        "months": months % {"first": rest.first_month.label, "last": last},
        "yen": yen(running.cap_yen),
        "category": running.get_category_display(),
    }


def closed_words(months: Iterable[str]) -> str:
    """That months are closed already; "" without any."""
    text = _(
        "もう締めた月があります：%(months)s。締めた月は変わりません。"
        "過誤の申立てが要るかを、事業所と確かめてください。"
    )
    found = "、".join(months)
    return text % {"months": found} if found else ""


def bare_words(spans: Iterable[CapMonths]) -> str:
    """That months of the decision have no cap; "" without any."""
    found = "、".join(_months(span.first_month, span.last_month) for span in spans)
    text = _("%(months)sの上限額がありません。上限額のない月の請求は、入るまで保留になります。")
    return text % {"months": found} if found else ""


def _months(first: Month, last: Month | None) -> str:
    if first == last:
        return first.label
    return f"{first.label}〜{last.label if last else _('終わりなし')}"


def _others(asked: CapAsked) -> list[CapPeriod]:
    """The caps that it cuts or replaces; a correction does neither."""
    if asked.corrected is not None:
        return []
    return overlapped(asked.client, asked.first_month, asked.last_month)


def _replaced_words(asked: CapAsked, caps: list[CapPeriod]) -> list[str]:
    gone, found = replaced(caps, asked.first_month), []
    for cap in gone:
        text = _("いまの %(cap)s は、この上限額に置き換わります（前の値は履歴に残ります）。")
        found.append(text % {"cap": cap_words(cap)})
    if gone:
        text = _(
            "書き間違いを直すときは、置き換えずに「訂正」で直します（区が入れた上限額は本庁が訂正します）。"
        )
        found.append(text)
    for cap in caps:
        rest = rest_of(cap, asked.last_month, asked.on, asked.ends_on)
        if rest is not None:
            found.append(rest_words(cap, rest))
    return found


def _management_words(asked: CapAsked, caps: list[CapPeriod]) -> list[str]:
    """That a cap which an office manages, replaced or only cut, is followed by one that nobody does."""
    if not asked.is_unmanaged:
        return []
    text = _(
        "いまの %(cap)s は、%(office)sが上限額管理をしています。この上限額では、上限額管理がなくなります。"
    )
    return [
        text % {"cap": cap_words(cap), "office": cap.managing_office_name}
        for cap in caps
        if cap.is_managed
    ]


def _july_words(asked: CapAsked) -> list[str]:
    if asked.granted is None:
        return []
    first, last = Month.of(asked.first_month), asked.last_month
    june = june_inside(first, Month.of(last) if last else None, asked.granted.last_month)
    if june is None:
        return []
    text = _(
        "%(june)sまでの上限額は%(year)s年度の市民税（%(income)s年の収入）で決まり、%(july)sからは次の年度の"
        "市民税で決まります。%(july)sからの額が分からないときは、最後の月を%(june)sにしてください"
        "（7月からは「収入状況の見直し」で入れます）。"
    )
    year = tax_year_for(first)
    words = {"june": june.label, "july": (june + 1).label, "year": year, "income": year - 1}
    return [text % words]


def _bare_words(asked: CapAsked) -> list[str]:
    if asked.granted is None:
        return []
    first, last = Month.of(asked.first_month), asked.last_month
    own = (first, Month.of(last) if last else None)
    rows = asked.client.cap_periods.all()
    if asked.corrected is not None:
        rows = rows.exclude(pk=asked.corrected.pk)
    until = told_until(*own, Month.of(asked.on))
    words = bare_words(
        bare_months(asked.joined or asked.granted, [own, *map(months_of_cap, rows)], until)
    )
    return [words] if words else []


def _closed_words(asked: CapAsked, closed: ClosedMonths) -> list[str]:
    """Of the months that it is for, and in a correction also of those that it was for."""
    spans = [
        (Month.of(asked.first_month), Month.of(asked.last_month) if asked.last_month else None)
    ]
    if asked.corrected is not None:
        spans.append(months_of_cap(asked.corrected))
    # Nothing that lies ahead is closed.
    begun = [span for span in spans if span[0] <= Month.of(asked.on)]
    found = [words for span in begun for words in closed(asked.client, *span)]
    words = closed_words(dict.fromkeys(found))
    return [words] if words else []
