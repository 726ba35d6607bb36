"""The office's settings for money: tier, unit price, notified items."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.office import confirm_tier, correct_notification, correct_tier, notify_item
from billing.enums import NotifiedItem, Tier
from billing.forms.office import (
    NotificationCorrectionForm,
    NotificationForm,
    TierCorrectionForm,
    TierForm,
)
from billing.models import OfficeNotification, OfficeTier
from billing.queries.notification_correction import (
    former_of,
    new_touches,
    notification_touches,
)
from billing.queries.record_basis import RecordBasis, record_basis
from billing.queries.rival_notifications import ends_before, standing_rivals
from billing.queries.staffing_reduction import MANAGERS, WORKERS, staffing_findings
from billing.queries.tier_basis import TierBasis, tier_basis
from billing.queries.tier_correction import former_tiers, tier_touches
from billing.queries.trained_workers import ITEM, lacks_before_notice, training_finding
from billing.views.crumbs import crumbs
from clients.rules.retention import years_to_show
from plans.queries.life_correction import Told
from teikyaku.accounts.access import active_membership, active_office, may_open, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.periods import Month, fiscal_year


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def office_settings(request: HttpRequest) -> HttpResponse:
    """What the office notified, and the terms on which it is paid."""
    office = active_office(request)
    tiers = list(OfficeTier.objects.filter(office=office).order_by("-fiscal_year"))
    items = list(OfficeNotification.objects.filter(office=office).order_by("-first_month"))
    former = former_tiers(tiers)
    context = {
        "office": office,
        "tiers": [(row, former[row.pk]) for row in tiers],
        "rate_years": years_to_show(office.opened_on, today(request)),
        "terms": office.terms.order_by("-starts_on"),
        "items": items,
        "rivals": standing_rivals(items),
        "can_write": active_membership(request).may(Permission.OFFICE_SETTINGS),
        "may_read_pace": active_membership(request).may(Permission.INTERVIEW_READ),
        "staffing": staffing_findings(
            office, Month.of(today(request)) - 1, Month.of(today(request)) + 2, today(request)
        ),
        "training": training_finding(office, Month.of(today(request))),
        "may_take_out": may_open(active_membership(request), reverse("takeouts")),
        "may_read_staff": may_open(active_membership(request), reverse("qualifications")),
        "may_register": active_membership(request).may(Permission.ORGANISATION_WRITE),
    }
    return render(request, "billing/office_settings.html", context)


def _crumbs(heading: str) -> list[dict[str, Any]]:
    return crumbs((_("事業所の届出"), reverse("office_settings")), (heading, ""))


@requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
def tier_confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the tier of a fiscal year, filled in with what the facts on file lead to."""
    office, on = active_office(request), today(request)
    asked = request.GET.get("year", "")
    shown = years_to_show(office.opened_on, on)
    year = int(asked) if asked in {str(each) for each in shown} else fiscal_year(on)
    basis = tier_basis(office, year, on)
    if asked == str(year) and basis.confirmed is not None and request.method != "POST":
        return redirect("tier_correct", basis.confirmed.public_id)
    form = TierForm(request.POST or None, initial=_initial(basis))
    heading = _("就労定着率の区分を確認する")
    return form_flow(
        request,
        form,
        heading=heading,
        breadcrumbs=_crumbs(heading),
        lead=_("届出をした区分を、届出日と一緒に記録します。締めた月は変わりません。"),
        back=reverse("office_settings"),
        done=_("区分を確認しました。"),
        run=lambda **who: confirm_tier(office=office, **form.cleaned_data, **who),
        checked=(OfficeTier,),
        template="billing/tier_confirm.html",
        basis=basis,
    )


@requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
def tier_correct(request: HttpRequest, tier: UUID) -> HttpResponse:
    """What was confirmed is put right, filled in with what the facts on file lead to today."""
    office = active_office(request)
    row = OfficeTier.objects.filter(office=office, public_id=tier).first()
    if row is None:
        raise Http404
    basis = tier_basis(office, row.fiscal_year, today(request))
    names = ("tier", "numerator", "denominator", "notified_on")
    initial = {name: getattr(row, name) for name in names} | _initial(basis)
    form = TierCorrectionForm(
        request.POST or None,
        initial=initial,
        fiscal_year=row.fiscal_year,
        tell=lambda asked: tier_touches(row, asked.get("tier") or row.tier),
    )

    def run(**who: Any) -> OfficeTier:
        changes = {name: form.cleaned_data[name] for name in names}
        return correct_tier(
            row=row, changes=changes, reason=form.cleaned_data["reason"], seen=form.told.mark, **who
        )

    heading = _("%(year)d年度の区分を訂正する") % {"year": row.fiscal_year}
    return form_flow(
        request, form, heading=heading, run=run, checked=(OfficeTier,), done=_("訂正しました。"),
        lead=_(
            "前の値は、理由と一緒に残ります。区分が変わるときは、保存する前に、もう締めた月の一覧を確かめます。"
        ),
        back=reverse("office_settings"), breadcrumbs=_crumbs(heading), basis=basis,
        template="billing/tier_correct.html",
    )  # fmt: skip


