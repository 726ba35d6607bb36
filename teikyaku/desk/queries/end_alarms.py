"""期限の知らせ: what has passed unsettled and what ends within two weeks, in a few lines with their lists."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from plans.queries.expiry import Expiries, expiry_labels
from plans.queries.expiry_list import Tally
from plans.rules.expiry import ExpiryStage, stage_of
from teikyaku.accounts.models import Office

# In an address: ask the board for this part alone.
ALARMS = "alarms"
_TOLD = (ExpiryStage.LAPSED, ExpiryStage.TODAY, ExpiryStage.WEEKS_2)


@dataclass(frozen=True, slots=True)
class EndCount:
    """How many of one kind, and the list of them."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class EndAlarm:
    """One stage that asks for something now; the kinds in the order of the axis."""

    stage: ExpiryStage
    url: str
    kinds: tuple[EndCount, ...]

    @property
    def count(self) -> int:
        """How many altogether."""
        return sum(kind.count for kind in self.kinds)


def end_alarms(office: Office, on: date, tally: Tally | None = None) -> tuple[EndAlarm, ...]:
    """What has passed, ends today, or within two weeks; nothing where nothing does.

    The same rows as the board counts (one query for each kind; none where `tally` was read before).
    """
    found = Counter[tuple[ExpiryStage, str]]()
    read = tally or Expiries(office, on, months=1).read()
    for (day, kind), count in read.counts.items():
        found[stage_of(day, on), kind] += count
    alarms = (EndAlarm(stage, _url(stage), _kinds(stage, found)) for stage in _TOLD)
    return tuple(alarm for alarm in alarms if alarm.kinds)


def _url(stage: ExpiryStage) -> str:
    when = "late=1" if stage == ExpiryStage.LAPSED else f"stage={stage.value}"
    return f"{reverse('expiry')}?{when}"


def _kinds(stage: ExpiryStage, found: Counter[tuple[ExpiryStage, str]]) -> tuple[EndCount, ...]:
    return tuple(
        EndCount(label, found[stage, kind], f"{_url(stage)}&kind={kind}")
        for kind, label in expiry_labels().items()
        if found[stage, kind]
    )
