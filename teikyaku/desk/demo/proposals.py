"""Between offices and wards of the demo: proposals in every state, with their talk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from clients.models import Enrolment
from clients.queries.window import standing_of
from plans.actions import proposal as actions
from plans.models import Decision, Proposal
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission, Role
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import day_after, day_before


@dataclass(frozen=True, slots=True)
class Talk:
    """One proposal of the demo: what, how many days ago, and what was said since."""

    kind: str
    days_ago: int
    text: str
    said: tuple[tuple[str, int, dict[str, str]], ...] = ()
    """Action, days ago, its words."""
    value: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


ASKED = {"text": "計画案は、いつごろ出ますか。相談支援事業所の名前も教えてください。"}
ANSWERED = {"text": "今月の20日ごろです。架空相談支援センターにお願いしています。"}
REFUSED = {
    "reason": "missing", "text": "課税証明書がまだ届いていません。",
    "next_step": "本人に証明書をお願いし、届いたらもう一度出してください。",
}  # fmt: skip
TALKS = (
    Talk("renewal", 3, "本人は続けて使いたいと話しています。計画案は相談支援に頼みました。"),
    Talk("change", 12, "体調の波があり、会う回数を増やしたいため。", value="当該月の日数（週2回まで）"),
    Talk("job", 6, "同じ会社の別の店に移りました。", value="架空ストア 東店",
         extra={"changes_to_improve": True}),
    Talk("address", 2, "職場の近くに引っ越しました。", value="架空町4丁目5-6"),
    Talk("end", 14, "本人が、支援なしでやってみたいと話したため。", (("ask_back", 11, ASKED),)),
    Talk("renewal", 9, "更新をお願いします。", (("ask_back", 8, ASKED), ("answer", 6, ANSWERED))),
    Talk("renewal", 20, "更新をお願いします。", (("refuse", 15, REFUSED),)),
    Talk("change", 25, "仕事に慣れ、会う回数を減らしたいため。", (
        ("withdraw", 22, {"text": "次の更新のときにまとめて相談します。"}),
    ), value="当該月の日数（月1回まで）"),
)  # fmt: skip


def talk_with_wards(city: City) -> None:
    """The talks, each about somebody else whose decision a ward with staff keeps."""
    people = _people(city)
    for talk in TALKS:
        for enrolment, decision in people:
            if _could_be_granted(city, talk, decision):
                _hold(city, talk, enrolment, decision)
                break


def _could_be_granted(city: City, talk: Talk, decision: Decision) -> bool:
    """Whose window ends with the decision has nothing to renew: the talk is about somebody else."""
    if talk.kind not in (Proposal.Kind.RENEWAL, Proposal.Kind.CHANGE):
        return True
    first = _facts(city, talk, decision, city.today - timedelta(days=talk.days_ago))["starts_on"]
    standing = standing_of(decision.client, first)
    window = standing.window
    return standing.is_usable and window is not None and window.period.contains(first)


def _people(city: City) -> Iterator[tuple[Enrolment, Decision]]:
    wards = [m.municipality_id for m in city.staff.values() if m.has_role(Role.WARD_OFFICER)]
    decisions = Decision.objects.filter(
        is_transcribed=False, revoked_on=None, starts_on__lt=city.today - timedelta(days=30),
        ends_on__gt=city.today + timedelta(days=5), municipality__in=wards, passed_to=None,
        client__file_transfers=None, client__applications__outcome="granted",
    ).select_related("client", "municipality__city")  # fmt: skip
    open_ones = Enrolment.objects.filter(ends_on=None).select_related("client", "office")
    for decision in decisions.order_by("municipality__code", "pk").distinct():
        if decision.client.applications.filter(outcome="").exists():
            continue
        enrolment = open_ones.filter(client=decision.client).order_by("pk").first()
        if enrolment is not None:
            yield enrolment, decision


def _hold(city: City, talk: Talk, enrolment: Enrolment, decision: Decision) -> None:
    worker = next(
        m for m in city.staff.values()
        if m.office_id == enrolment.office_id and m.may(Permission.CONTRACT_WRITE)
    )  # fmt: skip
    officer = next(m for m in city.staff.values() if m.municipality_id == decision.municipality_id)
    day = city.today - timedelta(days=talk.days_ago)
    row = actions.propose(
        enrolment=enrolment, decision=decision, kind=talk.kind, text=talk.text, value=talk.value,
        **_facts(city, talk, decision, day), **_who(worker, day),
    )  # fmt: skip
    for action, days_ago, words in talk.said:
        by = officer if action in ("ask_back", "refuse") else worker
        run = getattr(actions, action)
        run(proposal=row, **words, **_who(by, city.today - timedelta(days=days_ago)))


def _facts(city: City, talk: Talk, decision: Decision, day: date) -> dict[str, Any]:
    kinds = Proposal.Kind
    if talk.kind == kinds.RENEWAL:
        return {"starts_on": day_after(decision.ends_on)}
    if talk.kind == kinds.CHANGE:
        return {"starts_on": day + timedelta(days=20)}
    if talk.kind == kinds.END:
        return {"ends_on": min(day_before(decision.ends_on), city.today + timedelta(days=10))}
    if talk.kind == kinds.ADDRESS:
        return {"starts_on": day, "municipality": decision.municipality}
    return {"starts_on": day, "ends_on": day - timedelta(days=1), **talk.extra}


def _who(by: Membership, day: date) -> dict[str, Any]:
    return {"by": by, "at": at_noon(day)}
