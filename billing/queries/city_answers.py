"""市町村の回答 of an office's months, and of single people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from django.db.models import QuerySet

from billing.models import CityAnswer
from teikyaku.periods import Month
from teikyaku.prepared import prepared

# Who was asked, and which municipality that turned out to be.
PAYER = ("payer__city", "payer__proposal__same_as")


def city_answers(
    offices: list[int], first: Month, last: Month
) -> Mapping[tuple[int, Month], CityAnswer]:
    """By enrolment and month: what holds of the answers (one query)."""
    rows = _answers.rows(offices=offices, first=first, last=last)
    return {(row.enrolment_id, Month.of(row.month)): row for row in rows}


def answers_of(enrolments: Collection[int], month: Month) -> Mapping[int, CityAnswer]:
    """By the keys of these enrolments: what holds of the month (one query)."""
    rows = CityAnswer.objects.standing().filter(enrolment__in=enrolments, month=month.first_day)
    return {row.enrolment_id: row for row in rows.select_related(*PAYER)}


@prepared("offices")
def _answers(offices: list[int], first: Month, last: Month) -> QuerySet[CityAnswer]:
    rows = CityAnswer.objects.standing().filter(
        enrolment__office__in=offices, month__range=(first.first_day, last.first_day)
    )
    return cast("QuerySet[CityAnswer]", rows.select_related(*PAYER))
