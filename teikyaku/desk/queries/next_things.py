"""次にすること for one person: what, by when, why, and the page on which it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Enrolment
from clients.queries.summary import PersonSummary
from clients.rules.kinds import StandingState
from plans.models import Handover
from plans.queries.dossier import SupportDossier
from plans.queries.expiry import unfinished_handovers
from plans.queries.expiry_list import first_unsettled
from plans.queries.expiry_sources import unjudged
from plans.queries.handover import LABELS
from plans.queries.refusal import refusal_of
from plans.queries.summary import SupportSummary
from plans.rules.handover import HandoverStep, open_steps
from plans.rules.path import Turn
from plans.rules.refusal import standing_refusal
from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.office_start import is_of_before
from teikyaku.desk.queries.before_use import before_use
from teikyaku.desk.queries.decision_things import renewal, revoked
from teikyaku.desk.queries.month_strip import MonthLine
from teikyaku.desk.queries.next_thing import NextThing
from teikyaku.desk.queries.plan_things import plan_things
from teikyaku.periods import Month

WEEK = timedelta(days=7)
# Renewals and reviews are worth a line this long before their day.
AHEAD = timedelta(days=60)
URGENCY = ("danger", "warning", "info", "neutral")


def next_things(
    dossier: SupportDossier,
    person: PersonSummary,
    support: SupportSummary,
    months: tuple[MonthLine, ...],
    reader: Membership,
) -> tuple[NextThing, ...]:
    """Everything that waits for somebody, the most urgent first; nothing once the use has ended."""
    found = [
        *_interview(dossier, support),
        *_pace(dossier, support),
        *_reports(dossier, months),
        *_next_job(dossier, person),
        *_right(dossier, person, support),
        *_papers(dossier, support),
        *_handover(dossier, support),
        *_end(dossier, person),
    ]
    found = [
        replace(thing, url=_for(reader, thing.url), more_url=_for(reader, thing.more_url))
        for thing in _not_late_before(found, dossier)
    ]
    return tuple(sorted(found, key=lambda thing: (URGENCY.index(thing.tone), thing.by or date.max)))


def handover_things(
    dossier: SupportDossier, support: SupportSummary, reader: Membership, on: date
) -> tuple[NextThing, ...]:
    """After the end of the use: what is left of a hand-over, until somebody laid it aside (one query)."""
    handover, here = support.handover, Enrolment.objects.filter(pk=dossier.enrolment.pk)
    if handover is None:
        return _unjudged(dossier, here, reader, on)
    if handover.accepted_on is None and not unfinished_handovers(here, on).exists():
        return ()
    found = _not_late_before(_way_of_handover(dossier, support, handover, on), dossier)
    return tuple(replace(thing, url=_for(reader, thing.url)) for thing in found)


def _not_late_before(things: Iterable[NextThing], dossier: SupportDossier) -> Iterator[NextThing]:
    """What lay before the first month billed here is to be looked at, and is late nowhere."""
    first = dossier.opening.first_day
    for thing in things:
        if thing.by is None or not is_of_before(thing.by, first):
            yield thing
            continue
        tone = "warning" if thing.tone == "danger" else thing.tone
        yield replace(thing, tone=tone, counts_days=False)


def _for(reader: Membership, url: str) -> str:
    return url if url and may_open(reader, url) else ""


def _interview(dossier: SupportDossier, support: SupportSummary) -> Iterator[NextThing]:
    due, on = support.due, dossier.person.on
    if due.due_on is None:
        return
    tone = "danger" if due.due_on < on else "warning" if due.due_on <= on + WEEK else "info"
    late = _("面談の期限が過ぎています。早めに会う日を決めましょう。")
    text, note = late if tone == "danger" else _("次の面談"), ""
    refusal = refusal_of(standing_refusal(support.contacts, on, due.last_met_on), on)
    if refusal is not None:
        # The person's wish: the date stays in sight, and presses nobody.
        tone, text, note = "info", refusal.words, refusal.cost
    yield NextThing(
        text,
        tone,
        by=due.due_on,
        counts_days=refusal is None or due.due_on >= on,
        note=note,
        url=reverse("interview_new", args=[dossier.enrolment.public_id]),
        url_label=_("面談を記録する"),
        steps=due.steps,
        reasons=due.reasons_on(on),
        anchor="due",
        more_url=reverse("pace_settings"),
        more_label=_("事業所の、面談の間隔の設定"),
    )


def _pace(dossier: SupportDossier, support: SupportSummary) -> Iterator[NextThing]:
    suggestion, due_on = support.due.suggestion, support.due.due_on
    is_late = due_on is not None and due_on < dossier.person.on
    if suggestion is not None and not is_late:
        yield NextThing(
            _("面談の間隔をゆるめるか、決める"),
            "info",
            note=suggestion.reason.text,
            url=reverse("pace_decide", args=[dossier.enrolment.public_id]),
            url_label=_("決める"),
            reasons=(suggestion.reason,),
            anchor="suggestion",
        )


def _reports(dossier: SupportDossier, months: tuple[MonthLine, ...]) -> Iterator[NextThing]:
    """Of the running and the last month; older ones are told by the month's page."""
    for line in months[:2]:
        if line.untrue:
            yield _corrected_report(dossier, line)
        elif line.awaits_report and line.closed is None:
            again = line.early_on is not None
            text = (
                _("%(month)sの支援レポートを渡し直す")
                if again
                else _("%(month)sの支援レポートを渡す")
            )
            why = _("%(day)sに渡したのは、この月の面談より前です。") % {"day": line.early_words}
            yield NextThing(
                text % {"month": line.month.label},
                "info" if line.is_running and not again else "warning",
                note=why if again else _("請求には、本人に渡した記録が要ります。"),
                url=reverse("report_page", args=[dossier.enrolment.public_id, line.month]),
                url_label=_("レポートを開く"),
            )


