"""次にすること of somebody who was led elsewhere and may be able to use the service now."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Referral
from plans.queries.dossier import SupportDossier
from plans.queries.referral import ReferralAsk, referral_ask_q, referrals_for
from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership
from teikyaku.desk.queries.next_thing import NextThing


def referral_things(dossier: SupportDossier, reader: Membership, on: date) -> tuple[NextThing, ...]:
    """Speak to the person again: the question of the list, asked of one (a query only where days hold)."""
    days = [row.pk for row in dossier.person.referrals if _holds(row, on)]
    if not days:
        return ()
    rows = referrals_for(reader).filter(referral_ask_q(ReferralAsk.ELIGIBLE, on), pk__in=days)
    return tuple(_thing(row, reader) for row in rows)


def _holds(row: Referral, on: date) -> bool:
    first, last = row.eligible_from, row.eligible_until
    return first is not None and last is not None and first <= on <= last


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
