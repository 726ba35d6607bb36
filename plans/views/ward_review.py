"""収入状況の見直し: every cap that ends with June on one page, the next ones entered in one go."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.queries.category import category_figures
from clients.rules.cap import first_month_of, months_of, review_reasons, review_year
from plans.access import active_ward, kept_decisions
from plans.actions.income_review import review_cap
from plans.actions.ward_export import note_ward_export
from plans.exports_review import review_workbook
from plans.forms.income_review import ReviewRowForm
from plans.models import CapPeriod
from plans.models.certificate import DecisionQuerySet
from plans.queries.income_review import (
    ClosedByClient,
    ReviewState,
    filtered_caps,
    review_counts,
    review_rows,
    reviewed_caps,
)
from plans.queries.ward_questions import WardReader, reviewed
from plans.views.flow import ward_trail
from plans.views.ward_papers import READS
from teikyaku.accounts.access import active_membership, note_read
from teikyaku.accounts.roles import Permission
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.era import year_label
from teikyaku.file_answers import xlsx_answer
from teikyaku.form_pages import kept_name, stored
from teikyaku.periods import Month
from teikyaku.searched import searched

# A row of the open caps is a form of five fields, nearly 3 KB: so many make a page of 50 KB.
OPEN_ROWS, ROWS = 10, 25
MOST_POSTED = 50
REFUSED = 422
# A button of the table saves, and leads to the page before or after its own.
THEN = re.compile(r"(?P<way>before|next)-(?P<page>[0-9]{1,4})")


@READS
def income_review(request: HttpRequest, closed: ClosedByClient) -> HttpResponse:
    """The caps of one year's review by state; a POST stores the rows that were filled in.

    What is right is stored; what is not comes back at its field with everything that was typed.
    """
    membership = active_membership(request)
    decisions, year, state = kept_decisions(membership), _year(request), _state(request)
    may_write = membership.may(Permission.APPLICATION_WRITE)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        return _store(request, decisions, year, state, closed)
    found = filtered_caps(decisions, year, state, _asked(request), active_ward(request))
    rows = OPEN_ROWS if state == ReviewState.OPEN else ROWS
    page = Paginator(found, rows).get_page(request.GET.get("page"))
    forms = _forms(request, page.object_list, decisions, year, closed, fill="fill" in request.GET)
    return _page(request, decisions, year, state, forms, page)


@READS
def income_review_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered."""
    ward, by, on = active_ward(request), active_membership(request), today(request)
    decisions, year = kept_decisions(by), _year(request)
    found = filtered_caps(decisions, year, _state(request), _asked(request), ward)
    body = review_workbook(found, decisions, year, on)
    note_ward_export(verb="ward_income_review_exported", ward=ward, by=by, at=now(request))
    return xlsx_answer(body, f"income-review-{year}-{on.isoformat()}")


def review_summary(request: HttpRequest) -> dict[str, Any]:
    """What the ward's home says of the review: its year and the counts, each with its list."""
    on = today(request)
    year = review_year(on)
    found = WardReader.of(active_membership(request)).counts(reviewed, year=year)
    counts = dict(zip(ReviewState, found, strict=True))
    june, waiting = first_month_of(year) - 1, counts[ReviewState.OPEN]
    # Months without a cap hold the claims of the people concerned.
    late = len(list(Month.span(june + 1, Month.of(on)))) if waiting else 0
    return {
        "label": year_label(year),
        "june": june,
        "waiting": waiting,
        "late_months": late,
        "url": f"{reverse('admin:income_review')}?{_query(year, ReviewState.OPEN, '')}",
        "tabs": _tabs(year, counts, None),
    }


def _store(
    request: HttpRequest, decisions: DecisionQuerySet, year: int, state: ReviewState,
    closed: ClosedByClient,
) -> HttpResponse:  # fmt: skip
    caps = _posted(request, reviewed_caps(decisions, year))
    forms = _forms(request, caps, decisions, year, closed, data=request.POST)
    saved, is_wrong = [], False
    for form in forms:
        if not form.is_touched():
            continue
        cap = _save(request, form)
        if cap is None:
            is_wrong = True
        else:
            saved.append(form.row.cap.pk)
    if saved:
        messages.success(request, _("%(n)s人分の上限額を入れました。") % {"n": len(saved)})
    elif not is_wrong and not _leads_on(request):
        messages.warning(request, _("どの行も入れられていません。何も変えていません。"))
    # Rows that were stored show what they hold now, untouched ones are as before.
    fresh = _forms(request, [form.row.cap for form in forms], decisions, year, closed)
    left = [form for form in fresh if form.row.cap.pk in saved and form.row.is_bare]
    if left:
        text = _("%(n)s人には、上限額のない月がまだあります。その月の請求は保留になります。")
        messages.warning(request, text % {"n": len(left)})
    if not is_wrong:
        where = f"{request.path}?{_query(year, state, _asked(request))}{_then(request, has_saved=bool(saved))}"
        return redirect(where + stored(request))
    for form in fresh:
        form.is_saved = form.row.cap.pk in saved
    is_kept = {form.row.cap.pk: form for form in forms if form.is_touched()}
    shown = [new if new.row.cap.pk in saved else is_kept.get(new.row.cap.pk, new) for new in fresh]
    return _page(request, decisions, year, state, shown, None)


