"""負担上限月額: caps from a month on, and what a cap cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.enums import Category
from clients.models import Client
from clients.queries.category import category_of
from clients.rules.cap import CapMonths
from plans.models import CapPeriod
from plans.queries.cap_words import cap_words
from plans.queries.caps import (
    first_month_without_cap,
    granted_months,
    kept_by_ward,
    mark_of,
    overlapped,
    replaced,
    rest_of,
    set_by_others,
)
from plans.rules.caps import RestMonths, months_of_decision, outside
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.queries.figures import figure
from teikyaku.clock import date_of
from teikyaku.periods import Month

HIGHEST_CAP = "cap.general_2"


@dataclass(frozen=True, slots=True)
class Cap:
    """負担上限月額 for whole months; `last_month` None while no end is printed."""

    first_month: date
    last_month: date | None
    category: str
    cap_yen: int
    is_managed: bool = False
    managing_office_number: str = ""
    managing_office_name: str = ""
    category_reason: str = ""
    """Why a ward decides otherwise than the household on file leads to; "" where it does not."""

    def managed_as(self, known: CapPeriod) -> Cap:
        """The same cap, managed by who manages `known`; a cap of 0 yen is not managed."""
        if not known.is_managed or not self.cap_yen:
            return replace(
                self, is_managed=False, managing_office_number="", managing_office_name=""
            )
        return replace(
            self,
            is_managed=True,
            managing_office_number=known.managing_office_number,
            managing_office_name=known.managing_office_name,
        )


@transaction.atomic
def add_cap_period(
    *, client: Client, municipality: Municipality, cap: Cap, by: Membership, at: datetime,
    seen: str | None = None,
) -> CapPeriod:  # fmt: skip
    """A cap from a month on; the one that ran into it ends the month before.

    Where a former one ran on beyond the new one, its amount goes on afterwards: no month loses its
    cap by a shorter one. What the new one covers from its first month on it replaces, if whoever enters
    it has seen that (plans.queries.cap_words); the history keeps the old values. `seen` is the mark of
    the caps that they were shown (plans.queries.caps.mark_of), None where nobody was shown any.

    Raises ValidationError when it would replace what nobody has looked at, when the caps on file are no
    longer those that were shown, when the months lie outside
    the ward's decision, for an amount above the highest cap there is, for a managed cap of 0 yen, and
    when an office would end what a ward has set.
    """
    refuse_impossible(cap)
    lock_caps(client)
    known = overlapped(client, cap.first_month, cap.last_month)
    if by.office_id is not None and is_kept_by_ward(client, municipality):
        raise ValidationError(
            _("区役所がこの記録に入れた上限額です。違うときは区役所へ伝えてください。")
        )
    if by.municipality_id is not None:
        refuse_outside_decision(client, municipality, cap)
        refuse_unexplained(client, cap)
    if seen is not None and seen != mark_of(known, cap.first_month, cap.last_month):
        text = _("入力しているあいだに、上限額の記録が変わりました。もう一度確かめてください。")
        raise ValidationError({"first_month": text})
    _refuse_replacing(replaced(known, cap.first_month), municipality, seen is not None)
    rests = [rest_of(each, cap.last_month, date_of(at)) for each in known]
    for each in known:
        _give_way(each, cap.first_month, by, at)
    row = _row(client, municipality, cap)
    _save(row, client, "cap_recorded", by, at)
    others = set_by_others(known, municipality)
    for each, rest in zip(known, rests, strict=True):
        if rest is not None:
            keeper = each.municipality if each in others else municipality
            _save(_going_on(each, rest, keeper), client, "cap_recorded", by, at)
    return row


def lock_caps(client: Client) -> None:
    """Let nobody else write caps of this person before this step is done."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)


def _give_way(cap: CapPeriod, first_month: date, by: Membership, at: datetime) -> None:
    """The cap ends before a new one, or goes where the new one leaves it no month before."""
    if cap.first_month < first_month:
        cap.last_month = (Month.of(first_month) - 1).first_day
        _save(cap, cap.client, "cap_ended", by, at, ("last_month",))
        return
    person_id = cap.client.public_id
    audit(verb="cap_replaced", subject=cap, by=by, at=at, person_id=person_id)
    # A copy goes: what is left of it may still be written from the values of the cap in hand.
    gone: Any = CapPeriod.objects.get(pk=cap.pk)
    gone._history_date, gone._history_user = at, by.user
    gone.delete()


