"""国保連の支払い: which claims wait, what was paid for a file, taking a record back."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.claim_payment import cancel_claim_payments, record_claim_payments
from billing.actions.export import note_export
from billing.enums import ClaimFamily
from billing.exports_claim_payments import claim_payments_workbook
from billing.forms.claim_payment import (
    ClaimPaymentCancelForm,
    ClaimPaymentForm,
    ClaimPaymentListForm,
)
from billing.models import ClaimDeduction, ClaimFile, ClaimPayment, ClaimReturn, ClaimReturnReason
from billing.queries.claim_payment_sums import by_municipality, claim_payment_sums
from billing.queries.claim_payments import (
    ClaimPaymentRow,
    ShowClaims,
    claim_payment_rows,
    claims_of,
    claims_shown,
    to_deduct,
    with_facts,
)
from billing.queries.claim_start import first_claimed_month
from billing.queries.opening_claims import before_yen_on
from billing.queries.samples import sample_word
from billing.views.crumbs import crumbs, month_step
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.era import both
from teikyaku.file_answers import xlsx_answer
from teikyaku.money import yen
from teikyaku.periods import Month

ROWS = 40
# Sums by month and municipality that stand on the page; the workbook has all.
PLACES = 16
READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


@READ
def claim_payments(request: HttpRequest) -> HttpResponse:
    """The office's claims by what is open, with the sums by municipality."""
    office, on = active_office(request), today(request)
    form = ClaimPaymentListForm(request.GET)
    shown = claims_shown(office, **form.chosen)
    places = by_municipality(shown)
    page = Paginator(with_facts(shown), ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": claim_payment_rows(list(page), on),
        "places": places[:PLACES],
        "more_places": len(places) > PLACES,
        "sums": claim_payment_sums(office),
        "asks_before": first_claimed_month(office) is not None,
        "differs_url": f"{reverse('claim_payments')}?show={ShowClaims.DIFFERS.value}",
        "query": request.GET.urlencode(),
        "reset_url": reverse("claim_payments"),
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
        "breadcrumbs": crumbs((_("国保連の支払い"), "")),
    }
    return render(request, "billing/claim_payments.html", context)


