"""つなぎ: the pages that an office and a ward share; each says whose records, and where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clients.access import note_people_read
from clients.actions import referral as clients_actions
from clients.enums import CentreKind, ReferralOutcome
from clients.models import Client, ClientName, Referral
from clients.queries.screening import kept_answers, screening_facts
from clients.queries.subject import Subject
from clients.rules.kinds import ScreeningAnswer
from clients.rules.screening import ScreeningResult, screen
from plans.actions import referral as actions
from plans.exports_referral import referrals_workbook
from plans.forms import referral as forms
from plans.queries.referral import (
    ReferralAsk,
    ReferralRow,
    asked,
    referral_counts,
    referral_rows,
    referrals_for,
)  # fmt: skip
from plans.queries.referral_keeper import keeper_of
from teikyaku.accounts.access import active_membership, note_read
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Membership
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.form_pages import trail

ROWS = 50
NO = (ScreeningAnswer.NOT_ELIGIBLE, ScreeningAnswer.EXPIRED)


@dataclass(frozen=True, slots=True)
class Place:
    """An office or a ward: its words and addresses, and how far it sees into names."""

    prefix: str
    """Before the names of its addresses."""
    may_write: bool
    find: Callable[[str], Q]
    names: Callable[[Iterable[Referral]], Mapping[int, ClientName]]
    subject: Callable[[Client], Subject]
    person_url: Callable[[Client], str]
    """The page of the person; "" where there is none any more."""
    without_file: str
    """What to do for somebody without a file."""
    staff: Callable[[Iterable[Referral]], Mapping[int, str]] | None = None
    """担当 by client; a ward has none."""

    def url(self, name: str, *args: Any) -> str:
        """An address of this place."""
        return reverse(f"{self.prefix}{name}", args=args)


def list_page(request: HttpRequest, place: Place) -> HttpResponse:
    """By question and name, with how long each has waited."""
    on = today(request)
    own = referrals_for(active_membership(request))
    counts = referral_counts(own, on)
    form = forms.ReferralListForm(_asked_for(request, counts))
    found = asked(_found(own, place, form), form.chosen, on)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = _rows(page.object_list, place, on)
    note_people_read(request, [row.client_id for row in rows])
    context = {
        "form": form,
        "page": page,
        "rows": [(row, place.url("referral_page", row.referral_id)) for row in rows],
        "ask": form.chosen,
        "asks": [
            {
                "label": each.label,
                "count": counts[each],
                "url": "?" + urlencode({"ask": each.value, "q": form.text} if form.text else {"ask": each.value}),
                "current": each == form.chosen,
            }
            for each in ReferralAsk
        ],
        "sheet_url": f"{place.url('referrals_xlsx')}?{urlencode({'ask': form.chosen.value, 'q': form.text})}",
        "reset_url": place.url("referral_list"),
        "without_file": place.without_file,
        "has_staff": place.staff is not None,
        "on": on,
        "breadcrumbs": trail(_("つなぎ"), reverse("admin:index")) if place.prefix else [],
    }  # fmt: skip
    return render(request, "plans/referral/list.html", context)


def _asked_for(request: HttpRequest, counts: Mapping[ReferralAsk, int]) -> QueryDict:
    """The address's question; without one, whom somebody should speak to, where there is anybody."""
    asked_for = request.GET.copy()
    is_open = not asked_for.get("ask") and not asked_for.get("q")
    if is_open and counts[ReferralAsk.ELIGIBLE]:
        asked_for["ask"] = ReferralAsk.ELIGIBLE.value
    return asked_for


def _rows(found: Iterable[Referral], place: Place, on: date) -> list[ReferralRow]:
    staff = place.staff(found) if place.staff else None
    return referral_rows(found, place.names(found), on, staff)


def list_xlsx(request: HttpRequest, place: Place) -> HttpResponse:
    """The list as it is filtered."""
    on, form, by = today(request), forms.ReferralListForm(request.GET), active_membership(request)
    found = list(asked(_found(referrals_for(by), place, form), form.chosen, on))
    rows = _rows(found, place, on)
    note_people_read(request, [row.client_id for row in rows])
    subject: Any = by.office or by.municipality
    audit(verb="referrals_exported", subject=subject, by=by, at=now(request))
    return xlsx_answer(
        referrals_workbook(rows, has_staff=place.staff is not None), f"referrals-{on.isoformat()}"
    )


def _found(
    own: QuerySet[Referral], place: Place, form: forms.ReferralListForm
) -> QuerySet[Referral]:
    return own.filter(place.find(form.text)) if form.text else own


def new_page(request: HttpRequest, place: Place, person: Client, back: str) -> HttpResponse:
    """From the answer of the screening: its centres first, its reason as it was said."""
    on, membership = today(request), active_membership(request)
    result = _screened(person, membership, request)
    form = forms.ReferralForm(
        request.POST or None, fitting=result.referrals,
        initial={
            "referred_on": on, "centre": _chosen(request, result),
            "why": result.reasons[0].text if result.answer in NO and result.reasons else "",
            "outcome": ReferralOutcome.WAITING,
        },
    )  # fmt: skip

    def run(**who: Any) -> Referral:
        return actions.refer(client=person, **form.values(), **who)

    return form_flow(
        request, form, heading=_("センターにつなぐ"), back=back, run=run, checked=(Referral,),
        done=_("つなぎを記録しました。使えるようになったら、もう一度お知らせします。"),
        subject=place.subject(person),
        lead=_("渡すもの・伝えることは、本人の同意があるものだけにします。"),
    )  # fmt: skip


