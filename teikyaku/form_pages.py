"""One way to show a form on a page of its own."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from teikyaku.clock import today
from teikyaku.near_days import near_days

# After this the page's script forgets what it kept on the device (keep.js, app.js).
STORED = "#stored"
# How the script names one text among those that wait.
_KEPT = re.compile(r"[0-9a-z]{8,32}")
Crumbs = list[dict[str, str]]
# Of each page that forms lead back to: what it is called, and the list that it belongs to. Names, not
# imports: the plain modules know no app.
PARENTS: dict[str, tuple[Promise, str]] = {
    "client_page": (_l("この人のページ"), "client_list"),
    "client_list": (_l("利用者"), ""),
    "referral_page": (_l("このつなぎ"), "referral_list"),
    "referral_list": (_l("つなぎ"), ""),
    "admin:ward_referral_page": (_l("このつなぎ"), "admin:ward_referral_list"),
    "admin:ward_referral_list": (_l("つなぎ"), "admin:index"),
    "interview_page": (_l("面談・連絡の記録"), "client_list"),
    "attachment_page": (_l("添付した書類"), "client_list"),
    "office_year": (_l("事業所の一年"), "retention_latest"),
    "retention_latest": (_l("就労定着率"), ""),
    "work_checks": (_l("3月31日の就労の確認"), "client_list"),
    "admin:application_page": (_l("この申請"), "admin:application_list"),
    "admin:application_list": (_l("申請"), "admin:index"),
    "admin:decision_page": (_l("この支給決定"), "admin:decision_list"),
    "admin:decision_list": (_l("支給決定"), "admin:index"),
    "admin:ward_proposal": (_l("この提案"), "admin:ward_proposals"),
    "admin:ward_proposals": (_l("事業所からの提案"), "admin:index"),
    "proposal_page": (_l("この提案"), "proposal_list"),
    "proposal_list": (_l("区への提案"), ""),
    "admin:city_decision": (_l("この支給決定"), "admin:correction_find"),
    "admin:correction_find": (_l("支給決定の訂正"), "admin:index"),
    "admin:transfer_page": (_l("この引継ぎ"), "admin:transfer_list"),
    "admin:transfer_list": (_l("区の引継ぎ"), "admin:index"),
    "admin:core_uploads": (_l("基幹システムからの取り込み"), "admin:index"),
    "admin:income_review": (_l("収入状況の見直し"), "admin:index"),
    "admin:index": (_l("ホーム"), ""),
    "keeping": (_l("保存期間が終わる記録"), "expiry"),
    "expiry": (_l("期限"), ""),
    "expiry_settled": (_l("済みにしたもの"), "expiry"),
    "qualifications": (_l("職員の資格・研修"), "expiry"),
    "admin:ward_expiry": (_l("期限"), "admin:index"),
    "admin:ward_expiry_settled": (_l("済みにしたもの"), "admin:ward_expiry"),
    "keeping_file": (_l("この人の記録"), "keeping"),
    "admin:ward_keeping": (_l("保存期間が終わる記録"), "admin:index"),
    "admin:ward_keeping_file": (_l("この人の記録"), "admin:ward_keeping"),
    "home": (_l("ホーム"), ""),
    "handover_duty": (_l("引き継ぎの義務"), "expiry"),
    "interview_choose": (_l("面談を記録"), ""),
    "phrase_list": (_l("定型文"), "interview_choose"),
    "caseload": (_l("今月の担当"), ""),
    "case_moves": (_l("担当の引き継ぎ"), "caseload"),
    "organisation_list": (_l("関係機関"), ""),
    "admin:paper_settings": (_l("文書と番号の設定"), "admin:index"),
    "office_start": (_l("始め方"), ""),
    "notices": (_l("お知らせ"), "home"),
    "billing_home": (_l("請求の予定"), "home"),
    "people": (_l("職員"), ""),
    "offices": (_l("事業所"), ""),
    "municipalities": (_l("自治体"), ""),
    "figures": (_l("制度の数値"), ""),
}

# Their own pages end in the person's name (`below`): one step has one name.
NAMED = ("admin:application_page", "admin:decision_page")


def trail(heading: str, back: str, name: str = "") -> Crumbs:
    """The way to a page that leads back to `back`; empty where nothing is known of that page.

    A record of NAMED is called by its person's `name`, as its own page calls itself: the form shows
    whom it is about anyway. No name elsewhere.
    """
    try:
        page = resolve(back.partition("?")[0]).view_name
    except Resolver404:
        return []
    if page not in PARENTS:
        return []
    return [
        *_above(page),
        {"label": (name if page in NAMED else "") or str(PARENTS[page][0]), "url": back},
        {"label": heading, "url": ""},
    ]


def below(parent: str, heading: str) -> Crumbs:
    """The way to a page below the page named `parent`, which needs nothing but its name.

    A record's own page may end in the person's name: it stands on the page anyway, in no title and
    no address.
    """
    return [*_above(parent), _crumb(parent), {"label": heading, "url": ""}]


def _above(page: str) -> Crumbs:
    found: Crumbs = []
    while above := PARENTS[page][1]:
        found.insert(0, _crumb(above))
        page = above
    return found


def _crumb(page: str) -> dict[str, str]:
    return {"label": str(PARENTS[page][0]), "url": reverse(page)}


def kept_name(request: HttpRequest) -> str:
    """The name under which the device keeps the text that was sent; empty where no script ran."""
    kept = request.POST.get("kept", "")
    return kept if _KEPT.fullmatch(kept) else ""


def stored(request: HttpRequest) -> str:
    """What the address after saving ends in: the device forgets this text, and no other."""
    kept = kept_name(request)
    return f"{STORED}={kept}" if kept else STORED


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    heading: str,
    cancel_url: str,
    lead: str = "",
    submit_label: str = "",
    template: str = "components/form_page.html",
    keeps: bool = False,
    **context: Any,
) -> HttpResponse:
    """The page with `form`; 422 when it comes back with errors, so that nothing takes it for done.

    `keeps`: what is typed waits on the device until it is stored; the answer after saving then leads
    to an address that ends in `stored(request)`.
    """
    near_days(form, today(request))
    name = getattr(context.get("subject"), "name", "")
    values = {
        "subject": None,
        "breadcrumbs": trail(heading, cancel_url, name),
        "form": form,
        "heading": heading,
        "lead": lead,
        "cancel_url": cancel_url,
        "submit": submit_label,
        "keeps": keeps,
        "kept": kept_name(request),
        **context,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, values, status=status)
