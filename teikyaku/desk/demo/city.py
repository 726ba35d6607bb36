"""Building the whole city: places, 160 lives, closed months."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import date
from random import Random

from django.core.exceptions import ValidationError
from django.db import transaction

from billing.actions.invoice import issue_invoices
from billing.actions.month import close_month
from billing.actions.office import confirm_tariff, confirm_tier, correct_tier, notify_item
from billing.models import OfficeTier
from billing.queries.tier_basis import tier_basis
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.roles import Permission
from teikyaku.clock import at_noon
from teikyaku.desk.demo.additions import settle_additions
from teikyaku.desk.demo.appointments import agree_on_days
from teikyaku.desk.demo.around import surround
from teikyaku.desk.demo.city_words import cities_answer
from teikyaku.desk.demo.claims import claim_months
from teikyaku.desk.demo.corrections import correct_months
from teikyaku.desk.demo.debits import debit_some
from teikyaku.desk.demo.ends import let_things_end
from teikyaku.desk.demo.fees import sample_codes
from teikyaku.desk.demo.former import remember_former_users
from teikyaku.desk.demo.gone import leave_long_ago
from teikyaku.desk.demo.habits import settle_habits
from teikyaku.desk.demo.lives import begin_life
from teikyaku.desk.demo.looked_over import look_once
from teikyaku.desk.demo.mismatches import change_caps_late
from teikyaku.desk.demo.money import pay_invoices
from teikyaku.desk.demo.moves import hand_over
from teikyaku.desk.demo.moving import move_an_office_in
from teikyaku.desk.demo.notices import send_notices
from teikyaku.desk.demo.papers import attach_papers
from teikyaku.desk.demo.path import walk_path
from teikyaku.desk.demo.places import City, build_places
from teikyaku.desk.demo.plan import plan_people
from teikyaku.desk.demo.proposals import talk_with_wards
from teikyaku.desk.demo.shared_caps import settle_caps
from teikyaku.desk.demo.support import live_support
from teikyaku.desk.demo.taken_back import take_back
from teikyaku.desk.demo.wards import move_files
from teikyaku.desk.demo.yearly import review_caps_and_files
from teikyaku.ids import seeded_ids
from teikyaku.periods import Month, fiscal_year

MONTHS = 30
TIERS = ("80", "90", "70", "50")
BUILT = "demo_city_built"
R6_ENDS = Month(2026, 5)


def build_city(today: date, say: Callable[[str], None]) -> City:
    """Build the city as of `today` in one transaction; the same for the same date."""
    random = Random("teikyaku")  # noqa: S311  (fiction, no secret)
    # Half a million short-lived rows: collecting after each few hundred costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    with seeded_ids(f"teikyaku {today}"), transaction.atomic():
        began = (Month.of(today) - MONTHS - 20).first_day
        city = build_places(today, began)
        _answers(city)
        for plan in plan_people():
            life = begin_life(plan, city, random)
            starts_on = walk_path(life)
            if starts_on is not None and starts_on <= today:
                live_support(life, starts_on)
            attach_papers(life)
            if plan.index % 40 == 39:  # noqa: PLR2004
                say(f"{plan.index + 1}人")
        move_files(city)
        talk_with_wards(city)
        review_caps_and_files(city)
        agree_on_days(city)
        settle_habits(city)
        hand_over(city)
        remember_former_users(city)
        leave_long_ago(city)
        let_things_end(city)
        surround(city)
        settle_additions(city)
        _count_again(city)
        _close_months(city, say)
        sample_codes(city.staff["admin"], city.staff["admin2"], at_noon(city.today))
        claim_months(city)
        correct_months(city)
        take_back(city)
        change_caps_late(city)
        debit_some(city)
        send_notices(city)
        cities_answer(city)
        move_an_office_in(city)
        look_once(city)
        AuditEvent.objects.create(
            at=at_noon(today), verb=BUILT, subject_type="demo", fields=[today.isoformat()]
        )
    return city


def _answers(city: City) -> None:
    admin, at = city.staff["admin"], at_noon(city.today)
    confirm_tariff(
        tariff="R6", first_month=(R6_ENDS + 1).first_day, last_month=None,
        source="見本（デモ）：令和8年6月からも変わらないものとして確認", is_sample=True, by=admin, at=at,
    )  # fmt: skip
    first = (Month.of(city.today) - MONTHS).first_day
    for office, tier in zip(city.offices, TIERS, strict=True):
        head = next(
            m for m in city.staff.values()
            if m.office_id == office.pk and m.may(Permission.OFFICE_SETTINGS)
        )  # fmt: skip
        for year in range(fiscal_year(first), fiscal_year(city.today) + 1):
            notified_on = date(year, 4, 10)
            confirm_tier(
                office=office, fiscal_year=year, tier=tier, notified_on=notified_on,
                by=head, at=at_noon(notified_on),
            )  # fmt: skip
        notify_item(
            office=office, item="treatment_3", first_month=first, last_month=None,
            notified_on=first, by=head, at=at_noon(first),
        )  # fmt: skip


def _count_again(city: City) -> None:
    """The people stand only now: each year's tier and count as the records had them on the day of the 届出.

    Where nobody counted yet the first answer stays, without people.
    """
    for row in OfficeTier.objects.filter(notified_on__lte=city.today).select_related("office"):
        basis = tier_basis(row.office, row.fiscal_year, row.notified_on)
        if basis.tier is None or basis.found.total == 0:
            continue
        correct_tier(
            row=row, reason="3月31日の就労の確認がそろったため",
            changes={"tier": basis.tier.key, "numerator": basis.employed,
                     "denominator": basis.found.total},
            by=row.recorded_by, at=at_noon(row.notified_on),
        )  # fmt: skip


def _close_months(city: City, say: Callable[[str], None]) -> None:
    """Every month but the last, in each office; the last one waits for its closer."""
    last = Month.of(city.today) - 2
    for month in Month.span(last - MONTHS + 1, last):
        for office in city.offices:
            closer = next(
                m for m in city.staff.values()
                if m.office_id == office.pk and m.may(Permission.MONTH_CLOSE)
            )  # fmt: skip
            at = at_noon((month + 1).first_day.replace(day=6))
            settle_caps(office, month, closer, at)
            try:
                closing = close_month(office=office, month=month, by=closer, at=at)
            except ValidationError:
                continue  # nobody was ready in that month
            pay_invoices(issue_invoices(closing=closing, by=closer, at=at), month, city, closer)
    say(f"{last.label}まで締めました")
