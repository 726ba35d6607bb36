"""終了 the ends of the support, and what each brings about.

Source: docs/rules.md §9, 新潟市「就労定着支援について」 (G): whoever still needs support is handed over
without a break. Sudden ends (離職・転出・死亡) are no failure of the handover duty (S).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.rules.citing import by_guidance, by_practice, by_source, not_settled
from clients.rules.kinds import EndReason
from teikyaku.periods import day_after
from teikyaku.reasons import Reason


@dataclass(frozen=True, slots=True)
class EndEffects:
    """終了の理由ごとの扱い: what an end of this kind means for the person and the office."""

    reason: EndReason
    is_sudden: bool
    """Whether it could not be prepared: the handover duty is then not failed."""
    has_handover_duty: bool | None
    """Whether information must be shared three months before. None: not settled."""
    offers_handover: bool
    """Whether the centre is offered to the person."""
    may_use_again: bool
    """Whether the window may go on elsewhere or later."""
    opens_job_change_month: bool
    """Whether a next job within one month may continue the employment."""
    stops_all_contact: bool
    """Whether mails, tasks and plain-words papers stop on the day itself."""
    explanation: Reason

    @property
    def is_planned(self) -> bool:
        """Whether it could be seen coming."""
        return not self.is_sudden


@dataclass(frozen=True, slots=True)
class Ending:
    """終了 of one use on one day."""

    ended_on: date
    effects: EndEffects

    @property
    def contact_stops_on(self) -> date:
        """First day without meetings, mails and tasks: the day itself after a death, else the next."""
        return self.ended_on if self.effects.stops_all_contact else day_after(self.ended_on)

    def is_contact_stopped(self, on: date) -> bool:
        """Whether nothing is sent or asked on `on` any more."""
        return on >= self.contact_stops_on


_EFFECTS = {
    EndReason.EXPIRED: EndEffects(
        reason=EndReason.EXPIRED,
        is_sudden=False,
        has_handover_duty=True,
        offers_handover=True,
        may_use_again=False,
        opens_job_change_month=False,
        stops_all_contact=False,
        explanation=by_guidance(
            9,
            "ending.expired",
            "毎月の面談は終わります。支援が必要な方は、切れ目なく障害者就業・生活支援センターに"
            "引き継ぎます。",
        ),
    ),
    EndReason.LEFT_JOB: EndEffects(
        reason=EndReason.LEFT_JOB,
        is_sudden=True,
        has_handover_duty=False,
        offers_handover=True,
        may_use_again=True,
        opens_job_change_month=True,
        stops_all_contact=False,
        explanation=by_source(
            9,
            "ending.left_job",
            "急な終わりなので、3か月前の引き継ぎができていなくても義務に反しません。"
            "1か月以内に、労働条件をよくするための最初の転職をすると、期間は続きます。",
        ),
    ),
    EndReason.MOVED: EndEffects(
        reason=EndReason.MOVED,
        is_sudden=True,
        has_handover_duty=False,
        offers_handover=True,
        may_use_again=True,
        opens_job_change_month=False,
        stops_all_contact=False,
        explanation=by_source(
            9,
            "ending.moved",
            "急な終わりなので、3か月前の引き継ぎができていなくても義務に反しません。"
            "期間は、転出先の市区町村で新しい支給決定を受けて使えます。",
        ),
    ),
    EndReason.OTHER_OFFICE: EndEffects(
        reason=EndReason.OTHER_OFFICE,
        is_sudden=False,
        has_handover_duty=None,
        offers_handover=False,
        may_use_again=True,
        opens_job_change_month=False,
        stops_all_contact=False,
        explanation=by_practice(
            9,
            "ending.other_office",
            "残りの期間は新しい事業所で使えます。記録は、本人の同意がある分だけ渡します。",
        ),
    ),
    EndReason.OWN_WISH: EndEffects(
        reason=EndReason.OWN_WISH,
        is_sudden=False,
        has_handover_duty=None,
        offers_handover=True,
        may_use_again=True,
        opens_job_change_month=False,
        stops_all_contact=False,
        explanation=not_settled(
            9,
            "ending.own_wish",
            "本人の希望による終わりです。期間の中でまた利用できます。3か月前の引き継ぎの義務が"
            "及ぶかどうかは、市に確認してください。",
        ),
    ),
    EndReason.DIED: EndEffects(
        reason=EndReason.DIED,
        is_sudden=True,
        has_handover_duty=False,
        offers_handover=False,
        may_use_again=False,
        opens_job_change_month=False,
        stops_all_contact=True,
        explanation=by_guidance(
            9,
            "ending.died",
            "その日から、メール・予定・本人向けのお知らせをすべて止めます。",
        ),
    ),
}


def effects_of(reason: EndReason) -> EndEffects:
    """What an end with this reason brings about. Raises ValueError for an unknown reason."""
    return _EFFECTS[EndReason(reason)]


def ending(reason: EndReason, ended_on: date) -> Ending:
    """The end of a use on `ended_on`, its last day."""
    return Ending(ended_on, effects_of(reason))
