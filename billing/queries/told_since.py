"""What was told of a person's month after it was closed, kind by kind: as conditions on its row, and by name.

Only the last word of a fact stands in its row; when it was told anew, its history says. Whether the month
comes to something else by it, is reckoned afterwards (`queries.differences`): asking once too often is no fault.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _l

from billing.models import CapResult, MonthAnswer, PersonMonth, Subsidy
from clients.models import Employment
from plans.models import CapPeriod, Contract, Decision

_CLOSED_AT, _MONTH = OuterRef("closing__closed_at"), OuterRef("month")
_OF_PERSON = {"client": OuterRef("client")}
_OF_USE = {"enrolment": OuterRef("enrolment")}


def told_q() -> Q:
    """Of a row of PersonMonth: anything of all this was told after its close."""
    found = Q()
    for condition in _conditions().values():
        found |= condition
    return found


def told_of(rows: Collection[int]) -> dict[int, tuple[str, ...]]:
    """By closed month (its key) what was told since, by kind (one query): `WORDS` names each."""
    kinds = _conditions()
    told = {
        f"told_{n}": Exists(PersonMonth.objects.filter(condition, pk=OuterRef("pk")))
        for n, condition in enumerate(kinds.values())
    }
    asked = PersonMonth.objects.filter(pk__in=list(rows)).order_by().annotate(**told)
    return {
        pk: tuple(kind for kind, is_told in zip(kinds, flags, strict=True) if is_told)
        for pk, *flags in asked.values_list("pk", *told)
    }


WORDS = {
    "cap": _l("負担上限月額"),
    "sheet": _l("上限額管理の結果"),
    "job": _l("就労（離職など）"),
    "decision": _l("支給決定"),
    "contract": _l("契約"),
    "answer": _l("加算・減算の答え"),
    "subsidy": _l("自治体助成"),
    # Looked for in `queries.after_close`.
    "city": _l("市町村の回答"),
    "role": _l("職員の役割"),
    "meeting": _l("面談の記録"),
}


def _conditions() -> dict[str, Q]:
    return {
        "cap": Q(_cap_recorded()) | Q(Exists(_cap_corrected())),
        "sheet": Q(_sheet_after()),
        "job": Q(Exists(_ended_or_corrected(Employment.history, _OF_PERSON))),
        "decision": Q(_decision_recorded()) | Q(Exists(_decision_changed())),
        "contract": Q(Exists(_ended_or_corrected(Contract.history, _OF_USE))),
        "answer": Q(Exists(_months_told(MonthAnswer.history))),
        "subsidy": Q(Exists(_months_told(Subsidy.history))),
    }


def _cap_recorded() -> Exists:
    later = CapPeriod.objects.filter(
        Q(last_month=None) | Q(last_month__gte=_MONTH), **_OF_PERSON, first_month__lte=_MONTH,
        recorded_at__gt=_CLOSED_AT,
    )  # fmt: skip
    return Exists(later)


def _cap_corrected() -> QuerySet[Any]:
    """A cap that gives way to the next one is changed too, but nobody gives a reason for it."""
    changed = _changed_since(CapPeriod.history, _OF_PERSON)
    return changed.filter(history_change_reason__isnull=False)


def _sheet_after() -> Exists:
    """A later 上限額管理結果 is on file than the month was closed by."""
    is_later = Q(number__gt=OuterRef("cap_result__number")) | Q(recorded_at__gt=_CLOSED_AT)
    return Exists(CapResult.objects.filter(is_later, **_OF_USE, month=_MONTH))


def _decision_recorded() -> Exists:
    """Another decision that holds in the month, perhaps of another municipality."""
    rows = Decision.objects.annotate(first=TruncMonth("starts_on"))
    return Exists(
        rows.filter(
            **_OF_PERSON, first__lte=_MONTH, ends_on__gte=_MONTH, recorded_at__gt=_CLOSED_AT
        )
    )


def _decision_changed() -> QuerySet[Any]:
    """One that ended in the month or before, was corrected, or was withdrawn before it began."""
    rows = _changed_since(Decision.history, _OF_PERSON).annotate(last=TruncMonth("ends_on"))
    return rows.filter(
        Q(last__lte=_MONTH) | Q(history_change_reason__isnull=False) | Q(is_cancelled=True)
    )


def _ended_or_corrected(history: Any, of: dict[str, OuterRef]) -> QuerySet[Any]:
    """A job or a contract that ended in the month or before it; and whatever was corrected of one."""
    rows = _changed_since(history, of).annotate(last=TruncMonth("ends_on"))
    return rows.filter(Q(last__lte=_MONTH) | Q(history_change_reason__isnull=False))


def _months_told(history: Any) -> QuerySet[Any]:
    """What the office says from a month on: new for the month, or corrected, ended or taken back."""
    touches = Q(first_month__lte=_MONTH) & (Q(last_month=None) | Q(last_month__gte=_MONTH))
    rows: QuerySet[Any] = history.filter(
        touches | Q(history_type="~"), **_OF_USE, history_date__gt=_CLOSED_AT
    )
    return rows


def _changed_since(history: Any, of: dict[str, OuterRef]) -> QuerySet[Any]:
    """The changes of such facts after the close: the row itself is written over."""
    found: QuerySet[Any] = history.filter(**of, history_type="~", history_date__gt=_CLOSED_AT)
    return found
