"""The head of a decision's page: what comes next, what may be done beside, and the facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.rules.standing import Standing
from plans.models import CapPeriod, Decision
from plans.queries.caps import months_of_cap
from plans.queries.decision_next import DecisionNext, decision_next
from plans.queries.renewal import following_decision
from plans.queries.ward_lists import decision_state_word
from plans.queries.ward_papers import DecisionPapers
from plans.rules.decision_next import DecisionStep
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month

NOTHING = DecisionNext(DecisionStep.NONE)
Fact = dict[str, str]


def head_of(
    row: Decision, papers: DecisionPapers, on: date, *, is_kept: bool, may_write: bool, is_changed: bool,
    **about: bool,
) -> dict[str, Any]:  # fmt: skip
    """How it stands, and what the head leads to: the one next thing, a change, and folded, what is rare.

    One that has ended is not changed, revoked or handed over any more; where the next one stands, that
    is led to by the ward that keeps the file (`is_kept`). `about`: `is_valid` (it still holds) and `may_hand_over` (another ward may take it).
    """
    has_ended = row.ends_on < on
    stands = may_write and row.revoked_on is None and not is_changed
    following = decision_next(row, papers, on) if stands else NOTHING
    later = following_decision(row) if is_kept and not is_changed else None
    rare = _Rare(stands=stands, has_ended=has_ended, is_followed=later is not None, **about)
    return {
        "state": decision_state_word(row, on),
        "state_tone": _tone(row, on),
        "has_ended": has_ended,
        "followed_by": later,
        "next": following,
        "may_change": stands and not has_ended,
        "more": _rare(row, following, rare) if may_write else [],
    }


def _tone(row: Decision, on: date) -> str:
    if row.revoked_on is not None:
        return "danger"
    return "success" if row.starts_on <= on <= row.ends_on else "neutral"


@dataclass(frozen=True, slots=True)
class _Rare:
    """What decides over what is seldom done with a decision."""

    stands: bool
    """Neither revoked nor changed."""
    has_ended: bool
    is_followed: bool
    is_valid: bool
    may_hand_over: bool


def _rare(row: Decision, following: DecisionNext, facts: _Rare) -> list[dict[str, str]]:
    renew = f"{reverse('admin:application_new')}?renew={row.public_id}"
    is_revoked = row.revoked_on is not None
    is_early = following.step not in (DecisionStep.RENEWAL, DecisionStep.APPLIED)
    stands, is_valid, is_over = facts.stands, facts.is_valid, facts.has_ended
    pages = [
        (stands and is_early and not (is_over and facts.is_followed), _("更新を受け付ける"), renew),
        (stands or (is_revoked and is_valid), _("負担上限月額を決める"), _of("decision_cap", row)),
        (stands or is_valid, _("受給者証を交付し直す"), _of("decision_reissue", row)),
        (
            facts.may_hand_over and not is_over,
            _("ほかの区へ引き継ぐ"),
            _of("decision_transfer", row),
        ),
        (
            not is_revoked and not is_over and (stands or is_valid),
            _("取り消す"),
            _of("decision_revoke", row),
        ),
    ]
    return [{"label": label, "url": url} for is_there, label, url in pages if is_there]


def _of(name: str, row: Decision) -> str:
    return reverse(f"admin:{name}", args=[row.public_id])


def decision_facts(
    row: Decision, papers: DecisionPapers, caps: Sequence[CapPeriod], standing: Standing, on: date
) -> list[Fact]:
    """What stands in a decision, in the order in which it is asked about."""
    paper = papers.versions[-1].certificate if papers.versions else None
    window = standing.window
    last = window.last_usable_on if window else None
    months = paper.monitoring_months if paper else None
    return [
        _fact(_("受給者証番号"), paper.recipient_number.number if paper else ""),
        _fact(_("期間"), f"{both(row.starts_on)}〜{both(row.ends_on)}"),
        _fact(_("支給量"), row.amount),
        # Withdrawn before it began: the cap on file is the person's, and nothing of this decision.
        *([] if row.is_cancelled else _cap_facts(_cap_now(caps, row, on))),
        _fact(_("モニタリング"), _("%(n)sか月ごと") % {"n": months} if months else ""),
        _fact(_("利用可能期間の最終日"), both(last) if last else ""),
        _fact(_("決定日"), both(row.decided_on)),
        *([_fact(_("理由"), row.reason)] if row.reason else []),
    ]


def _fact(label: str, value: str, note: str = "") -> Fact:
    return {"label": label, "value": value or _("記録がありません"), "note": note}


def _cap_now(caps: Iterable[CapPeriod], row: Decision, on: date) -> CapPeriod | None:
    """The cap of today's month, or of the nearest month of the decision."""
    month = Month.of(min(max(on, row.starts_on), row.ends_on)).first_day
    rows = list(caps)
    held = [
        cap for cap in rows
        if cap.first_month <= month and (cap.last_month is None or month <= cap.last_month)
    ]  # fmt: skip
    return held[0] if held else None


def _cap_facts(cap: CapPeriod | None) -> list[Fact]:
    if cap is None:
        return [_fact(_("負担上限月額"), "", _("今月の額が決まっていません"))]
    _first, last = months_of_cap(cap)
    until = _("%(month)sまで") % {"month": last.label} if last else _("終わりは未定")
    managing = cap.managing_office_name or _("事業所は未定")
    return [
        _fact(_("負担上限月額"), yen(cap.cap_yen), f"{cap.get_category_display()}　{until}"),
        _fact(_("上限額管理"), _("対象（%(office)s）") % {"office": managing} if cap.is_managed else _("対象ではない")),
    ]  # fmt: skip
