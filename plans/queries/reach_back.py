"""A decision that begins before it was asked for, or over closed months: told before it is granted.

docs/rules.md §3 puts no bound on how far a decision may reach back, so it is asked and not refused;
§4: what reaches back lists the closed months that it touches.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from plans.models import Application
from plans.queries.cap_words import closed_words
from plans.queries.caps import ClosedMonths
from teikyaku.era import both
from teikyaku.periods import Month


def reaching_back(
    application: Application, starts_on: date, on: date, closed: ClosedMonths
) -> list[str]:
    """What a decision on `application` from `starts_on` on reaches back over, in words; often nothing.

    `on` is the day on which it is asked: from a month ahead of it on nothing is closed, and nobody is asked.
    """
    found = []
    if starts_on < application.received_on:
        text = _(
            "支給決定期間の開始日（%(starts)s）は、申請の受付日（%(received)s）より前です。"
            "年や月の書き間違いではないか、確かめてください。"
        )
        words = {"starts": both(starts_on), "received": both(application.received_on)}
        found.append(text % words)
    first = Month.of(starts_on)
    if first <= Month.of(on):
        months = closed_words(closed(application.client, first, None))
        found += [months] if months else []
    return found
