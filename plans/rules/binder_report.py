"""面談・同意・支援レポート in the binder: periods, order, consents, receipts. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from plans.rules.binder_facts import ConsentFacts, ShareFacts, SupportFacts, VersionFacts
from plans.rules.mismatch import (
    FactSide,
    Mismatch,
    MismatchKind,
    Place,
    Source,
    is_awaited,
    until,
)
from plans.rules.report import (
    DIED,
    NO_CONSENT,
    ToldMeeting,
    days_gone,
    is_after_death,
    sharing,
)
from teikyaku.era import both
from teikyaku.periods import Period
from teikyaku.reasons import Certainty

IN_PERIODS = Source(
    "面談は、利用契約と支給決定の期間の中で行ったものが数えられます。", "docs/rules.md §6"
)
TELLS = Source("支援レポートは、その月の面談や支援を書いて渡すものです。", "docs/rules.md §6")
CONSENT_NEEDED = Source(
    "本人のほかに渡せるのは、その相手への本人の同意がある日だけです。", "docs/rules.md §6"
)
RECEIVED = Source(
    "支援レポートは、渡した日と方法、受け取ったことを残します。",
    "docs/rules.md §6",
    Certainty.PRACTICE,
)


def unconsented_shares(facts: SupportFacts) -> Iterable[Mismatch]:
    """What went to somebody on a day on which it was not allowed to (docs/rules.md §6, §9)."""
    for row in facts.shares:
        given = [each.given for each in facts.consents if each.holds(row.shared_on, row.shared_at)]
        is_dead = is_after_death(row.recipient, facts.died_on, row.shared_on)
        allowed = sharing(
            row.recipient, row.name_key, given, must_not_contact=row.is_closed_job, is_dead=is_dead
        )
        gone = FactSide("共有", row.shared_on, row.whom)
        place = (CONSENT_NEEDED, row.shared_on, Place.REPORT, str(row.month))
        if allowed.refusal is NO_CONSENT:
            text = f"{row.whom}に渡した日に、この相手への本人の同意がありません。"
            if any(_is_same_day(each, row) for each in facts.consents):
                text = (
                    f"{row.whom}に渡した日に、本人が同意を撤回しています。"
                    "撤回の記録のほうが先です。どちらが先か、確かめてください。"
                )
            facts_of = (gone, _nearest_consent(facts.consents, row))
            yield Mismatch(MismatchKind.CONSENT, text, facts_of, *place)
        elif allowed.refusal is not None:
            # 職場連絡禁止, or a death: nothing may go, whatever was consented to.
            on = facts.died_on if allowed.refusal is DIED else row.shared_on
            text = f"渡してはいけない日に、{row.whom}に渡した記録があります。"
            why = FactSide("渡せない理由", on, allowed.refusal.text)
            yield Mismatch(MismatchKind.CONSENT, text, (gone, why), *place)
        elif extra := [item for item in row.items if item not in allowed.items]:
            text = f"{row.whom}に、同意にない項目が{len(extra)}つ渡っています。"
            facts_of = (gone, _nearest_consent(facts.consents, row))
            yield Mismatch(MismatchKind.CONSENT, text, facts_of, *place)


def _is_theirs(consent: ConsentFacts, row: ShareFacts) -> bool:
    is_kind = consent.given.recipient == row.recipient
    return is_kind and consent.given.name_key in ("", row.name_key)


def _is_same_day(consent: ConsentFacts, row: ShareFacts) -> bool:
    return _is_theirs(consent, row) and consent.withdrawn_on == row.shared_on


def _nearest_consent(consents: Sequence[ConsentFacts], row: ShareFacts) -> FactSide:
    theirs = [each for each in consents if _is_theirs(each, row)]
    if not theirs:
        return FactSide("同意", None, "この相手への同意がありません")
    latest = max(theirs, key=lambda each: each.starts_on)
    if latest.withdrawn_on is not None:
        return FactSide("同意", latest.starts_on, f"{both(latest.withdrawn_on)}に撤回")
    if latest.ends_on is not None:
        return FactSide("同意", latest.starts_on, f"{both(latest.ends_on)}まで")
    return FactSide("同意", latest.starts_on, "から")


def outside_meetings(facts: SupportFacts) -> Iterable[Mismatch]:
    """Meetings outside the enrolment, the contract or the decision (docs/rules.md §6)."""
    begins = facts.use.use_starts_on
    work = Period(facts.use.starts_on, facts.use.ends_on)
    for row in facts.meetings:
        other = None
        if not work.contains(row.on):
            other = FactSide("利用", work.starts_on, until(work))
        elif begins is None or row.on < begins:
            continue  # 相談 before the use began needs neither contract nor decision
        elif not any(each.period.contains(row.on) for each in facts.contracts):
            other = _nearest("利用契約", [each.period for each in facts.contracts], row.on)
        elif not any(each.period.contains(row.on) for each in facts.decisions):
            other = _nearest("支給決定", [each.period for each in facts.decisions], row.on)
        if other is not None:
            yield Mismatch(
                MismatchKind.INTERVIEW,
                f"面談の日が、{other.label}の期間の外です。",
                (FactSide("面談", row.on, row.way), other),
                IN_PERIODS, row.on, Place.INTERVIEW, row.key,
            )  # fmt: skip


def report_orders(facts: SupportFacts) -> Iterable[Mismatch]:
    """Reports that were issued or handed over before what they tell of, or tell of what is gone."""
    for row in facts.versions:
        told = f"{row.month.label}のレポート（第{row.number}版）"
        late = [told.on for told in row.tells_of if told.on > row.issued_on]
        if late:
            yield Mismatch(
                MismatchKind.REPORT_MEETING,
                f"{told}は、書いてある面談より前に発行しています。",
                (FactSide("発行", row.issued_on), FactSide("面談", max(late))),
                TELLS, row.issued_on, Place.REPORT, str(row.month),
            )  # fmt: skip
        # An old version is as it was; what holds is told by the newest.
        if row.is_newest:
            yield from meetings_gone(row, facts.met)
    for share in facts.shares:
        late = [told.on for told in share.tells_of if told.on > share.shared_on]
        if late:
            yield Mismatch(
                MismatchKind.REPORT_MEETING,
                f"{share.month.label}のレポートを、書いてある面談より前に渡した記録です。",
                (FactSide("共有", share.shared_on, share.whom), FactSide("面談", max(late))),
                TELLS, share.shared_on, Place.REPORT, str(share.month),
            )  # fmt: skip


def meetings_gone(row: VersionFacts, met: Collection[ToldMeeting]) -> Iterable[Mismatch]:
    """The meetings that a version tells of and that were corrected or taken back since.

    `met`: the standing contacts in which the person was reached.
    """
    for day in days_gone(row.tells_of, met):
        yield Mismatch(
                MismatchKind.REPORT_MEETING,
                f"{row.month.label}のレポート（第{row.number}版）に書いてある面談が、いまの記録と合いません"
                "（訂正か取消しをしています）。",
                (FactSide("発行", row.issued_on), FactSide("レポートの面談", day)),
                TELLS, day, Place.REPORT, str(row.month),
            )  # fmt: skip


def unreceived_shares(facts: SupportFacts) -> Iterable[Mismatch]:
    """Shares of which nobody has recorded that they arrived, once the time of grace is over."""
    for row in facts.shares:
        if row.received_on is None and not is_awaited(row.shared_on, facts.bound_on):
            yield Mismatch(
                MismatchKind.REPORT_RECEIPT,
                f"{row.month.label}のレポートを{row.whom}が受け取ったことが、まだ確かめられていません。",
                (
                    FactSide("共有", row.shared_on, row.whom),
                    FactSide("受領", None, "記録がありません"),
                ),
                RECEIVED, row.shared_on, Place.RECEIPT, row.key, f"{row.month.label} {row.whom}",
            )  # fmt: skip


def _nearest(label: str, periods: Sequence[Period], day: date) -> FactSide:
    if not periods:
        return FactSide(label, None, "記録がありません")
    before = [each for each in periods if each.starts_on <= day]
    near = max(before, key=lambda p: p.starts_on) if before else min(
        periods, key=lambda p: p.starts_on
    )  # fmt: skip
    return FactSide(label, near.starts_on, until(near))
