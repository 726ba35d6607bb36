"""移行の取込: what a later sheet tells of 移行時の事実 that the first one had no word of."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from plans.actions.move_in_desk import Desk, at_fields
from plans.actions.opening import correct_opening
from plans.models import OpeningFacts
from plans.queries.move_in_lacks import was_said
from plans.queries.opening import network_of
from plans.rules.network_before import NONE
from teikyaku.era import both
from teikyaku.periods import Month

_FACTS = (
    "last_met_on", "pace_months", "settled_meetings", "without_plan_since", "network_months",
    "network_count",
)  # fmt: skip


def add_to_opening(desk: Desk, held: OpeningFacts, last_met_on: date | None) -> None:
    """Write what is blank on file; what stands there is never changed. `last_met_on`: None where it may not be told."""
    words, changes = [], _blank(desk, held, last_met_on)
    if changes.get("last_met_on"):
        words.append(_("最後の面談 %(on)s") % {"on": both(changes["last_met_on"])})
    if pace := changes.get("pace_months"):
        words.append(_("面談の間隔 %(n)dか月ごと") % {"n": pace})
    if settled := changes.get("settled_meetings"):
        words.append(_("安定した面談 %(n)d回") % {"n": settled})
    if since := changes.get("without_plan_since"):
        words.append(_("計画のない最初の月 %(month)s") % {"month": Month.of(since).label})
    if "network_months" in changes:
        before = desk.row.network_months
        words.append(_("前に算定した地域連携会議 %(words)s") % {"words": before.words})
    if not words:
        return
    facts = {name: getattr(held, name) for name in _FACTS} | changes
    with at_fields(OpeningFacts, rest="last_met_on", settled_meetings="settled"):
        correct_opening(opening=held, reason=_("移行の取込で足した"), **facts, **desk.who)
    desk.told.added += words


def _blank(desk: Desk, held: OpeningFacts, last_met_on: date | None) -> dict[str, Any]:
    row = desk.row
    found: dict[str, Any] = {}
    if held.last_met_on is None and last_met_on is not None:
        found["last_met_on"] = last_met_on
    is_met = held.last_met_on is not None or last_met_on is not None
    if is_met and row.pace_months not in (None, 1) and _is_unsaid(desk, held, "pace_months"):
        found["pace_months"] = row.pace_months
    if is_met and row.settled and not held.settled_meetings and _is_unsaid(desk, held, "settled"):
        found["settled_meetings"] = row.settled
    if held.without_plan_since is None and row.without_plan_since is not None:
        found["without_plan_since"] = row.without_plan_since
    if row.network_months != NONE and network_of(held) == NONE:
        found["network_months"] = row.network_months.text
        found["network_count"] = row.network_months.unknown
    return found


def _is_unsaid(desk: Desk, held: OpeningFacts, field: str) -> bool:
    """Whether the usual value stands there because nobody told another one."""
    if held.last_met_on is None:
        return True
    is_usual = held.pace_months == 1 if field == "pace_months" else not held.settled_meetings
    return is_usual and not was_said(desk.client, held.recorded_at, field)
