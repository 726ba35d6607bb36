"""変更: which decision a change application changes, and from which day it can.

docs/rules.md §4: a changed certificate is a 変更, and the periods of one person never overlap: the
decision that runs ends the day before the change, and what is changed begins on its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from clients.rules.names import search_key
from plans.models import Application, Decision
from teikyaku.accounts.models import Municipality
from teikyaku.era import both
from teikyaku.periods import day_after, day_before


def own_decisions(application: Application) -> list[Decision]:
    """The person's decisions whose file lies with the application's ward, by their start (one query).

    Without what was cancelled before it began: nothing goes on from that.
    What an office copied from paper is the office's, and no ward's decision.
    """
    kept = Decision.objects.standing().kept_by(application.municipality_id)
    rows = kept.filter(client=application.client_id, is_transcribed=False)
    return list(rows.select_related("municipality", "client").order_by("starts_on"))


def decision_to_change(application: Application, starts_on: date) -> Decision | None:
    """The decision that a change from `starts_on` on ends; None where there is none to change."""
    if application.kind != Application.Kind.CHANGE:
        return None
    return holding(own_decisions(application), starts_on)


def why_no_change(application: Application, starts_on: date) -> str:
    """Why a change application cannot be granted from a day on, in words; "" where it can.

    A person without a decision of this ward has nothing that could be changed here: what their paper
    says is decided as it is asked.
    """
    if application.kind != Application.Kind.CHANGE:
        return ""
    rows = own_decisions(application)
    if not rows:
        return ""
    found = holding(rows, starts_on)
    if found is None:
        text = _(
            "変更する支給決定（%(periods)s）の中の日にしてください。期間のあとに続けるときは、"
            "この申請を取り下げて、更新の申請を受け付けます。"
        )
        periods = "、".join(f"{both(row.starts_on)}〜{both(row.ends_on)}" for row in rows[-2:])
        return text % {"periods": periods}
    if found.revoked_on is not None:
        text = _("この日の支給決定は、%(on)sまでで取り消されています。変更はできません。")
        return text % {"on": both(found.revoked_on)}
    if found.starts_on == starts_on:
        text = _(
            "変更できるのは、支給決定が始まった日の次の日（%(on)s）からです。"
            "はじめの日から違うときは、書き間違いとして本庁が訂正できます。"
        )
        return text % {"on": both(day_after(found.starts_on))}
    return ""


def why_nothing_changes(
    former: Decision, ends_on: date | None, amount: str, municipality: Municipality
) -> str:
    """Why a changed decision would be the former one again, in words; "" where something changes.

    No `ends_on` and no `amount` mean as it is. What else the paper carries is changed by a further
    version of it, not by another decision (docs/rules.md §4).
    """
    if municipality.pk != former.municipality_id or ends_on not in (None, former.ends_on):
        return ""
    if amount and search_key(amount) != search_key(former.amount):
        return ""
    text = _("いまの支給決定（%(ends)sまで、%(amount)s）と同じです。")
    return text % {"ends": both(former.ends_on), "amount": former.amount}


class GrantedDays(Protocol):
    """What is asked of a decision."""

    @property
    def ends_on(self) -> date:
        """Its last day as it stands."""

    @property
    def revoked_on(self) -> date | None:
        """Its last day, where it was revoked."""

    @property
    def granted_until(self) -> date:
        """Its last day as it was granted."""


def is_changed(decision: GrantedDays) -> bool:
    """Whether another decision has taken over before its end: a 変更, not a revocation."""
    return decision.revoked_on is None and decision.ends_on < decision.granted_until


def next_of(decision: Decision) -> Decision | None:
    """The decision that goes on where this one was changed; None where it was not.

    It begins the day after, or within what was granted where a correction left days between the two.
    """
    if not is_changed(decision):
        return None
    span = (day_after(decision.ends_on), day_after(decision.granted_until))
    later = Decision.objects.standing().filter(client=decision.client_id, is_transcribed=False)
    return later.filter(starts_on__range=span).order_by("starts_on").first()


def why_outside(decision: Decision, day: date) -> str:
    """Why `day` is no day of the decision, in words with its period; "" where it is one."""
    if decision.starts_on <= day <= decision.ends_on:
        return ""
    text = _("支給決定期間 %(starts)s〜%(ends)s の中の日付にしてください。")
    return text % {"starts": both(decision.starts_on), "ends": both(decision.ends_on)}


def is_ahead(decision: Decision, today: date) -> bool:
    """Whether a decision has not begun by `today` and stands for itself: it can be withdrawn before it begins.

    What goes on from a change is called off with the decision that was changed.
    """
    return today < decision.starts_on and changed_by(decision) is None


def is_withdrawal(decision: Decision, on: date, today: date) -> bool:
    """Whether a revocation on `on`, made `today`, takes a decision back before it begins."""
    return on < decision.starts_on and is_ahead(decision, today)


def why_no_day(decision: Decision, on: date, today: date) -> str:
    """Why a decision cannot be revoked on `on`, in words; "" where it can (as `end_decision` does it)."""
    held = goes_on_at(decision, on)
    if not is_withdrawal(held, on, today):
        return why_outside(held, on)
    if held.decided_on <= on <= today:
        return ""
    text = _(
        "始まる前に取り消すときは、決定日（%(from)s）から今日（%(today)s）までの日付にしてください。"
    )
    return text % {"from": both(held.decided_on), "today": both(today)}


def is_called_off(decision: Decision) -> bool:
    """Whether it was cancelled because the decision that it goes on from ended: that one's letter tells it."""
    if not decision.is_cancelled:
        return False
    own = Decision.objects.filter(client=decision.client_id, is_transcribed=False)
    return own.filter(revoked_on=decision.revoked_on, starts_on__lt=decision.starts_on).exists()


def ends_anyway(decision: Decision, on: date) -> bool:
    """Whether the right ends on `on` already: the decision's last day, with no change to go on from it."""
    return on == decision.ends_on and next_of(decision) is None


def changed_by(decision: Decision) -> Decision | None:
    """The decision that this one changed, the one before it; None where it changed none."""
    earlier = Decision.objects.standing().filter(client=decision.client_id, is_transcribed=False)
    found = earlier.filter(ends_on__lt=decision.starts_on).order_by("starts_on").last()
    return found if found is not None and next_of(found) == decision else None


def end_before(former: Decision, starts_on: date) -> date:
    """The last day of a changed decision once what goes on from it begins on `starts_on`.

    Never later than it was granted until.
    """
    return min(day_before(starts_on), former.granted_until)


def goes_on_at(decision: Decision, day: date) -> Decision:
    """The decision that `day` falls to: where this one was changed before it, the changed one."""
    while day > decision.ends_on and (later := next_of(decision)):
        decision = later
    return decision


def followers(decision: Decision) -> list[Decision]:
    """Those that go on one after another where this one was changed; [] where it was not."""
    found: list[Decision] = []
    while (later := next_of(found[-1] if found else decision)) is not None:
        found.append(later)
    return found


def holding(rows: Sequence[Decision], day: date) -> Decision | None:
    """The one whose period holds `day`."""
    return next((row for row in rows if row.starts_on <= day <= row.ends_on), None)
