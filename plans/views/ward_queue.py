"""The ward's home: whose turn it is, what runs out, what waits for an answer; and all applications."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from plans.access import active_ward, applications_for
from plans.models import Application
from plans.queries import ward_questions as ask
from plans.queries.file_transfer import open_transfers
from plans.queries.outdated_papers import outdated
from plans.queries.proposal import proposal_desk
from plans.queries.queue import queue_rows
from plans.queries.referral import ReferralAsk, eligible_count
from plans.queries.renewal import Due, renewals
from plans.queries.second_officer import waiting_grants
from plans.queries.ward_lists import filtered_applications, numbers_of
from plans.queries.ward_questions import WaitingList, WardReader
from plans.queries.ward_sight import names_in_sight
from plans.views.flow import ward_trail
from plans.views.ward_lists import ALL_TURNS, due_of, turns_of
from plans.views.ward_review import review_summary
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.periods import Month
from teikyaku.searched import searched

ROWS = 25
# Of a search; whoever finds more asks more closely.
MOST = 1000
# Beside what waits: the home stays one that loads at once, and leads to the whole list.
ENDING_ROWS = 10
READS = requires(Permission.APPLICATION_READ, scope=Scope.MUNICIPALITY)


@READS
def queue(request: HttpRequest) -> HttpResponse:
    """Whose turn it is, days waiting, renewals; own ward only.

    How the yearly review of caps stands costs as much as the rest of the page where thousands live: it
    is asked for as a part, once the page is shown (app.js).
    """
    membership, on = active_membership(request), today(request)
    reader = WardReader.of(membership)
    if request.headers.get("X-Part"):
        return render(request, "plans/ward/cap_work.html", _cap_work(request, reader, on))
    turns = turns_of(request)
    wanted = turns[0].value if turns else ALL_TURNS
    counts = ask.turns(reader, on)
    page = Paginator(WaitingList(reader, turns, on, counts), ROWS).get_page(request.GET.get("page"))
    page.object_list = queue_rows(page.object_list, on)  # type: ignore[assignment]
    due = due_of(request)
    ending = renewals(reader.rows(ask.ending, due=due, on=on, shown=ENDING_ROWS + 1), on)
    transfers, has_more_transfers = open_transfers(active_ward(request).pk, on)
    context = {
        "on": on,
        "page": page,
        "outdated": outdated(reader.rows(ask.corrected_papers), on),
        "turns": [
            {
                "label": _("%(who)sの番") % {"who": turn.label},
                "count": count,
                "url": _filtered(request, "turn", turn.value),
                "current": turn.value == wanted,
            }
            for turn, count in counts.items()
        ],
        "wanted": wanted,
        "all_turns": _filtered(request, "turn", ALL_TURNS),
        "shows_all": not turns,
        "dues": [
            {
                "label": label,
                "count": count,
                "url": _filtered(request, "due", value),
                "current": value == (due or ""),
            }
            for value, label, count in _dues(reader, on)
        ],
        "query": request.GET.urlencode(),
        "transfers": transfers,
        "has_more_transfers": has_more_transfers,
        "proposals": proposal_desk(membership, on),
        "pending": waiting_grants(reader.rows(ask.grants), membership.user_id, on),
        "ending": ending[:ENDING_ROWS],
        "has_more_ending": len(ending) > ENDING_ROWS,
        "uploads_waiting": sum(reader.counts(ask.uploads)),
        "found_again": eligible_count(membership, on),
        "found_again_ask": ReferralAsk.ELIGIBLE.value,
        "ward": active_ward(request),
        "may_write": membership.may(Permission.APPLICATION_WRITE),
    }
    return render(request, "plans/ward/queue.html", context)


def _cap_work(request: HttpRequest, reader: WardReader, on: date) -> dict[str, Any]:
    return {
        "caps_ending": sum(reader.counts(ask.ending_caps_count, on=on)),
        "next_month": Month.of(on) + 1,
        "review": review_summary(request),
        "may_write": active_membership(request).may(Permission.APPLICATION_WRITE),
    }


def _filtered(request: HttpRequest, name: str, value: str) -> str:
    """The page's address with one of its two filters set, or taken away; the other one stays."""
    kept = {key: request.GET[key] for key in ("turn", "due") if key in request.GET and key != name}
    return "?" + urlencode(kept | ({name: value} if value else {}))


def _dues(reader: WardReader, on: date) -> list[tuple[str, Any, int | None]]:
    counts = dict(zip(Due, reader.counts(ask.dues, on=on), strict=True))
    return [
        ("", _("60日以内と、終わって30日以内"), None),
        (Due.SOON, _("30日以内"), counts[Due.SOON]),
        (Due.PAST, _("終わったもの"), counts[Due.PAST]),
    ]


@READS
def application_list(request: HttpRequest) -> HttpResponse:
    """All applications of the ward, newest first, by outcome, kind and name."""
    membership, on = active_membership(request), today(request)
    outcome, text = request.GET.get("outcome", ""), searched(request)
    kind, ward = request.GET.get("kind", ""), active_ward(request)
    found = filtered_applications(applications_for(membership), outcome, text, ward, kind)
    page, has_more = _page_of(found, text, request.GET.get("page"))
    people = [row.client_id for row in page.object_list]
    names, numbers = names_in_sight(people, ward.pk, on), numbers_of(people, ward.pk)
    kept = {key: value for key, value in (("kind", kind), ("q", text)) if value}
    tabs = [
        {
            "label": label,
            "url": "?" + urlencode({"outcome": value} | kept),
            "current": value == outcome,
        }
        for value, label in (("", _("すべて")), ("open", _("進行中")), *Application.Outcome.choices)
    ]
    context = {
        "page": page,
        "most": MOST if has_more else None,
        "breadcrumbs": ward_trail(_("申請")),
        "rows": [
            (row, names.get(row.client_id), numbers.get(row.client_id, ""))
            for row in page.object_list
        ],
        "kinds": Application.Kind.choices,
        "kind": kind,
        "tabs": tabs,
        "q": text,
        "q_only": urlencode({"q": text}),
        "outcome": outcome,
        "may_write": membership.may(Permission.APPLICATION_WRITE),
        "query": request.GET.urlencode(),
    }
    return render(request, "plans/ward/application_list.html", context)


def _page_of(
    found: QuerySet[Application], text: str, number: str | None
) -> tuple[Page[Application], bool]:
    """A page of the list, and whether there is more than is turned over.

    A search by `text` is asked once, for its first keys: they are counted and turned over.
    """
    if not text:
        return Paginator(found, ROWS).get_page(number), False
    keys = list(found.values_list("pk", flat=True)[: MOST + 1])
    page: Page[Any] = Paginator(keys[:MOST], ROWS).get_page(number)
    rows = Application.objects.select_related("client").in_bulk(list(page.object_list))
    page.object_list = [rows[key] for key in page.object_list if key in rows]
    return page, len(keys) > MOST
