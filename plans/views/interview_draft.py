"""面談の書きかけ: saved by the page while one writes, and thrown away when it is not wanted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import get_enrolment_or_404
from clients.models import Enrolment
from clients.queries.subject import subject_of
from plans.actions import interview_draft as actions
from plans.forms.interview import GOAL, PHRASES, InterviewForm
from plans.forms.interview_start import DraftForm
from plans.models import InterviewDraft, Phrase
from plans.queries.interview_draft import begun_about, is_touched, own_drafts, writing_now
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.way_back import PARAMETER, WayBack, keeping_way_back, with_way_back
from teikyaku.clock import now, today
from teikyaku.form_pages import trail
from teikyaku.ids import new_public_id

WRITES = requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
# The page asks by script and reads the answer as data.
CONFLICT, GONE = 409, 410
SHOWN = 5


@require_POST
@WRITES
def draft_save(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Save what was typed, right or wrong; the answer is data for the page's script."""
    row = get_enrolment_or_404(request, enrolment)
    try:
        draft = kept(request, row)
    except actions.DraftChanged as error:
        return JsonResponse({"error": error.messages[0]}, status=CONFLICT)
    except actions.DraftGone as error:
        return JsonResponse({"error": error.messages[0]}, status=GONE)
    except actions.PageRecorded:
        return JsonResponse({"error": str(actions.RECORDED)}, status=GONE)
    if draft is None:
        return JsonResponse({"emptied": bool(request.POST.get("draft"))})
    return JsonResponse({"draft": str(draft.public_id), "version": draft.version})


@WRITES
def draft_discard(request: HttpRequest, draft: UUID) -> HttpResponse:
    """捨てる, asked once: it cannot be undone."""
    row = get_draft_or_404(request, draft)
    enrolment = get_enrolment_or_404(request, row.enrolment.public_id)
    back = reverse("client_page", args=[enrolment.client.public_id])
    if request.method == "POST":
        actions.discard_draft(draft=row, by=active_membership(request), at=now(request))
        messages.success(request, _("書きかけを捨てました。"))
        return redirect(back)
    context = {
        "heading": _("書きかけを捨てる"),
        "lead": _("捨てると、元に戻せません。"),
        "subject": subject_of(enrolment.client, today(request)),
        "breadcrumbs": trail(_("書きかけを捨てる"), back),
        "facts": [{"label": label, "value": value} for label, value in words(row.answers)],
        "submit": _("捨てる"),
        "tone": "danger",
        "cancel_url": f"{reverse('interview_new', args=[enrolment.public_id])}?draft={draft}",
    }
    return render(request, "components/confirm_page.html", context)


