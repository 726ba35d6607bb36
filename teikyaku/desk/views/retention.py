"""就労定着率: the rate of a fiscal year with the people behind it, and next year's with what-ifs."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.survivors import lacks_of_rate
from billing.queries.tier_basis import tier_basis, tier_words
from clients.queries.evidence import may_lack_people
from clients.rules.retention import years_to_show
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.queries.retention import (
    How,
    before_lines,
    erased_lines,
    fees_of,
    lines_of,
    reach_words,
)
from teikyaku.era import fiscal_year_era
from teikyaku.periods import fiscal_year

# A person takes five lines of a phone.
ROWS = 16
READS = requires(Permission.MONTH_READ, scope=Scope.OFFICE)


@READS
def retention_latest(request: HttpRequest) -> HttpResponse:
    """The page of the running fiscal year."""
    return redirect("retention", fiscal_year(today(request)))


def rate_pages(year: int, current: str) -> list[dict[str, object]]:
    """The pages beside each other: the rate, next year, the rest of the year."""
    pages: tuple[tuple[str, str, list[int]], ...] = (
        ("retention", _("就労定着率"), [year]),
        ("retention_forecast", _("来年度の見通し"), []),
        ("office_year", _("事業所の一年"), [year]),
    )
    return [
        {"label": label, "url": reverse(name, args=args), "current": name == current}
        for name, label, args in pages
    ]


def year_tabs(request: HttpRequest, year: int, page: str) -> list[dict[str, object]]:
    """The years that can be shown. Raises Http404 where `year` is none of them."""
    years = years_to_show(active_office(request).opened_on, today(request))
    if year not in years:
        raise Http404
    return [
        {"label": _("%(year)d年度") % {"year": each}, "note": fiscal_year_era(each), "url": reverse(page, args=[each]),
         "current": each == year}
        for each in years
    ]  # fmt: skip


@READS
def retention(request: HttpRequest, year: int) -> HttpResponse:
    """Numerator, denominator, who is left out and why; tier and fee; what answers would change."""
    years = year_tabs(request, year, "retention")
    office, on = active_office(request), today(request)
    membership = active_membership(request)
    basis = tier_basis(office, year, on)
    every, chosen = lines_of(basis), request.GET.get("how", "")
    chosen = chosen if chosen in How.values else ""
    erased = [*before_lines(basis.before), *erased_lines(basis.erased)]
    counts = {
        how: sum(line.how == how for line in every)
        + sum(line.people for line in erased if line.how == how)
        for how in How.values
    }
    page = reverse("retention", args=[year])
    shown = [line for line in every if chosen in ("", line.how)]
    people = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "years": years,
        "pages": rate_pages(year, "retention"),
        "basis": basis,
        "counted_on": date(year, 3, 31),
        "tier": tier_words(basis.first_tariff, basis.tier) if basis.tier else "",
        "people": people,
        "erased": [line for line in erased if not people.has_next() and chosen in ("", line.how)],
        "may_tell": bool(lacks_of_rate(basis.first_here, year)),
        "may_lack_people": may_lack_people(office, year, on),
        "hows": [
            {"label": _("全員"), "url": page, "count": sum(counts.values()), "current": not chosen},
            *(
                {"label": how.label, "url": f"{page}?how={how.value}", "count": counts[how.value],
                 "current": chosen == how.value}
                for how in How
            ),
        ],
        "fees": fees_of(basis),
        "reaches": reach_words(basis),
        "may_confirm": membership.may(Permission.OFFICE_SETTINGS),
        "may_ask": membership.may(Permission.CLIENT_WRITE),
    }  # fmt: skip
    return render(request, "desk/retention.html", context)
