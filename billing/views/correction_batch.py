"""まとめて直す: from the standing list of differing months to one action over many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.correction_batch import correct_months
from billing.forms.correction_batch import CorrectionBatchForm
from billing.models import ClaimFile, MonthClosing, MonthCorrection, PersonMonth
from billing.queries.claim_entries import standing_entries
from billing.queries.claim_files import processing_month
from billing.queries.correction_batch import Batch, BatchRow, BatchSums, batch_of, mark_of
from billing.queries.correction_state import states_of
from billing.views.correction import WRITE
from billing.views.crumbs import crumbs
from billing.views.differences import YEARS_SHOWN
from clients.queries.subject import subject_seen
from teikyaku.accounts.access import active_membership, active_office
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page
from teikyaku.near_days import near_days
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is put right together: one person's months, one month's people, or a fiscal year."""

    label: str
    query: str
    first: Month
    last: Month
    row: PersonMonth | None = None
    """A closed month of the person, where it is one person's."""

    @property
    def is_month(self) -> bool:
        """The people of one month."""
        return self.row is None and self.first == self.last


@WRITE
def months_correct(request: HttpRequest) -> HttpResponse:
    """Old and new of every differing month; what is ticked is seen with its sums, then written."""
    office, on, scope = active_office(request), today(request), _scope(request)
    client = scope.row.client.public_id if scope.row else None
    batch = batch_of(office, scope.first, scope.last, on, client)
    page = reverse("months_correct") + scope.query
    ticked = set(request.POST.getlist("rows"))
    if not batch.rows or (ticked and ticked.isdisjoint(row.key for row in batch.rows)):
        return _nothing_left(request, batch, page if ticked and batch.rows else "")
    asks = _asks_petition(batch)
    form = CorrectionBatchForm(request.POST or None, rows=batch.rows, asks_petition=asks)
    near_days(form, on)  # before it is read: a day may come without its year
    chosen = _chosen(batch, ticked if form.is_bound else None)
    mark = mark_of(row.redo for row in chosen)
    is_seen = False
    if form.is_bound and form.is_valid():
        is_seen = True
        if form.cleaned_data["agreed"] == mark:
            with violations_as_form_errors(form, PersonMonth, MonthClosing, MonthCorrection):
                _write(request, form, mark)
            if not form.errors:
                return _done(request, batch, chosen, page)
    heading, unsent = _("締めた月をまとめて直す"), _unsent(batch, on)
    return form_page(
        request,
        form,
        heading=heading,
        cancel_url=reverse("differences"),
        template="billing/months_correct.html",
        submit_label=_("%(n)d件を、この内容で確定する") % {"n": len(chosen)}
        if is_seen
        else _("選んだ月の合計を確かめる"),
        breadcrumbs=crumbs((_("締めた月のくいちがい"), reverse("differences")), (heading, "")),
        subject=subject_seen(scope.row.client, office.pk, on) if scope.row else None,
        scope=scope,
        batch=batch,
        chosen={row.key for row in chosen},
        sums=BatchSums.of(chosen),
        is_seen=is_seen,
        is_changed=is_seen and bool(form.cleaned_data["agreed"]),
        agreed=mark if is_seen else "",
        asks_petition=asks,
        unsent=unsent,
        unsent_month=Month.of(unsent.month) if unsent else None,
    )


def _scope(request: HttpRequest) -> _Scope:
    """By `client` (a person of the office), `month`, or `year`; the last fiscal year by itself."""
    last = Month.of(today(request)) - 1
    oldest = Month(last.fiscal_year - YEARS_SHOWN + 1, 4)
    if asked := request.GET.get("client", ""):
        row = _row_of(request, asked)
        return _Scope(_("この人の締めた月"), f"?client={row.client.public_id}", oldest, last, row)
    if asked := request.GET.get("month", ""):
        try:
            month = Month.parse(asked)
        except ValueError as error:
            raise Http404 from error
        return _Scope(month.label, f"?month={month}", month, month)
    asked = request.GET.get("year", "")
    years = range(oldest.fiscal_year, last.fiscal_year + 1)
    year = int(asked) if asked in {str(each) for each in years} else last.fiscal_year
    first = Month(year, 4)
    label = _("%(year)d年度") % {"year": year}
    return _Scope(label, f"?year={year}", first, min(first + 11, last))


def _row_of(request: HttpRequest, asked: str) -> PersonMonth:
    """A closed month of the person at the active office."""
    try:
        public_id = UUID(asked)
    except ValueError as error:
        raise Http404 from error
    found = PersonMonth.objects.filter(
        client__public_id=public_id, closing__office=active_office(request)
    )
    row: PersonMonth | None = found.select_related("client").first()
    if row is None:
        raise Http404
    return row


def _chosen(batch: Batch, ticked: set[str] | None) -> list[BatchRow]:
    """What is ticked; before anybody has, whatever is put right (a withdrawal is ticked by hand)."""
    return [
        row for row in batch.rows if (row.is_redo if ticked is None else row.key in ticked)
    ]  # fmt: skip


def _asks_petition(batch: Batch) -> bool:
    """Whether something of them was claimed that the municipality has to take back."""
    rows = [each.redo.row for each in batch.rows]
    if standing_entries().filter(person_month__in=rows).exists():
        return True
    return any(state.needs_petition for state in states_of(rows).values())


def _unsent(batch: Batch, on: Any) -> ClaimFile | None:
    """A claim file with one of them that can still be taken back before its last day."""
    rows = [each.redo.row.pk for each in batch.rows]
    entries = standing_entries().filter(
        person_month__in=rows, file__processing_month__gte=processing_month(on).first_day
    )
    found = entries.select_related("file").first()
    return found.file if found else None


def _write(request: HttpRequest, form: CorrectionBatchForm, mark: str) -> None:
    data = form.cleaned_data
    correct_months(
        office=active_office(request),
        person_months=[UUID(key) for key in data["rows"]],
        seen=mark,
        reason=data["reason"],
        note=data["note"],
        filed_on=data.get("filed_on"),
        claim_month=data.get("claim_month"),
        by=active_membership(request),
        at=now(request),
    )


def _done(request: HttpRequest, batch: Batch, chosen: list[BatchRow], page: str) -> HttpResponse:
    sums = BatchSums.of(chosen)
    left = len(batch.rows) + batch.more - len(chosen)
    text = _("%(n)d件を出し直しました。") % {"n": sums.redone} if sums.redone else ""
    if sums.withdrawn:
        text += _("%(n)d件を取り下げました。") % {"n": sums.withdrawn}
    if left:
        messages.success(request, text + _("残りは%(n)d件です。") % {"n": left})
        return redirect(page)
    messages.success(request, text + _("このあとすることを、下で確かめてください。"))
    return redirect("correction_list")


def _nothing_left(request: HttpRequest, batch: Batch, page: str) -> HttpResponse:
    """All was put right already, by a second press or by somebody else; or it waits for facts."""
    if page:
        messages.info(request, _("選んだ月は、もう直してあります。残りを確かめてください。"))
        return redirect(page)
    if batch.held:
        text = _("いま直せる月はありません。足りないものがある月が%(n)d件あります。")
        messages.info(request, text % {"n": batch.held})
    else:
        messages.info(request, _("まとめて直す月はありません。"))
    return redirect("differences")
