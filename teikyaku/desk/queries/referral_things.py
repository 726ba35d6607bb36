"""次にすること of somebody who was led elsewhere and may be able to use the service now."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Referral
from plans.queries.dossier import SupportDossier
from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership
from teikyaku.desk.queries.next_thing import NextThing
from teikyaku.periods import Period


def referral_things(dossier: SupportDossier, reader: Membership, on: date) -> tuple[NextThing, ...]:
    """Speak to the person again: what `plans.queries.referral` asks of the list, of rows at hand (no query)."""
    return tuple(
        _thing(row, reader)
        for row in reversed(dossier.person.referrals)
        if _asks(row, on) and not _is_under_way(dossier, on)
    )


def _asks(row: Referral, on: date) -> bool:
    """The days hold, nobody has spoken to them since, and no later つなぎ of the office asks instead."""
    first, last = row.eligible_from, row.eligible_until
    holds = first is not None and last is not None and first <= on <= last
    is_open = row.withdrawn_at is None and row.follow_up == ""
    return holds and is_open and not cast(Any, row).has_later


def _is_under_way(dossier: SupportDossier, on: date) -> bool:
    """They use the service here, or have died; applications are a ward's to ask about."""
    died_on = dossier.person.client.died_on
    uses = any(
        row.use_starts_on is not None
        and Period(max(row.starts_on, row.use_starts_on), row.ends_on).contains(on)
        for row in dossier.person.enrolments
    )
    return uses or (died_on is not None and died_on <= on)


def _thing(row: Referral, reader: Membership) -> NextThing:
    url = reverse("referral_follow", args=[row.public_id])
    return NextThing(
        _("いまは就労定着支援を使えるかもしれません。もう一度声をかける"),
        "info",
        by=row.eligible_until,
        note=_("「%(centre)s」につないだ方です。声をかけた結果を記録すると、ここから消えます。")
        % {"centre": row.get_centre_display()},
        url=url if may_open(reader, url) else "",
        url_label=_("もう一度声をかけた結果"),
    )
