"""次にすること about the end of a decision: its renewal, or that the ward took the right away."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from plans.models import Decision
from plans.queries.dossier import SupportDossier
from teikyaku.desk.queries.next_thing import NextThing


def revoked(decision: Decision, dossier: SupportDossier) -> NextThing:
    """The ward has taken the right away from a day on: nothing of it is renewed."""
    is_over = decision.ends_on < dossier.person.on
    return NextThing(
        _("支給決定が取り消されました"),
        "danger" if is_over else "warning",
        by=decision.ends_on,
        note=_("この日のあとは使えません。また利用するには、新しく申請します。"),
        url=reverse("enrolment_end", args=[dossier.enrolment.public_id]) if is_over else "",
        url_label=_("利用の終了を記録する"),
    )


def renewal(decision: Decision, dossier: SupportDossier, transcribe: str) -> NextThing:
    """By the ward that works here through a proposal, by any other on paper."""
    is_over = decision.ends_on < dossier.person.on
    asked = getattr(decision, "open_renewal", None)
    thing = NextThing(
        _("支給決定が切れています") if is_over else _("支給決定の更新"),
        "danger" if is_over else "warning",
        by=decision.ends_on,
        note=_("更新の申請は、本人から区役所へ。新しい受給者証が届いたら転記します。"),
        url=transcribe,
        url_label=_("受給者証を転記する"),
    )
    if decision.is_transcribed:
        return thing
    if asked is not None:
        return replace(
            thing, tone="info", note=_("区に更新を提案しています。"),
            url=reverse("proposal_page", args=[asked]), url_label=_("提案を見る"),
        )  # fmt: skip
    return replace(
        thing, note=_("更新を区に提案できます。"), url_label=_("更新を提案する"),
        url=reverse("proposal_new", args=[dossier.enrolment.public_id, "renewal"]),
    )  # fmt: skip
