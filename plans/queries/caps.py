"""Which cap counts in a month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from clients.models import Client
from clients.rules.cap import CapMonths
from plans.models import CapPeriod, Decision
from plans.rules.caps import RestMonths, joined_months, rest_after
from teikyaku.accounts.models import Municipality
from teikyaku.money import yen
from teikyaku.periods import Month

# The months of a person that are closed already, each in a few words, from a month to another (or
# without an end). Months are closed above this room: who puts the pages together hands it in.
ClosedMonths = Callable[[Client, Month, Month | None], Sequence[str]]


def cap_for(client: Client, month: Month) -> CapPeriod | None:
    """The cap on file for `month`; None is "not entered", which is not 0 yen."""
    first = month.first_day
    rows = CapPeriod.objects.filter(client=client, first_month__lte=first)
    return rows.exclude(last_month__lt=first).order_by("first_month").last()


def latest_decision(client: Client) -> Decision | None:
    """The person's latest decision, in force or not."""
    rows = Decision.objects.filter(client=client).select_related("municipality__city")
    return rows.order_by("starts_on").last()


def granted_months(client: Client, municipality: Municipality, month: Month) -> CapMonths | None:
    """Every month of the decisions in a row that hold `month`; else of the last ones (one query).

    None where the municipality has none on file. A renewal that follows without a gap goes on with
    the months before it: one cap may run through both.
    """
    rows = Decision.objects.filter(client=client, municipality=municipality)
    spans = joined_months(rows.order_by("starts_on").values_list("starts_on", "ends_on"))
    holding = (span for span in spans if span.contains(month))
    return next(holding, spans[-1] if spans else None)


def first_month_without_cap(client: Client, first: Month, before: Month) -> Month | None:
    """The first month from `first` on, and before `before`, for which no cap is on file."""
    rows = list(CapPeriod.objects.filter(client=client))
    for month in Month.span(first, before - 1):
        day = month.first_day
        if not any(
            row.first_month <= day and (row.last_month is None or day <= row.last_month)
            for row in rows
        ):
            return month
    return None


def same_on_file(
    client: Client, municipality: Municipality, first_month: date, last_month: date | None,
    **terms: Any,
) -> bool:  # fmt: skip
    """Whether a cap of this municipality stands for all these months already, with the same `terms`.

    `terms` are fields of CapPeriod: category, amount, and who manages it.
    """
    rows = client.cap_periods.filter(
        municipality=municipality, first_month__lte=first_month, **terms
    )
    beyond = Q(last_month=None) | (Q(last_month__gte=last_month) if last_month else Q(pk__in=[]))
    return rows.filter(beyond).exists()


def running_into(client: Client, first_month: date) -> CapPeriod | None:
    """The cap that began before a month and runs into it."""
    rows = client.cap_periods.filter(first_month__lt=first_month)
    return rows.exclude(last_month__lt=first_month).first()


def rest_of(
    running: CapPeriod, last_month: date | None, on: date, ends_on: date | None = None
) -> RestMonths | None:
    """What is left of a running cap after a new one that ends with `last_month`, asked on a day.

    `ends_on`: the last day of a decision that is being granted and not on file yet.
    """
    decisions = Decision.objects.filter(
        client=running.client_id, municipality=running.municipality_id
    )
    ends = [decisions.aggregate(last=Max("ends_on"))["last"], ends_on]
    known = [day for day in ends if day is not None]
    return rest_after(
        Month.of(running.last_month) if running.last_month else None,
        Month.of(last_month) if last_month else None,
        Month.of(max(known)) if known else None,
        Month.of(on),
    )


def rest_words(running: CapPeriod, rest: RestMonths) -> str:
    """That the former cap goes on after the new one."""
    last = rest.last_month.label if rest.last_month else ""
    months = _("%(first)sから%(last)sまで") if last else _("%(first)sから")
    text = _("%(months)sは、前の上限額（%(yen)s・%(category)s）が続きます。")
    return text % {
        "months": months % {"first": rest.first_month.label, "last": last},
        "yen": yen(running.cap_yen),
        "category": running.get_category_display(),
    }


def consequences(
    client: Client, first_month: date, last_month: date | None, closed: ClosedMonths, on: date,
    ends_on: date | None = None,
) -> list[str]:  # fmt: skip
    """What a new cap does beside itself, in words for whoever is about to save it; often nothing.

    What is left of the former cap goes on; closed months that it touches stay as they were closed
    (docs/rules.md §4: a retroactive cap lists them).
    """
    found = []
    running = running_into(client, first_month)
    rest = rest_of(running, last_month, on, ends_on) if running is not None else None
    if running is not None and rest is not None:
        found.append(rest_words(running, rest))
    last = Month.of(last_month) if last_month else None
    months = closed(client, Month.of(first_month), last)
    if months:
        text = _(
            "もう締めた月があります：%(months)s。締めた月は変わりません。"
            "過誤の申立てが要るかを、事業所と確かめてください。"
        )
        found.append(text % {"months": "、".join(months)})
    return found