def _row(client: Client, municipality: Municipality, cap: Cap) -> CapPeriod:
    return CapPeriod(
        client=client,
        municipality=municipality,
        first_month=cap.first_month,
        last_month=cap.last_month,
        category=cap.category,
        cap_yen=cap.cap_yen,
        is_managed=cap.is_managed,
        managing_office_number=cap.managing_office_number,
        managing_office_name=cap.managing_office_name,
        category_reason=cap.category_reason,
    )


def _going_on(known: CapPeriod, rest: RestMonths, keeper: Municipality) -> CapPeriod:
    """The months that are left of a cap, on the terms that it had; those of a passed file are `keeper`'s."""
    cap = Cap(
        rest.first_month.first_day,
        rest.last_month.first_day if rest.last_month else None,
        known.category,
        known.cap_yen,
        category_reason=known.category_reason,
    )
    return _row(known.client, keeper, cap.managed_as(known))


def _refuse_replacing(
    gone: Sequence[CapPeriod], municipality: Municipality, is_replacing: bool
) -> None:
    """Refuse to replace what nobody has looked at, or what another municipality has set.

    The caps of a ward whose file has passed are those of the ward that keeps it now (docs/rules.md §3).
    """
    if set_by_others(gone, municipality):
        text = _("ほかの市町村が決めた負担上限月額と、月が重なっています。")
        raise ValidationError({"first_month": text})
    if gone and not is_replacing:
        text = _(
            "負担上限月額の月が重なっています（%(cap)s）。額が変わったときは「負担上限月額」の画面で、"
            "変わった月から入れてください。書き間違いは「訂正」で直します。"
        )
        raise ValidationError({"first_month": text % {"cap": cap_words(gone[0])}})


def is_kept_by_ward(client: Client, municipality: Municipality) -> bool:
    """Whether the municipality itself keeps this person's decision here: no office copies over it."""
    return bool(kept_by_ward.rows(client=client.pk, municipality=municipality.pk))


def refuse_unexplained(client: Client, cap: Cap) -> None:
    """Refuse without a reason a category that the household on file rules out, or a cap that is not
    its category's (docs/rules.md §5).

    No reason makes anything to pay of a category that pays nothing.
    """
    refuse_more_than_nothing(cap.category, cap.cap_yen, cap.first_month)
    if not cap.category_reason.strip():
        refuse_other_category(client, cap.category, cap.first_month)
        refuse_unusual_amount(cap.category, cap.cap_yen, cap.first_month)


def refuse_other_category(client: Client, category: str, first_month: date) -> None:
    """Refuse a category that the household on file rules out, at the reason that is missing."""
    found = category_of(client, Month.of(first_month))
    if category not in {kind.value for kind in found.candidates}:
        message = _("世帯の記録からは「%(name)s」です。ちがう区分にする理由を書いてください。")
        raise ValidationError({"category_reason": message % {"name": found.names}})


def refuse_unusual_amount(category: str, cap_yen: int, first_month: date) -> None:
    """Refuse a cap that is not its category's, at the amount."""
    usual_yen = int(figure(f"cap.{category}", Month.of(first_month)).value)
    if cap_yen != usual_yen:
        message = _(
            "「%(name)s」の上限額は%(yen)s円です。ちがう額にするときは、理由を書いてください。"
        )
        words = {"name": Category(category).label, "yen": f"{usual_yen:,}"}
        raise ValidationError({"cap_yen": message % words})


def refuse_more_than_nothing(category: str, cap_yen: int, first_month: date) -> None:
    """Refuse yen for 生活保護 and 低所得, at the amount (docs/rules.md §5)."""
    if cap_yen and not int(figure(f"cap.{category}", Month.of(first_month)).value):
        message = _("「%(name)s」の上限額は0円です。支払いのある方は、区分を選び直してください。")
        raise ValidationError({"cap_yen": message % {"name": Category(category).label}})