def get_draft_or_404(request: HttpRequest, public_id: UUID) -> InterviewDraft:
    """One's own draft.

    Raises Http404 for everybody else's, also in the own office.
    """
    found = own_drafts(active_membership(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404("no such draft")
    return found


def draft_named(request: HttpRequest, enrolment: Enrolment) -> InterviewDraft | None:
    """The own draft about this person that the request names, if it is still there."""
    form = DraftForm(request.POST if request.method == "POST" else request.GET)
    named = form.cleaned_data.get("draft") if form.is_valid() else None
    if named is None:
        return None
    return (
        own_drafts(active_membership(request)).filter(public_id=named, enrolment=enrolment).first()
    )


def kept(request: HttpRequest, enrolment: Enrolment) -> InterviewDraft | None:
    """The draft as it was sent, begun or written over; None where nothing stands in it.

    One that was emptied again is no draft any more. Raises DraftChanged when another tab was quicker, DraftGone when there is none any more,
    PageRecorded when the page has become a record.
    """
    answers, page = answers_of(request), page_of(request)
    form = DraftForm(request.POST)
    named = form.cleaned_data if form.is_valid() else {}
    draft, version = None, named.get("version") or 0
    if named.get("draft"):
        draft = draft_named(request, enrolment) or InterviewDraft(enrolment=enrolment)
    by, at = active_membership(request), now(request)
    if not is_touched(answers):
        actions.empty_draft(
            enrolment=enrolment, draft=draft, version=version, by=by, at=at, page=page
        )
        return None
    if draft is not None:
        return actions.save_draft(draft=draft, version=version, answers=answers, at=at, page=page)
    return actions.begin_draft(enrolment=enrolment, answers=answers, by=by, at=at, page=page)


def kept_or_told(
    request: HttpRequest, enrolment: Enrolment, form: InterviewForm
) -> HttpResponse | None:
    """The button of pages without scripts: kept, and on with it; None when `form` says why not."""
    try:
        draft = kept(request, enrolment)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    except actions.PageRecorded:
        form.add_error(None, actions.RECORDED)
        return None
    page = keeping_way_back(request, reverse("interview_new", args=[enrolment.public_id]))
    if draft is None:
        emptied = bool(request.POST.get("draft"))
        told = _("何も書かれていないので、書きかけは残しません。")
        messages.info(request, told if emptied else _("まだ何も書かれていません。"))
        return redirect(page)
    messages.success(request, _("書きかけを保存しました。ホームからも続きを書けます。"))
    joint = "&" if "?" in page else "?"
    return redirect(f"{page}{joint}draft={draft.public_id}")


def page_of(request: HttpRequest) -> actions.Page | None:
    """The opening of the form that was sent; None where it says nothing of itself."""
    form = DraftForm(request.POST)
    named = form.cleaned_data if form.is_valid() else {}
    if not named.get("written_page"):
        return None
    return actions.Page(named["written_page"], named["written_turn"], named["written_from"])


def new_page() -> actions.Page:
    """A form that is opened afresh."""
    return actions.Page(new_public_id())


def refuse_gone(request: HttpRequest, draft: InterviewDraft | None) -> None:
    """Told once before it is recorded a second time; the page then names no draft any more.

    Raises DraftGone where the request names a draft that is not there.
    """
    if draft is None and request.POST.get("draft"):
        raise actions.DraftGone(actions.GONE)


def seen_version(request: HttpRequest, draft: InterviewDraft | None) -> int:
    """The version that the page has seen: as it was sent, else the one that is shown now."""
    if request.method == "POST":
        form = DraftForm(request.POST)
        return (form.cleaned_data.get("version") if form.is_valid() else None) or 0
    return draft.version if draft else 0


def draft_context(
    request: HttpRequest, enrolment: Enrolment, draft: InterviewDraft | None, seen: int,
    page: actions.Page | None,
) -> dict[str, Any]:  # fmt: skip
    """What the page says about drafts: the one it goes on with, what another tab wrote, colleagues."""
    membership = active_membership(request)
    fresh = InterviewDraft.objects.filter(pk=draft.pk).first() if draft else None
    is_own = fresh is not None and page is not None and fresh.page == page.key
    has_changed = fresh is not None and fresh.version != seen and not is_own
    begun = [] if draft else begun_about(membership, enrolment)
    return {
        "may_draft": True,
        "draft_url": keeping_way_back(request, reverse("draft_save", args=[enrolment.public_id])),
        # Sent again after both were read, it is written over.
        "draft": fresh,
        "page": page or new_page(),
        "theirs": words(fresh.answers) if fresh and has_changed else [],
        "begun": begun[:SHOWN],
        "writing": writing_now(enrolment, membership, now(request)),
    }


def answers_of(request: HttpRequest) -> dict[str, Any]:
    """What stands in the form, as typed."""
    names = InterviewForm.base_fields
    answers: dict[str, Any] = {name: request.POST.get(name, "") for name in names}
    goals = {name: value for name, value in request.POST.items() if name.startswith(GOAL)}
    several = {name: request.POST.getlist(name) for name in SEVERAL}
    way = WayBack.parse(request.GET.get(PARAMETER))
    return answers | several | goals | ({PARAMETER: str(way)} if way else {})


def way_of(request: HttpRequest, draft: InterviewDraft | None) -> str:
    """Where a draft leads on that was begun for a month and opened without it; else empty."""
    way = WayBack.parse(draft.answers.get(PARAMETER)) if draft else None
    if way is None or request.method != "GET" or PARAMETER in request.GET:
        return ""
    return with_way_back(request.get_full_path(), way)


# Questions that take several answers.
SEVERAL = ("topics", "spoke_with", *(f"{PHRASES}{field}" for field in Phrase.Field.values))


def words(answers: dict[str, Any]) -> list[tuple[str, str]]:
    """The texts of a draft with their labels, for somebody who compares or throws away."""
    fields = InterviewForm.base_fields
    shown = ("held_on", "place", "participants", "notes", "agreed", "offered_instead", "next_on")
    return [(str(fields[name].label), answers[name]) for name in shown if answers.get(name)]
