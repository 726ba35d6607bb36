"""訂正: what hangs on a decision and would lie outside it once its days are written otherwise."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from clients.rules.cap import CapMonths
from plans.models import CapPeriod, Decision
from plans.queries.caps import first_month_without_cap, months_of_cap
from plans.queries.decision_change import changed_by, end_before, next_of
from plans.rules.caps import joined_months, lies_outside, touches
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month, day_after, day_before


def left_outside(
    decision: Decision, *, decided_on: date, starts_on: date, ends_on: date
) -> list[str]:
    """Papers and caps that the corrected days leave outside, each in words; often nothing.

    Months that another decision of the person holds are not outside (four queries).
    """
    found = [
        _("受給者証（%(kind)s）の交付日 %(issued)s・適用日 %(applies)s が合わなくなります。続けて日付を訂正してください。")
        % {
            "kind": paper.get_kind_display(), "issued": both(paper.issued_on),
            "applies": both(paper.applies_on),
        }
        for paper in decision.certificates.all()
        if paper.issued_on < decided_on or not starts_on <= paper.applies_on <= ends_on
    ]  # fmt: skip
    found += _change_words(decision, starts_on, ends_on)
    own = {"client": decision.client_id, "municipality": decision.municipality_id}
    others = Decision.objects.standing().filter(**own).exclude(pk=decision.pk)
    periods = [*others.values_list("starts_on", "ends_on"), (starts_on, ends_on)]
    spans = joined_months(sorted(periods))
    before = CapMonths(Month.of(decision.starts_on), Month.of(decision.ends_on))
    found += [
        _("負担上限月額 %(yen)s（%(first)s〜%(last)s）に、支給決定の外の月ができます。続けて訂正してください。")
        % {
            "yen": yen(cap.cap_yen), "first": Month.of(cap.first_month).label,
            "last": Month.of(cap.last_month).label if cap.last_month else _("終わりなし"),
        }
        for cap in CapPeriod.objects.filter(**own).order_by("first_month")
        if touches(*months_of_cap(cap), before) and lies_outside(*months_of_cap(cap), spans)
    ]  # fmt: skip
    bare = first_month_without_cap(
        decision.client, Month.of(starts_on), Month.of(decision.starts_on)
    )
    if bare is not None and starts_on <= ends_on:
        text = _("%(month)sの上限額がありません。決まるまで、その月は請求できません。")
        found.append(text % {"month": bare.label})
    return found


def _change_words(decision: Decision, starts_on: date, ends_on: date) -> list[str]:
    """What moves with a change's day, and the days between the two that nothing would hold."""
    found, gaps = [], []
    former, later = changed_by(decision), next_of(decision)
    if former is not None and starts_on != decision.starts_on:
        until = end_before(former, starts_on)
        text = _("変更した前の支給決定（%(first)s〜%(last)s）の終了日は、%(until)sになります。")
        days = {"first": former.starts_on, "last": former.ends_on, "until": until}
        found.append(text % {name: both(day) for name, day in days.items()})
        gaps.append((until, starts_on))
    if later is not None:
        gaps.append((ends_on, later.starts_on))
    for last, first in gaps:
        if day_after(last) < first:
            text = _("%(first)sから%(last)sまでは、支給決定のない日になります。")
            days = {"first": day_after(last), "last": day_before(first)}
            found.append(text % {name: both(day) for name, day in days.items()})
    return found
