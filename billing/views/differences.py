"""締めた月のくいちがい: the standing list of closed months that today's facts would bill otherwise."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.export import note_export
from billing.exports_differences import differences_workbook
from billing.queries.differences import Differences, differing_months, put_right_together
from billing.queries.samples import sample_word
from billing.views.crumbs import crumbs, month_step
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.periods import Month

ROWS = 50
# People and months with several differences that stand above the list.
TOGETHER = 12
# Claims can be put right for so long: what is older is asked for by its year.
YEARS_SHOWN = 5
READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)


@READ
def differences(request: HttpRequest) -> HttpResponse:
    """The closed months of a fiscal year that differ from what the facts say today."""
    on = today(request)
    year, found = _found(request)
    may_write = active_membership(request).may(Permission.MONTH_CLOSE)
    last = (Month.of(on) - 1).fiscal_year
    context = {
        "found": found,
        "page": Paginator(found.rows, ROWS).get_page(request.GET.get("page")),
        "years": [
            {
                "label": _("%(year)d年度") % {"year": each},
                "url": f"{reverse('differences')}?year={each}",
                "current": each == year,
            }
            for each in range(last, last - YEARS_SHOWN, -1)
        ],
        "year": year,
        "together": put_right_together(found)[:TOGETHER] if may_write else [],
        "able": sum(not row.found.is_held for row in found.rows) if may_write else 0,
        "can_write": may_write,
        "breadcrumbs": crumbs(month_step(Month.of(on) - 1), (_("締めた月のくいちがい"), "")),
    }
    return render(request, "billing/differences.html", context)


@READ
def differences_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook; on the record."""
    year, found = _found(request)
    body = differences_workbook(found, mark=sample_word(active_office(request)))
    answer = xlsx_answer(body, f"differences-{year}")
    note_export(
        verb="differences_exported", office=active_office(request), by=active_membership(request),
        at=now(request),
    )  # fmt: skip
    return answer


def _found(request: HttpRequest) -> tuple[int, Differences]:
    on = today(request)
    last = Month.of(on) - 1
    asked = request.GET.get("year", "")
    years = range(last.fiscal_year - YEARS_SHOWN + 1, last.fiscal_year + 1)
    year = int(asked) if asked in {str(each) for each in years} else last.fiscal_year
    first = Month(year, 4)
    return year, differing_months(active_office(request), first, min(first + 11, last), on)
