"""The conditions of a board of ends: when, of which kind, how near, whose, and how grouped.

Read out of the address and written back into it: a condition that nobody knows is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plans.queries.expiry_list import When
from plans.rules.expiry import ExpiryStage
from teikyaku.periods import Month

SPANS = (1, 3, 6, 12)
USUAL = 3
# How near can be asked for; what has passed is asked as `late=1`, beyond a year nothing is shown.
STAGES = tuple(stage for stage in ExpiryStage if stage != ExpiryStage.LAPSED)


@dataclass(frozen=True, slots=True)
class EndFilter:
    """What a board is narrowed down to."""

    span: int = USUAL
    """Months ahead, where neither one month nor what has passed was asked for."""
    kind: str = ""
    month: Month | None = None
    is_late: bool = False
    stage: ExpiryStage | None = None
    by_person: bool = False
    kept: tuple[tuple[str, str], ...] = ()
    """The side's own condition (担当 of an office, だれの番 of a ward) as it stands in the address."""

    @property
    def asked(self) -> When:
        """Which days."""
        return When(self.span, self.month, self.is_late, self.stage)

    @property
    def when(self) -> str:
        """The part of the query that says when."""
        if self.is_late:
            return "late=1"
        return f"month={self.month}" if self.month else f"months={self.span}"

    @property
    def conditions(self) -> str:
        """The query that asks for this."""
        more = [
            ("kind", self.kind),
            *self.kept,
            ("stage", self.stage.value if self.stage else ""),
            ("by", "person" if self.by_person else ""),
        ]
        rest = urlencode([pair for pair in more if pair[1]])
        return f"{self.when}&{rest}" if rest else self.when

    def with_kind(self, kind: str) -> str:
        """The same of another kind."""
        return f"?{replace(self, kind=kind).conditions}"

    def with_span(self, months: int) -> str:
        """The same over so many months, however near."""
        return f"?{replace(self, span=months, month=None, is_late=False, stage=None).conditions}"

    @property
    def whole(self) -> str:
        """The same without its month and without how near."""
        return self.with_span(self.span)

    def with_late(self) -> str:
        """The same of what has passed."""
        return f"?{replace(self, month=None, is_late=True, stage=None).conditions}"

    def words_of(self, kinds: Mapping[str, str], whose: str) -> str:
        """The same in words."""
        when = _("%(n)sか月以内") % {"n": self.span}
        if self.month:
            when = self.month.label
        if self.is_late:
            when = _("期限が過ぎた")
        if self.stage is not None:
            when = self.stage.label if self.month is None else f"{when}・{self.stage.label}"
        kind = kinds.get(self.kind, _("すべて"))
        grouped = "・" + _("人ごと") if self.by_person else ""
        return f"{when}・{kind}（{whose}）{grouped}"


def end_filter(
    query: QueryDict, kinds: Mapping[str, str], kept: tuple[tuple[str, str], ...] = ()
) -> EndFilter:
    """What an address asks for; `kinds` can be asked for, `kept` was read by the side itself."""
    wanted = str(query.get("stage", ""))
    is_late = query.get("late") == "1" or wanted == ExpiryStage.LAPSED
    stage = next((each for each in STAGES if each.value == wanted and not is_late), None)
    kind = str(query.get("kind", ""))
    month = None if is_late else _month(str(query.get("month", "")))
    # Whoever asks how near it is asks over the whole year.
    span = SPANS[-1] if stage and not month else _span(str(query.get("months", "")))
    return EndFilter(
        span=span,
        kind=kind if kind in kinds else "",
        month=month,
        is_late=is_late,
        stage=stage,
        by_person=query.get("by") == "person",
        kept=kept,
    )


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _span(text: str) -> int:
    return int(text) if text in {str(n) for n in SPANS} else USUAL
