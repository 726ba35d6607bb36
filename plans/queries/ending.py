"""終了: what each reason brings about for one person, told before it is saved (docs/rules.md §9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clients.enums import EndReason
from clients.models import Consent, Enrolment
from clients.rules.ending import EndEffects, effects_of
from plans.models import Handover, Interview, InterviewDraft, Proposal
from plans.queries.report import unshared_months
from plans.rules.handover import handover_days
from teikyaku.era import both
from teikyaku.periods import Month
from teikyaku.reasons import Reason


@dataclass(frozen=True, slots=True)
class OpenThings:
    """What is under way with one person on a day, before the use is ended."""

    next_on: date | None
    drafts: int
    unshared: tuple[Month, ...]
    """Months of the last three with a meeting and no report shared with the person."""
    consents: int
    proposals: int
    share_by: date | None
    handover: Handover | None
    other_offices: int
    """How many of this person's enrolments run elsewhere; never told who."""


@dataclass(frozen=True, slots=True)
class EndCard:
    """One reason: the rule, and what happens line by line."""

    reason: str
    label: str
    explanation: Reason
    lines: tuple[str, ...]


def open_things(enrolment: Enrolment, on: date) -> OpenThings:
    """Counted once for all reasons (seven queries)."""
    ahead = Interview.objects.standing().filter(enrolment=enrolment, next_on__gt=on)
    window = enrolment.window_ends_on
    return OpenThings(
        next_on=ahead.order_by("next_on").values_list("next_on", flat=True).first(),
        drafts=InterviewDraft.objects.filter(enrolment=enrolment).count(),
        unshared=unshared_months([enrolment.pk], on).get(enrolment.pk, ()),
        consents=Consent.objects.filter(enrolment=enrolment).given(on).count(),
        proposals=enrolment.proposals.filter(
            state__in=(Proposal.State.WARD, Proposal.State.OFFICE)
        ).count(),
        share_by=handover_days(window).share_by if window else None,
        handover=Handover.objects.filter(enrolment=enrolment).select_related("centre").first(),
        other_offices=enrolment.client.enrolments.filter(ends_on=None)
        .exclude(pk=enrolment.pk)
        .count(),
    )


def end_cards(enrolment: Enrolment, on: date) -> tuple[EndCard, ...]:
    """Every reason with what it does to what is under way."""
    things = open_things(enrolment, on)
    cards = []
    for reason in EndReason:
        effects = effects_of(reason)  # type: ignore[arg-type]
        lines = tuple(_lines(effects, things, on))
        cards.append(EndCard(reason.value, str(reason.label), effects.explanation, lines))
    return tuple(cards)


def _lines(effects: EndEffects, things: OpenThings, on: date) -> Iterator[str]:
    is_death = effects.stops_all_contact
    if is_death:
        yield _("面談・予定：その日から、期限も予定も出なくなります。カレンダーからも消えます。")
        yield _("メール：まだ送っていない知らせから、この方のことを消します。")
        yield _(
            "支援レポート：発行できなくなり、本人・ほかの相手のどちらにも渡せません。前に本人に渡していたものは、あとからでも記録できます。"
        )
    else:
        yield _(
            "面談・予定：終了日の翌日から、期限も予定も出なくなります。カレンダーからも消えます。"
        )
        yield _("メール：終了日の翌日から、この方のことは書きません。")
        yield _("支援レポート：終了日の月までのものは、この後も書いて渡せます。")
    if things.next_on is not None:
        yield _("次回の予定（%(on)s）が入っています。") % {"on": both(things.next_on)}
    if things.drafts:
        yield _("書きかけの面談記録が%(count)d件あります。終了の前に保存してください。") % {
            "count": things.drafts
        }
    if things.unshared:
        months = "、".join(month.label for month in things.unshared)
        yield _("本人に渡していない支援レポート：%(months)s。渡さない月は請求できません。") % {
            "months": months
        }
    yield from _papers(effects, things)
    yield from _duty(effects, things, on)


def _papers(effects: EndEffects, things: OpenThings) -> Iterator[str]:
    yield _("契約：同じ日に終わります。市町村へ契約内容報告書を送ります。")
    yield _("請求：終了日の月までの請求は、この後も締められます。")
    yield _("負担上限月額・受給者証：記録はそのまま残ります。変わるときは区役所が決めます。")
    if effects.stops_all_contact:
        yield _("同意（%(count)d件）：記録は残りますが、これからは何も渡せません。") % {
            "count": things.consents
        }
        if things.other_offices:
            yield _("ほかの事業所での利用も、同じ日に終わります。")
    else:
        yield _("同意（%(count)d件）：そのまま残り、撤回はこの後も記録できます。") % {
            "count": things.consents
        }
    if things.proposals:
        yield _("区への提案が%(count)d件、返事を待っています。区に終了を伝えてください。") % {
            "count": things.proposals
        }


def _duty(effects: EndEffects, things: OpenThings, on: date) -> Iterator[str]:
    handover = things.handover
    if effects.stops_all_contact:
        yield _("引き継ぎ：義務はなくなり、手順も書類も止まります。")
    elif effects.has_handover_duty is False:
        yield _("引き継ぎ：急な終わりなので義務に反しません。本人が望めば、センターへつなげます。")
    elif effects.has_handover_duty is None:
        yield _("引き継ぎ：義務が及ぶかは、確かめていません。市に確認してください。")
    elif handover is None:
        yield _("引き継ぎ：要否の判断の記録がありません。減算のおそれがあります。")
    elif handover.is_needed and handover.shared_on is None:
        yield _("引き継ぎ：情報の共有の記録がありません。減算のおそれがあります。")
    else:
        yield _("引き継ぎ：記録があります。最初の相談と6か月後の確かめは、この後も記録できます。")
