"""次にすること before the use begins: apply by when, whose step it is, what waiting costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.queries.summary import PersonSummary
from clients.rules.waiting import Waiting, months_lost, waiting
from clients.rules.window import SupportWindow
from plans.queries.dossier import SupportDossier
from plans.queries.summary import SupportSummary
from plans.rules.path import Turn
from plans.rules.start_forecast import start_forecast
from teikyaku.desk.queries.next_thing import NextThing
from teikyaku.desk.queries.waiting import apply_days
from teikyaku.era import both


def before_use(
    dossier: SupportDossier, person: PersonSummary, support: SupportSummary
) -> Iterator[NextThing]:
    """What presses while nobody uses the service yet; nothing where no step of others is open.

    Where the application or the decision came to nothing, that alone: nobody knows whether they apply anew.

    The office's own step, the contract, is told with its papers.
    """
    on, window = dossier.person.on, person.standing.window
    if support.ended and window is not None and on <= window.last_usable_on:
        yield NextThing(support.ended, "warning", note=_("利用するには、もう一度申請します。"))
        return
    current = next((step for step in support.steps if step.state == "current"), None)
    if current is None or support.turn in (Turn.NONE, Turn.PROVIDER):
        return
    last = person.standing.right_ends_on
    if window is None or last is None or last < on:
        return
    ahead = waiting(window, on, apply_days(on))
    has_applied = any(step.on for step in support.steps)
    if not has_applied:
        yield _apply(ahead)
        yield _transcribe(dossier)
        return
    forecast = start_forecast(window, on, apply_days(on), _applied_on(support))
    lost = " ".join(filter(None, (_lost(window, on), forecast.words, forecast.expected_words)))
    text = _("%(step)s：いまは%(who)sの番です") % {"step": current.label, "who": support.turn.label}
    if support.wanted:
        text = _("区役所から補正を求められています")
    yield NextThing(
        text,
        "warning" if support.wanted or forecast.is_pressing or forecast.months_gone else "neutral",
        note=support.wanted or lost,
        reasons=person.standing.reasons,
        steps=person.standing.steps,
    )
    if not support.decision:
        yield _transcribe(dossier)


def _applied_on(support: SupportSummary) -> date | None:
    """The day of the first step that is on record: the application, where the ward told it."""
    return min((step.on for step in support.steps if step.on), default=None)


def _transcribe(dossier: SupportDossier) -> NextThing:
    """A step of its own: what the ward decides reaches the office on the certificate."""
    return NextThing(
        _("受給者証が届いたら転記する"),
        "neutral",
        url=reverse("certificate_transcribe", args=[dossier.enrolment.public_id]),
        url_label=_("転記する"),
    )


def _apply(ahead: Waiting) -> NextThing:
    lost = ahead.months_lost_if_applied_now
    cost = (
        _("今日申請しても、使える期間が%(n)dか月短くなる見込みです。") % {"n": lost} if lost else ""
    )
    return NextThing(
        _("区役所に申請する"),
        "danger" if lost else "warning" if ahead.is_apply_by_past else "info",
        by=ahead.apply_by,
        note=cost,
        reasons=ahead.reasons,
    )


def _lost(window: SupportWindow, on: date) -> str:
    """Once the first usable day has passed: how much of the window is gone."""
    if on <= window.first_usable_on:
        return ""
    gone = months_lost(window, on)
    first = both(window.first_usable_on)
    if not gone:
        return _("利用できる最初の日（%(first)s）を過ぎています。") % {"first": first}
    return _("利用できる最初の日（%(first)s）を過ぎ、使える期間が%(n)dか月短くなっています。") % {
        "first": first, "n": gone
    }  # fmt: skip