def _corrected_report(dossier: SupportDossier, line: MonthLine) -> NextThing:
    """The person holds a paper about a meeting that is not on file any more, billed or not."""
    return NextThing(
        _("%(month)sの支援レポートの訂正版を渡す") % {"month": line.month.label},
        "warning",
        note=_("本人に渡した版にある%(days)sの面談は、いまの記録と合いません。")
        % {"days": line.untrue_words},
        url=reverse("report_page", args=[dossier.enrolment.public_id, line.month]),
        url_label=_("レポートを開く"),
    )


def _next_job(dossier: SupportDossier, person: PersonSummary) -> Iterator[NextThing]:
    """A job has ended: the right hangs on the day on which the next one begins."""
    standing = person.standing
    if standing.state is not StandingState.PENDING:
        return
    if standing.pending_until is None:
        text, note = (
            _("次の就職の予定を確かめる"),
            _("離職の記録に、まだ分からないことがあります。"),
        )
    else:
        left = max(0, (standing.pending_until - dossier.person.on).days)
        text = _("次の就職は、この日までに始まることが必要です")
        note = _("あと%(left)d日です。過ぎると、利用できる期間は離職の日で終わります。") % {
            "left": left
        }
    yield NextThing(
        text,
        "danger",
        by=standing.pending_until,
        note=note,
        url=reverse("employment_new", args=[person.public_id]),
        url_label=_("次の就職を記録する"),
        steps=standing.steps,
        reasons=standing.reasons,
        anchor="next-job",
    )


def _right(
    dossier: SupportDossier, person: PersonSummary, support: SupportSummary
) -> Iterator[NextThing]:
    on, enrolment = dossier.person.on, dossier.enrolment
    if person.standing.window is None:
        yield NextThing(
            _("就労と、就職前のサービスを記録する"),
            "warning",
            note=_("利用できる期間は、この2つから数えます。"),
            url=reverse("client_facts", args=[person.public_id]),
            url_label=_("記録を開く"),
            reasons=person.standing.reasons,
        )
    transcribe = reverse("certificate_transcribe", args=[enrolment.public_id])
    decision = support.decision
    if enrolment.use_starts_on is None:
        yield from before_use(dossier, person, support)
    if decision is None:
        if enrolment.use_starts_on is None:
            return
        yield NextThing(
            _("受給者証の記録がありません"), "danger", url=transcribe, url_label=_("転記する")
        )
    elif any(row.starts_on > decision.ends_on for row in support.decisions):
        pass  # the next one is on file: a renewal, or what a change goes on with
    elif decision.revoked_on is not None:
        # Before the use, how the path ended is told above.
        if enrolment.use_starts_on is not None:
            yield revoked(decision, dossier)
    elif decision.ends_on <= on + AHEAD and decision.ends_on < person_window_end(person):
        yield renewal(decision, dossier, transcribe)
    if decision is not None and decision.starts_on <= on <= decision.ends_on and not support.cap:
        yield NextThing(
            _("%(month)sの負担上限月額が分かりません") % {"month": Month.of(on).label},
            "warning",
            note=_("0円と未入力は違います。受給者証で確かめます。"),
            url=reverse("cap_new", args=[enrolment.public_id]),
            url_label=_("上限額を記録する"),
        )


def _end(dossier: SupportDossier, person: PersonSummary) -> Iterator[NextThing]:
    """The last usable day comes near, or has passed without the use being ended."""
    on, standing = dossier.person.on, person.standing
    last = standing.right_ends_on
    if last is None or dossier.enrolment.use_starts_on is None:
        return
    if last < on:
        yield NextThing(
            _("利用できる期間が終わっています"),
            "danger",
            by=last,
            note=_("利用の終了を記録します。別の就労が続いているときは、就労の記録を確かめます。"),
            url=reverse("enrolment_end", args=[dossier.enrolment.public_id]),
            url_label=_("利用の終了を記録する"),
            steps=standing.steps,
            reasons=standing.reasons,
        )
    elif last <= on + AHEAD:
        is_today = last == on
        yield NextThing(
            _("利用できる期間が終わります"),
            "warning",
            by=last,
            url=reverse("enrolment_end", args=[dossier.enrolment.public_id]) if is_today else "",
            url_label=_("利用の終了を記録する"),
            steps=standing.steps,
            reasons=standing.reasons,
        )