def _screened(person: Client, membership: Membership, request: HttpRequest) -> ScreeningResult:
    """The answer by the facts on file, and by what this place asked last."""
    on = today(request)
    return screen(screening_facts(person, on, **kept_answers(membership, person)), on)


def _chosen(request: HttpRequest, result: ScreeningResult) -> str:
    """The centre that was pressed; else the one that fits, where it is the only one."""
    pressed = request.GET.get("centre", "")
    if pressed in CentreKind.values:
        return pressed
    centres = [place.kind.value for place in result.referrals if not place.is_addition]
    return centres[0] if len(centres) == 1 else ""


def get_referral_or_404(
    request: HttpRequest, public_id: UUID, *, acts: bool = False, owns: bool = False
) -> Referral:
    """A standing referral of one's own office or ward; the read is audited.

    `acts`: only where the file lies here; `owns`: and only who wrote it, since its words are theirs.
    Raises Http404 for everybody else's.
    """
    by = active_membership(request)
    rows = referrals_for(by)
    if acts or owns:
        rows = rows.filter(Q(kept_by_now=None) | Q(kept_by_now=by.municipality_id))
    if owns:
        rows = rows.filter(office=by.office_id, municipality=by.municipality_id)
    found = rows.filter(public_id=public_id).select_related("client", "recorded_by__user").first()
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.client.public_id)
    return found


def one_page(request: HttpRequest, place: Place, referral: UUID) -> HttpResponse:
    """What was done, what came of it, and whether the service can be used by now."""
    row, on = get_referral_or_404(request, referral), today(request)
    by = active_membership(request)
    shown = referral_rows([row], place.names([row]), on)[0]
    history: Any = row.history  # type: ignore[attr-defined]
    context = {
        "row": row,
        "shown": shown,
        "subject": place.subject(row.client),
        "person_url": place.person_url(row.client),
        "past": list(history.select_related("history_user").order_by("-history_date", "-history_id")[1:]),
        "urls": {
            name: place.url(f"referral_{name}", row.public_id)
            for name in ("answer", "follow", "correct", "withdraw")
        },
        "may_write": place.may_write and keeper_of(row) == by.municipality_id,
        "is_own": (row.office_id, row.municipality_id) == (by.office_id, by.municipality_id),
        "breadcrumbs": trail(_("このつなぎ"), place.url("referral_list")),
        "on": on,
    }  # fmt: skip
    return render(request, "plans/referral/page.html", context)


def answer_page(request: HttpRequest, place: Place, referral: UUID) -> HttpResponse:
    """What came of it."""
    row = get_referral_or_404(request, referral, acts=True)
    names = ("outcome", "outcome_on", "outcome_note")
    initial = {name: getattr(row, name) for name in names}
    form = forms.ReferralAnswerForm(request.POST or None, initial=initial)

    def run(**who: Any) -> Referral:
        data = form.cleaned_data
        return clients_actions.answer_referral(
            referral=row, outcome=data["outcome"], on=data["outcome_on"],
            note=data["outcome_note"], **who,
        )  # fmt: skip

    return _flow(request, place, row, form, _("つなぎの結果を記録する"), run)


def follow_page(request: HttpRequest, place: Place, referral: UUID) -> HttpResponse:
    """The person was told that the service can be used after all."""
    row = get_referral_or_404(request, referral, acts=True)
    initial = {"follow_up_on": row.follow_up_on or today(request), "follow_up": row.follow_up,
               "follow_up_note": row.follow_up_note}  # fmt: skip
    form = forms.ReferralFollowForm(request.POST or None, initial=initial)

    def run(**who: Any) -> Referral:
        data = form.cleaned_data
        return clients_actions.follow_referral(
            referral=row, follow_up=data["follow_up"], on=data["follow_up_on"],
            note=data["follow_up_note"], **who,
        )  # fmt: skip

    lead = _("記録すると、「いま使えるかもしれない方」の一覧から外れます。")
    return _flow(request, place, row, form, _("もう一度声をかけた結果"), run, lead=lead)


def correct_page(request: HttpRequest, place: Place, referral: UUID) -> HttpResponse:
    """It was written wrongly."""
    row = get_referral_or_404(request, referral, owns=True)
    result = _screened(row.client, active_membership(request), request)
    form = forms.ReferralForm(request.POST or None, instance=row, fitting=result.referrals)

    def run(**who: Any) -> Referral:
        reason = form.cleaned_data["reason"]
        return actions.correct_referral(referral=row, changes=form.values(), reason=reason, **who)

    lead = _("元の値は履歴に残ります。")
    return _flow(request, place, row, form, _("つなぎを訂正する"), run, lead=lead)


def withdraw_page(request: HttpRequest, place: Place, referral: UUID) -> HttpResponse:
    """It never was."""
    row = get_referral_or_404(request, referral, owns=True)
    form = forms.ReferralWithdrawForm(request.POST or None)

    def run(**who: Any) -> Referral:
        return clients_actions.withdraw_referral(
            referral=row, reason=form.cleaned_data["reason"], **who
        )

    return _flow(
        request, place, row, form, _("つなぎの記録を取り消す"), run,
        lead=_("間違って記録したときに使います。取り消したことと理由は残ります。"),
        back=place.url("referral_list"), done=_("取り消しました。"),
    )  # fmt: skip


def _flow(
    request: HttpRequest, place: Place, row: Referral, form: Any, heading: str, run: Any,
    **page: Any,
) -> HttpResponse:  # fmt: skip
    page.setdefault("back", place.url("referral_page", row.public_id))
    page.setdefault("done", _("記録しました。"))
    return form_flow(
        request, form, heading=heading, run=run, checked=(Referral,),
        subject=place.subject(row.client), **page,
    )  # fmt: skip