def _leads_on(request: HttpRequest) -> bool:
    return THEN.fullmatch(request.POST.get("then", "")) is not None


def _then(request: HttpRequest, *, has_saved: bool) -> str:
    """The page that was asked for along with saving, in the address.

    Rows that were stored leave the list and others move up: the next ones stand on the same page.
    """
    asked = THEN.fullmatch(request.POST.get("then", ""))
    if asked is None:
        return ""
    step = -1 if asked["way"] == "before" else int(not has_saved)
    return f"&page={int(asked['page']) + step}"


def _save(request: HttpRequest, form: ReviewRowForm) -> CapPeriod | None:
    """The next cap; None where something stands in the way, told in the form."""
    months = form.row.months
    if not form.is_valid() or months is None:
        return None
    with violations_as_form_errors(form, CapPeriod):
        return review_cap(
            cap=form.row.cap, months=months, new=form.cap(),
            by=active_membership(request), at=now(request),
        )  # fmt: skip
    return None


def _posted(request: HttpRequest, caps: Any) -> list[CapPeriod]:
    """The own ward's caps among those that the page sent, in the page's order."""
    ids = []
    for text in request.POST.getlist("row")[:MOST_POSTED]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    found = {row.public_id: row for row in caps.filter(public_id__in=ids)}
    return [found[each] for each in dict.fromkeys(ids) if each in found]


def _forms(
    request: HttpRequest, caps: Any, decisions: DecisionQuerySet, year: int,
    closed: ClosedByClient, **how: Any,
) -> list[ReviewRowForm]:  # fmt: skip
    caps_yen = category_figures(first_month_of(year)).caps_yen
    rows = review_rows(caps, decisions, year, today(request), closed)
    for row in rows:
        # The household stands on the page: that is more than a list of names.
        note_read(request, row.cap, person_id=row.cap.client.public_id)
    return [ReviewRowForm(row, caps_yen, **how) for row in rows]


def _page(
    request: HttpRequest, decisions: DecisionQuerySet, year: int, state: ReviewState,
    forms: list[ReviewRowForm], page: Any,
) -> HttpResponse:  # fmt: skip
    on, counts = today(request), review_counts(decisions, year)
    months, default = months_of(year), review_year(on)
    membership = active_membership(request)
    wrong = [form for form in forms if form.is_bound and form.errors]
    context = {
        "breadcrumbs": ward_trail(_("収入状況の見直し")),
        "year": year,
        "year_label": year_label(year),
        "months": months,
        "june": months.first_month - 1,
        "why_year": _why_year(year, default, on.month),
        "reasons": review_reasons(year),
        "years": [
            {"label": year_label(each), "url": f"?{_query(each, state, '')}", "current": each == year}
            for each in (default - 1, default, default + 1)
        ],
        "tabs": _tabs(year, counts, state),
        "state": state.value,
        "q": _asked(request),
        "forms": forms,
        "wrong": wrong,
        "page": page,
        "is_past": Month.of(on) > months.first_month,
        "may_write": membership.may(Permission.APPLICATION_WRITE),
        "can_enter": any(form.row.is_open for form in forms),
        "is_filled": "fill" in request.GET and request.method == "GET",
        "can_fill": page is not None and any(form.row.is_open and form.row.is_suggested for form in forms),
        "query": _query(year, state, _asked(request)),
        "kept": kept_name(request),
        "ward": active_ward(request),
    }  # fmt: skip
    status = REFUSED if wrong else 200
    return render(request, "plans/ward/income_review.html", context, status=status)


def _why_year(year: int, default: int, month: int) -> str:
    if year != default:
        return ""
    june = first_month_of(year) - 1
    if first_month_of(year).month > month:
        return _("%(june)sで終わる上限額の、これからの見直しです。") % {"june": june.label}
    return _("%(june)sで終わった上限額の、いまの見直しです。まだの方には、7月からの上限額がありません。") % {
        "june": june.label
    }  # fmt: skip


def _tabs(
    year: int, counts: dict[ReviewState, int], current: ReviewState | None
) -> list[dict[str, Any]]:
    return [
        {
            "label": state.label,
            "count": counts[state],
            "url": f"{reverse('admin:income_review')}?{_query(year, state, '')}",
            "current": state == current,
        }
        for state in ReviewState
    ]


def _query(year: int, state: ReviewState, text: str) -> str:
    return urlencode({"year": year, "state": state.value, **({"q": text} if text else {})})


def _year(request: HttpRequest) -> int:
    """The year asked for, among those on offer; else the coming or running one."""
    default = review_year(today(request))
    text = request.GET.get("year", "")
    return int(text) if text in {str(default + n) for n in (-1, 0, 1)} else default


def _state(request: HttpRequest) -> ReviewState:
    wanted = request.GET.get("state", "")
    return ReviewState(wanted) if wanted in ReviewState.values else ReviewState.OPEN


def _asked(request: HttpRequest) -> str:
    return searched(request)
