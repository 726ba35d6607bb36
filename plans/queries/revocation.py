"""取消: what a revocation of one decision leaves as it is."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from plans.models import CapPeriod, Decision, PendingGrant
from plans.queries.cap_words import closed_words
from plans.queries.caps import ClosedMonths, none_closed
from plans.queries.decision_change import ends_anyway, followers, goes_on_at, is_withdrawal
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month, day_after


def what_it_is(decision: Decision) -> str:
    """Which decision would be revoked, and what a change lets follow on it, in words."""
    text = _("取り消すのは、支給決定 %(row)s です。")
    found = [text % {"row": _decision_words(decision)}]
    if rows := "、".join(f"（{_decision_words(row)}）" for row in followers(decision)):
        found.append(_("変更した支給決定%(rows)sが続いています。") % {"rows": rows})
    return "".join(found)


def what_ends(
    decision: Decision,
    on: date,
    closed: ClosedMonths = none_closed,
    *,
    today: date | None = None,
) -> list[str]:
    """What a revocation of a decision on `on` ends beside or instead of it, in words; often nothing.

    As plans.actions.revocation does it: where the decision was changed, what follows ends too. Months
    after the last day that are `closed` stay as they were closed (docs/rules.md §4). With `today` one
    that has not begun may be withdrawn; a proposal only ends what runs.
    """
    held = goes_on_at(decision, on)
    is_taken_back = today is not None and is_withdrawal(held, on, today)
    found = []
    if is_taken_back:
        text = _(
            "この支給決定は、始まる前に取り消します。使える日はありません。記録には、"
            "始まる前に取り消した支給決定として、決定したときの期間のまま残ります。"
        )
        found.append(text)
    if held.pk != decision.pk and held.starts_on <= on <= held.ends_on:
        text = _("この日は、変更した支給決定（%(row)s）の期間です。その支給決定が終わります。")
        found.append(text % {"row": _decision_words(held)})
    if held.revoked_on is None and ends_anyway(held, on):
        text = _(
            "この日は支給決定期間の最後の日です。取り消しても期間は変わらず、取消の記録だけが残ります。"
        )
        found.append(text)
    for row in followers(held) if is_taken_back or held.starts_on <= on <= held.ends_on else []:
        text = _(
            "変更した支給決定（%(row)s）も、始まる前に取り消します。記録には、始まる前に取り消した"
            "支給決定として、決定したときの期間のまま残ります。"
        )
        found.append(text % {"row": _decision_words(row)})
        found += _cap_of_change(row, on)
    waiting = PendingGrant.objects.filter(application__client=decision.client_id, outcome="")
    if waiting.exists():
        found.append(
            _(
                "確認を待っている支給決定の案があります。取り消すと、その案は確認できなくなることがあります。"
                "先に確認するか、戻してください。"
            )
        )
    months = closed_words(closed(decision.client, Month.of(day_after(on)), None))
    return [*found, months] if months else found


def _cap_of_change(row: Decision, on: date) -> list[str]:
    """Of a change called off in the month in which it would have begun: that month's cap came with it."""
    if Month.of(row.starts_on) != Month.of(on):
        return []
    month = Month.of(on)
    own = {"client": row.client_id, "municipality": row.municipality_id}
    cap = CapPeriod.objects.filter(**own, first_month=month.first_day).first()
    if cap is None:
        return []
    text = _(
        "%(month)sの上限額 %(cap)s は、始まらない変更と一緒に決めたものです。取り消したあとで、"
        "この支給決定の画面の「負担上限月額を決める」で、%(month)sの額を決め直してください。"
    )
    return [text % {"month": month.label, "cap": _cap_words(cap)}]


def what_stays(decision: Decision, on: date) -> list[str]:
    """The person's later decisions, and the caps from the month of `on` on, in words; often nothing.

    Only the same municipality's: another one's dates are not told here.
    """
    own = {"client": decision.client_id, "municipality": decision.municipality_id}
    later = Decision.objects.filter(**own, starts_on__gt=decision.starts_on, revoked_on=None)
    # What goes on from a change ends with it (`what_ends`).
    later = later.exclude(pk__in=[row.pk for row in followers(decision)])
    month = Month.of(on).first_day
    caps = CapPeriod.objects.filter(Q(last_month=None) | Q(last_month__gte=month), **own)
    found = [
        (_("この方の次の支給決定は、そのまま残ります：%(rows)s。"), [
            f"{both(row.starts_on)}〜{both(row.ends_on)}" for row in later
        ]),
        (_("この方の負担上限月額は、そのまま残ります：%(rows)s。"), [_cap_words(row) for row in caps]),
    ]  # fmt: skip
    return [text % {"rows": "、".join(rows)} for text, rows in found if rows]


def _decision_words(row: Decision) -> str:
    return f"{both(row.starts_on)}〜{both(row.ends_on)}、{row.amount}"


def _cap_words(cap: CapPeriod) -> str:
    last = Month.of(cap.last_month).label if cap.last_month else _("終わりなし")
    return f"{yen(cap.cap_yen)}（{Month.of(cap.first_month).label}〜{last}）"
