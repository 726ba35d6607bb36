"""A decision is held and read again before it is changed: two at once get one result and one message.

Several of one person are held in the order of their start: two who hold them never wait for each other.
"""

from __future__ import annotations

from plans.actions.hold import refuse_passed
from plans.models import Decision
from teikyaku.accounts.models import Membership

WHOSE = ("client", "municipality")


def hold_decision(decision: Decision, by: Membership) -> None:
    """Nobody else writes `decision` until the transaction ends, and it is as it stands now.

    Raises ValidationError where its file has passed to another ward than that of `by`.
    """
    # Whose it is and where does not change: who called has them in hand.
    known = {
        name: decision._state.fields_cache[name]
        for name in WHOSE
        if name in decision._state.fields_cache
    }
    decision.refresh_from_db(from_queryset=Decision.objects.select_for_update())
    for name, row in known.items():
        setattr(decision, name, row)
    if not decision.is_transcribed:
        refuse_passed(decision.keeper, by)


def hold_all(decision: Decision, by: Membership) -> None:
    """As `hold_decision`, with every decision of the person: none is changed, and no change is granted meanwhile."""
    rows = Decision.objects.select_for_update().filter(client=decision.client_id)
    list(rows.order_by("starts_on", "pk"))
    hold_decision(decision, by)