def refuse_outside_decision(client: Client, municipality: Municipality, cap: Cap) -> None:
    """Refuse a ward's cap that reaches before or beyond its decision, at the field of the month.

    Decisions that follow one another without a gap count as one: a cap runs through a renewal.
    """
    refuse_months_outside(client, municipality, cap.first_month, cap.last_month)


def refuse_months_outside(
    client: Client, municipality: Municipality, first_month: date, last_month: date | None
) -> None:
    """The same of the months alone, while the rest of the cap is still to be mended."""
    months = granted_months(client, municipality, Month.of(first_month))
    if months is not None:
        refuse_outside_months(months, first_month, last_month)


def refuse_outside_months(
    months: CapMonths,
    first_month: date,
    last_month: date | None,
    *,
    prefix: str = "",
    why: str = "",
) -> None:
    """Refuse months of a cap outside `months`: the one check of every page and file.

    Raises ValidationError at `first_month` and `last_month`, with `prefix` before their names; `why`
    says where the months come from (the decision's period, if nothing is given).
    """
    wrong = outside(months, first_month, last_month)
    if not wrong:
        return
    text = _("%(first)sから%(last)sまでの月にしてください（%(why)sの中）。") % {
        "first": months.first_month.label,
        "last": months.last_month.label,
        "why": why or _("支給決定期間"),
    }
    raise ValidationError({f"{prefix}{name}": text for name in wrong})


def refuse_cap_before(starts_on: date, first_month: date) -> None:
    """Refuse a first month of a cap before the month in which its decision begins, at the grant's field."""
    first = Month.of(starts_on)
    if Month.of(first_month) < first:
        text = _("支給決定は%(month)sに始まります。上限額の最初の月を%(month)s以後にしてください。")
        raise ValidationError({"cap_first_month": text % {"month": first.label}})


def refuse_cap_of_grant(client: Client, starts_on: date, ends_on: date, cap: Cap) -> None:
    """Refuse a cap that is not of the decision with which it is granted, at the grant's fields.

    Its months lie inside the period, and no month of the decision before it is left without a cap:
    such a month would hold the person's claim (docs/rules.md §4).
    """
    months = months_of_decision(starts_on, ends_on)
    refuse_outside_months(months, cap.first_month, cap.last_month, prefix="cap_")
    first = Month.of(cap.first_month)
    bare = first_month_without_cap(client, months.first_month, first)
    if bare is not None:
        text = _("%(month)sの上限額がありません。その月からの上限額を入れてください。")
        raise ValidationError({"cap_first_month": text % {"month": bare.label}})


def refuse_wrong_cap(client: Client, cap: Cap) -> None:
    """Refuse what a ward's cap cannot be: impossible, or unexplained. Raises ValidationError by field."""
    refuse_impossible(cap)
    refuse_unexplained(client, cap)


def refuse_impossible(cap: Cap) -> None:
    """Refuse what no cap can be, whoever states it: too high, or managed though it is 0 yen.

    docs/rules.md §5 (M): a cap of 0 is never managed. Raises ValidationError by field.
    """
    refuse_too_high(cap.cap_yen, cap.first_month)
    refuse_managed_nothing(cap.cap_yen, cap.is_managed)


def refuse_managed_nothing(cap_yen: int, is_managed: bool) -> None:
    """Refuse a managed cap of 0 yen, at the box (docs/rules.md §5 M)."""
    if is_managed and not cap_yen:
        text = _("上限額が0円の方は、上限額管理の対象になりません。印を外してください。")
        raise ValidationError({"is_managed": text})


def refuse_too_high(cap_yen: int, first_month: date) -> None:
    """Refuse a cap above the highest category's (docs/rules.md §5): a slip of the keyboard."""
    highest = figure(HIGHEST_CAP, Month.of(first_month))
    if cap_yen > int(highest.value):
        message = _("負担上限月額は、高くても%(yen)s円です。") % {"yen": f"{int(highest.value):,}"}
        raise ValidationError({"cap_yen": message})


def _save(
    row: CapPeriod,
    client: Client,
    verb: str,
    by: Membership,
    at: datetime,
    fields: tuple[str, ...] = (),
) -> CapPeriod:
    return save_record(row, verb=verb, by=by, at=at, person_id=client.public_id, fields=fields)
