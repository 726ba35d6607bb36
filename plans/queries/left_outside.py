"""訂正: what hangs on a decision and would lie outside it once its days are written otherwise."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from clients.rules.cap import CapMonths
from plans.models import CapPeriod, Decision
from plans.queries.cap_words import closed_words
from plans.queries.caps import ClosedMonths, first_month_without_cap, months_of_cap
from plans.queries.decision_change import changed_by, end_before
from plans.rules.caps import joined_months, lies_outside, touches
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month, day_after


def left_outside(
    decision: Decision, *, decided_on: date, starts_on: date, ends_on: date, number: str = ""
) -> list[str]:
    """Papers and caps that the corrected days leave outside, each in words; often nothing.

    Months that another decision of the person holds are not outside. `number`: the certificate
    number as it should have been; "" where it is not asked about (six queries).
    """
    found = [
        _("受給者証（%(kind)s）の交付日 %(issued)s・適用日 %(applies)s が合わなくなります。続けて日付を訂正してください。")
        % {
            "kind": paper.get_kind_display(), "issued": both(paper.issued_on),
            "applies": both(paper.applies_on),
        }
        for paper in decision.certificates.all()
        if paper.issued_on < decided_on
        or not starts_on <= paper.applies_on <= ends_on
        # What applied from the first day on does so from the right one on too.
        or paper.applies_on == decision.starts_on != starts_on
    ]  # fmt: skip
    found += _change_words(decision, starts_on)
    found += _number_words(decision, number)
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
    return [*found, *_bare_words(decision, starts_on)] if starts_on <= ends_on else found


def closed_between(
    decision: Decision, starts_on: date, ends_on: date, closed: ClosedMonths
) -> list[str]:
    """The closed months that other days of the decision touch, in words; often nothing.

    docs/rules.md §4: what reaches back lists the closed months that it touches.
    """
    spans = []
    if starts_on != decision.starts_on:
        days = sorted((starts_on, decision.starts_on))
        spans.append((Month.of(days[0]), Month.of(days[1])))
    if ends_on != decision.ends_on:
        days = sorted((ends_on, decision.ends_on))
        spans.append((Month.of(day_after(days[0])), Month.of(days[1])))
    months = [month for span in spans for month in closed(decision.client, *span)]
    words = closed_words(dict.fromkeys(months))
    return [words] if words else []


def _bare_words(decision: Decision, starts_on: date) -> list[str]:
    """The first month of an earlier start that has no cap, or none that its own papers carry."""
    months = (Month.of(starts_on), Month.of(decision.starts_on))
    bare = first_month_without_cap(decision.client, *months)
    if bare is not None:
        text = _("%(month)sの上限額がありません。決まるまで、その月は請求できません。")
        return [text % {"month": bare.label}]
    bare = first_month_without_cap(decision.client, *months, of=decision.municipality)
    if bare is None:
        return []
    # A change by the ward that took the file over: until its day the cap is the former ward's.
    text = _(
        "%(month)sの上限額は、ほかの区が決めたものです。この支給決定の受給者証にも載せるには、"
        "%(ward)sがその月からの上限額を決めます。"
    )
    return [text % {"month": bare.label, "ward": decision.keeper.full_name}]


def _change_words(decision: Decision, starts_on: date) -> list[str]:
    """What moves with a change's day."""
    former = changed_by(decision) if starts_on != decision.starts_on else None
    if former is None:
        return []
    until = end_before(former, starts_on)
    text = _("変更した前の支給決定（%(first)s〜%(last)s）の終了日は、%(until)sになります。")
    days = {"first": former.starts_on, "last": former.ends_on, "until": until}
    return [text % {name: both(day) for name, day in days.items()}]


def _number_words(decision: Decision, number: str) -> list[str]:
    """The person's other decisions whose papers carry the number that was written wrongly.

    A number stays with the person (docs/rules.md §4): both halves of a change carry the same one.
    """
    paper = decision.certificates.select_related("recipient_number").last()
    if paper is None or number in ("", paper.recipient_number.number):
        return []
    old = paper.recipient_number.number
    same = Decision.objects.filter(
        client=decision.client_id, certificates__recipient_number__number=old, is_transcribed=False
    )
    text = _(
        "支給決定 %(first)s〜%(last)s の受給者証は、いまの番号（%(number)s）のままです。"
        "同じ方の番号なので、続けて訂正してください。"
    )
    return [
        text % {"first": both(each.starts_on), "last": both(each.ends_on), "number": old}
        for each in same.exclude(pk=decision.pk).order_by("starts_on").distinct()
    ]