def _initial(basis: TierBasis) -> dict[str, Any]:
    """The year's facts; the date of the 届出 as it was told, where it was."""
    facts: dict[str, Any] = {"fiscal_year": basis.year}
    if basis.confirmed is not None:
        facts["notified_on"] = basis.confirmed.notified_on
    if basis.is_partial:
        return facts
    if basis.found.total:
        facts |= {"numerator": basis.employed, "denominator": basis.found.total}
    if basis.tier is not None and basis.tier.key in Tier.values:
        facts["tier"] = basis.tier.key
    return facts


@requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
def notification_new(request: HttpRequest) -> HttpResponse:
    """An addition or reduction was notified."""
    office, on = active_office(request), today(request)
    year = fiscal_year(on)
    record = record_basis(office, year, on)
    form = NotificationForm(
        request.POST or None, initial=_counted(request, record),
        ends=lambda asked: ends_before(
            office.pk, asked["item"], asked["first_month"], asked["last_month"]
        ),
        lacks=lambda asked: lacks_before_notice(office, asked["item"], asked["first_month"]),
        touches=lambda asked: new_touches(
            office.pk, asked["item"], asked["first_month"], asked["last_month"], Month.of(on)
        ),
    )  # fmt: skip
    heading = _("加算・減算の届出を記録する")
    return form_flow(
        request,
        form,
        heading=heading,
        breadcrumbs=_crumbs(heading),
        back=reverse("office_settings"),
        done=_("届出を記録しました。"),
        run=lambda **who: notify_item(office=office, **form.cleaned_data, **who),
        checked=(OfficeNotification,),
        template="billing/notification_new.html",
        basis=record,
        may_fall_short=bool(record.found.total) and not record.found.is_met,
    )


@requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
def notification_correct(request: HttpRequest, notification: UUID) -> HttpResponse:
    """What was notified is put right, or was never notified."""
    office = active_office(request)
    row = OfficeNotification.objects.filter(office=office, public_id=notification).first()
    if row is None:
        raise Http404
    names = ("first_month", "last_month", "notified_on")
    until = Month.of(today(request))

    def tell(asked: dict[str, Any]) -> Told:
        first = None if asked.get("is_void") else asked.get("first_month")
        return notification_touches(
            row, first, asked.get("last_month"), until, reopens=bool(asked.get("reopens"))
        )

    form = NotificationCorrectionForm(
        request.POST or None, initial={name: getattr(row, name) for name in names}, tell=tell,
        row=row, formers=former_of(row),
    )  # fmt: skip

    def run(**who: Any) -> None:
        changes = {name: form.cleaned_data[name] for name in names}
        correct_notification(
            row=row, changes=changes, is_void=form.cleaned_data["is_void"],
            reason=form.cleaned_data["reason"], seen=form.told.mark,
            reopens=bool(form.cleaned_data.get("reopens")), **who,
        )  # fmt: skip

    heading = _("届出を訂正する")
    return form_flow(
        request, form, heading=heading, run=run, checked=(OfficeNotification,),
        done=_("訂正しました。"), lead=row.get_item_display(), back=reverse("office_settings"),
        breadcrumbs=_crumbs(heading), template="billing/notification_correct.html",
    )  # fmt: skip


def _counted(request: HttpRequest, record: RecordBasis) -> dict[str, Any]:
    """Asked for 就労定着実績体制加算: its item, months and people as the year's facts have them."""
    item = request.GET.get("item", "")
    if item in (*MANAGERS, *WORKERS, ITEM):
        return {"item": item}
    if item != NotifiedItem.RETENTION_RECORD:
        return {}
    april = Month(record.year, 4)
    facts: dict[str, Any] = {
        "item": NotifiedItem.RETENTION_RECORD,
        "first_month": april.first_day,
        "last_month": (april + 11).first_day,
    }
    if record.found.total:
        facts |= {"numerator": record.long, "denominator": record.found.total}
    return facts
