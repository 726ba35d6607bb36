"""請求できない月: months that other support takes out of this service's claims.

Source: docs/rules.md §7 (M): while 自立訓練（生活訓練） or 自立生活援助 is granted, and a month for which a
訪問型ジョブコーチ subsidy is claimed for the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clients.rules.citing import by_practice
from clients.rules.facts import ServiceUse
from clients.rules.kinds import ServiceKind, SupportKind
from teikyaku.periods import Month, Period, whole_month
from teikyaku.reasons import Reason

SUBSIDY = "訪問型ジョブコーチの助成を受ける月は請求できません。"
LIVING = "自立生活援助の支給決定がある月は請求できません。"
# Kept among the services used, where the other two are kept among other support.
TRAINING = "自立訓練（生活訓練）の支給決定がある月は請求できません。"


@dataclass(frozen=True, slots=True)
class BarringSupport:
    """他の支援 as far as months hang on it."""

    kind: SupportKind
    period: Period
    months: tuple[Month, ...] = ()
    """The months for which a job coach's subsidy is claimed."""


def barred(
    month: Month, supports: Iterable[BarringSupport], services: Iterable[ServiceUse] = ()
) -> Reason | None:
    """Why a month cannot be billed because of other support; None where nothing bars it."""
    whole = whole_month(month)
    for each in supports:
        if each.kind == SupportKind.JOB_COACH and month in each.months:
            return by_practice(7, "barred.subsidy", SUBSIDY)
        if each.kind == SupportKind.INDEPENDENT_LIVING and each.period.overlaps(whole):
            return by_practice(7, "barred.independent_living", LIVING)
    for use in services:
        is_training = use.kind == ServiceKind.SELF_RELIANCE and use.is_during_employment
        if is_training and use.starts_on and Period(use.starts_on, use.ends_on).overlaps(whole):
            return by_practice(7, "barred.training", TRAINING)
    return None


def barred_months(
    supports: Sequence[BarringSupport], first: Month, last: Month
) -> tuple[tuple[Month, Reason], ...]:
    """Every month from `first` to `last` that `supports` bar, with why."""
    found = ((month, barred(month, supports)) for month in Month.span(first, last))
    return tuple((month, reason) for month, reason in found if reason is not None)


def months_of_support(period: Period, until: Month) -> tuple[Month, ...]:
    """The months that a support touches; of one that lasts, up to `until`, its first month at least."""
    first = Month.of(period.starts_on)
    last = Month.of(period.ends_on) if period.ends_on else max(first, until)
    return tuple(Month.span(first, last))