def person_window_end(person: PersonSummary) -> date:
    """The last usable day: a decision that lasts until then needs no renewal."""
    return person.standing.right_ends_on or date.max


def _is_of_before(dossier: SupportDossier) -> bool:
    """Whether the use began before the office billed here: its first papers went out by another file."""
    first, began = dossier.opening.first_day, dossier.enrolment.use_starts_on
    return first is not None and began is not None and began < first


def _papers(dossier: SupportDossier, support: SupportSummary) -> Iterator[NextThing]:
    enrolment = dossier.enrolment
    contract = support.contract
    if contract is None and support.turn == Turn.PROVIDER:
        yield NextThing(
            _("重要事項の説明と利用契約"),
            "warning",
            url=reverse("contract_new", args=[enrolment.public_id]),
            url_label=_("契約を記録する"),
        )
    if contract is not None and contract.reported_on is None and not _is_of_before(dossier):
        yield NextThing(
            _("契約内容報告書を区役所に送る"),
            "info",
            url=reverse("contract_report", args=[enrolment.public_id, contract.public_id]),
            url_label=_("送った日を記録する"),
        )
    if contract is None:
        return
    for thing in plan_things(dossier, support):
        yield NextThing(
            thing.text,
            thing.tone,
            by=thing.by,
            note=thing.note,
            url=thing.url,
            url_label=thing.url_label,
            steps=thing.steps,
        )
    if not dossier.person.staff.name:
        yield NextThing(
            _("担当を決める"),
            "warning",
            url=reverse("staff_assign", args=[enrolment.public_id]),
            url_label=_("担当を決める"),
        )


def _handover(dossier: SupportDossier, support: SupportSummary) -> Iterator[NextThing]:
    on, days, handover = dossier.person.on, support.handover_days, support.handover
    if handover is not None and handover.is_needed:
        yield from _way_of_handover(dossier, support, handover, on)
        return
    if handover is not None or support.contract is None:
        return
    enrolment = dossier.enrolment.public_id
    if support.is_sudden:
        yield NextThing(
            _("支援が終わったあとのことを本人と話す"),
            "info",
            note=_(
                "急な終わりなので、共有の最終日はなく、義務に反しません。"
                "本人が望めば、センターを案内します。"
            ),
            url=reverse("handover_judge", args=[enrolment]),
            url_label=_("要否を判断する"),
        )
    elif days is not None and on >= days.preparation_starts_on:
        yield NextThing(
            _("支援が終わったあとのことを決める"),
            "danger" if on > days.share_by else "warning",
            by=days.share_by,
            note=_("続けて支援が要るかを判断し、要るときは引き継ぎ先と情報を共有します。"),
            url=reverse("handover_judge", args=[enrolment]),
            url_label=_("要否を判断する"),
            steps=days.steps,
        )


def _unjudged(
    dossier: SupportDossier, here: QuerySet[Enrolment], reader: Membership, on: date
) -> tuple[NextThing, ...]:
    """The use ended before anybody judged: as long as the board says so (one query)."""
    if not unjudged(here, on, (first_unsettled(on), on)).rows.exists():
        return ()
    thing = NextThing(
        _("支援がまだ必要かを判断する"),
        "danger",
        by=dossier.enrolment.ends_on,
        note=_("判断を記録しないまま、利用が終わっています。要るときは、引き継ぎを進めます。"),
        url=_for(reader, reverse("handover_judge", args=[dossier.enrolment.public_id])),
        url_label=_("判断を記録する"),
        anchor="handover_unjudged",
    )
    return (thing,)


def _way_of_handover(
    dossier: SupportDossier, support: SupportSummary, handover: Handover, on: date
) -> Iterator[NextThing]:
    """The next step of a hand-over that has begun; the last one is the look, six months later."""
    steps = open_steps(handover.dates)
    if not steps:
        return
    days = support.handover_days
    step = HandoverStep.LOOK if handover.look_due_on and handover.look_due_on <= on else steps[0]
    by = handover.look_due_on if step == HandoverStep.LOOK else None
    last_on = dossier.enrolment.ends_on
    is_over = last_on is not None and last_on < on
    if is_over:
        # As the board says: what is left waits since the last day.
        by = by or last_on
    elif days is not None and handover.shared_on is None:
        by = days.share_by
    tone = "info"
    if by is not None:
        tone = "danger" if on > by else "warning" if step != HandoverStep.LOOK else "info"
    yield NextThing(
        _("引き継ぎ：%(step)s") % {"step": LABELS[step]},
        tone,
        by=by,
        url=reverse("handover_page", args=[dossier.enrolment.public_id]),
        url_label=_("引き継ぎを開く"),
        steps=days.steps if days is not None and not is_over else (),
    )