@READ
def claim_payments_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, all of it."""
    office, on = active_office(request), today(request)
    shown = claims_shown(office, **ClaimPaymentListForm(request.GET).chosen)
    body = claim_payments_workbook(
        claim_payment_rows(with_facts(shown), on), by_municipality(shown), mark=sample_word(office)
    )
    by, at = active_membership(request), now(request)
    note_export(verb="claim_payments_exported", office=office, by=by, at=at)
    return xlsx_answer(body, f"claim-payments-{on}")


def _file_or_404(request: HttpRequest, public_id: UUID) -> ClaimFile:
    """A claim of the active office that was not withdrawn."""
    found = ClaimFile.objects.filter(
        public_id=public_id, office=active_office(request), family=ClaimFamily.CLAIM,
        withdrawal=None,
    ).first()  # fmt: skip
    if found is None:
        raise Http404
    return found


def _rows(request: HttpRequest, file: ClaimFile) -> dict[str, tuple[ClaimPaymentRow, Any]]:
    """Key → row and entry, of everybody in the file whose claim stands."""
    claims = claims_of(active_office(request)).filter(file=file)
    return _by_key(request, claims.order_by("person_month__municipality__code", "pk"))


def _to_deduct(request: HttpRequest) -> dict[str, tuple[ClaimPaymentRow, Any]]:
    """Key → row and entry, of the claims whose 過誤調整 is still to come."""
    return _by_key(request, to_deduct(active_office(request)))


def _by_key(request: HttpRequest, claims: Any) -> dict[str, tuple[ClaimPaymentRow, Any]]:
    entries = list(with_facts(claims))
    rows = claim_payment_rows(entries, today(request))
    return {str(row.public_id): (row, entry) for row, entry in zip(rows, entries, strict=True)}


@WRITE
def claim_payment_record(request: HttpRequest, file: UUID) -> HttpResponse:
    """What 国保連 paid for a file: everything is filled in, so that one press records all as claimed."""
    own = _file_or_404(request, file)
    month = Month.of(own.month)
    page = reverse("claim_export", args=[month])
    everybody = _rows(request, own)
    waiting = [row for row, _entry in everybody.values() if row.settlement.paid_yen is None]
    awaited = [row for row in waiting if not row.settlement.is_taken_back]
    if not waiting:
        messages.info(request, _("この請求ファイルに、支払いを待っている方はいません。"))
        return redirect(page)
    off = _to_deduct(request)
    form = ClaimPaymentForm(
        request.POST or None,
        people=waiting,
        taken_back=[row for row, _entry in off.values()],
        likely={
            row.public_id for row, entry in off.values() if entry.asked_on < own.processing_month
        },
        before_on=partial(before_yen_on, own.office) if first_claimed_month(own.office) else None,
    )
    heading = _("国保連の支払いを記録する")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_(
            "%(month)s分の請求（%(name)s）　支払い待ち %(n)s人　請求した額 %(sum)s。"
            "支払いが違った方がいれば、その方だけ直します。"
        )
        % {
            "month": month.label, "name": own.name, "n": len(awaited),
            "sum": yen(sum(row.settlement.expected_yen for row in awaited)),
        },
        back=f"{page}#files",
        done=_("国保連の支払いを記録しました。"),
        run=lambda **who: record_claim_payments(
            file=own,
            paid_on=form.cleaned_data["paid_on"],
            amounts={everybody[key][1].pk: amount for key, amount in form.amounts.items()},
            returned=[everybody[key][1].pk for key in form.returned],
            reasons={everybody[key][1].pk: each for key, each in form.reasons.items()},
            deducted={off[key][1].pk: amount for key, amount in form.deducted.items()},
            **who,
        ),
        # Whose reason is not on file yet: there it is recorded.
        onward=lambda _rows: f"{page}#returned" if len(form.returned) > len(form.reasons) else "",
        checked=(ClaimPayment, ClaimReturn, ClaimReturnReason, ClaimDeduction),
        submit_label=_("記録する"),
        template="billing/claim_payment_record.html",
        breadcrumbs=crumbs(month_step(month), (_("国保連への請求ファイル"), page), (heading, "")),
    )  # fmt: skip


@WRITE
def claim_payment_cancel(request: HttpRequest, file: UUID) -> HttpResponse:
    """Take records of a file back, of one person or of several: further rows with the reason."""
    own = _file_or_404(request, file)
    month = Month.of(own.month)
    page = reverse("claim_export", args=[month])
    paid = {
        key: (row, entry)
        for key, (row, entry) in _rows(request, own).items()
        if row.settlement.paid_yen is not None
    }
    if not paid:
        messages.info(request, _("この請求ファイルに、取り消す支払いの記録はありません。"))
        return redirect(page)
    wanted = request.GET.get("person", "")
    form = ClaimPaymentCancelForm(
        request.POST or None,
        people=[(key, _told(row)) for key, (row, _entry) in paid.items()],
        initial={"people": [wanted] if wanted in paid else []},
    )
    heading = _("国保連の支払いの記録を取り消す")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_("取り消した方は、また支払い待ちになります。記録は理由と一緒に残ります。"),
        back=f"{page}#files",
        done=_("支払いの記録を取り消しました。"),
        run=lambda **who: cancel_claim_payments(
            file=own,
            entries=[paid[key][1].pk for key in form.cleaned_data["people"]],
            reason=form.cleaned_data["reason"],
            **who,
        ),
        checked=(ClaimPayment,),
        submit_label=_("取り消す"),
        breadcrumbs=crumbs(month_step(month), (_("国保連への請求ファイル"), page), (heading, "")),
    )


def _told(row: ClaimPaymentRow) -> str:
    assert row.paid_on is not None and row.settlement.paid_yen is not None  # noqa: S101, PT018
    return _("%(name)s　%(yen)s（%(on)s）") % {
        "name": row.name, "yen": yen(row.settlement.paid_yen), "on": both(row.paid_on),
    }  # fmt: skip
