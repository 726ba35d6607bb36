"""添付 pages: a person's papers, attaching, one paper, its correction and its end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import (
    attachments_for,
    clients_for,
    get_attachment_for_edit,
    get_attachment_or_404,
    get_client_or_404,
    get_enrolment_for_edit,
    may_look_at_papers,
    running_enrolment,
)
from clients.actions import attachment as actions
from clients.forms import attachment as forms
from clients.models import Attachment, Client, Enrolment
from clients.queries.attachment import newest_papers
from clients.queries.subject import subject_of
from clients.views.beside import CHOSEN
from clients.views.keeping_files import HELD, attach_sent, held_papers
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import date_of, today
from teikyaku.era import both
from teikyaku.form_pages import Crumbs, form_page
from teikyaku.near_days import near_days

READS = requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
WRITES = requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
ROWS, BRIEF_ROWS = 50, 4
# Per kind of paper the page that copies from it, and whether that is the person's or the enrolment's.
COPIED_ON: dict[str, tuple[str, bool]] = {
    Attachment.Kind.CERTIFICATE: ("certificate_transcribe", False),
    Attachment.Kind.CONSENT: ("consent_new", False),
    Attachment.Kind.EMPLOYMENT: ("employment_new", True),
}


@READS
def attachment_list(request: HttpRequest, client: UUID) -> HttpResponse:
    """Every paper of one person that the office holds, by kind and date.

    The client page asks for the newest few of them as a part of itself, once it is shown (app.js).
    """
    if request.headers.get("X-Part"):
        return _brief(request, client)
    person = get_client_or_404(request, client)
    membership, on = active_membership(request), today(request)
    form = forms.PaperFilterForm(request.GET)
    rows = attachments_for(membership, on).filter(enrolment__client=person)
    kept = rows.kept()
    if kind := form.chosen("kind"):
        kept = kept.filter(kind=kind)
    if form.chosen("state") == "free":
        kept = kept.unlinked()
    context = {
        "person": person,
        "subject": subject_of(person, on),
        "form": form,
        "page": Paginator(newest_papers(kept), ROWS).get_page(request.GET.get("page")),
        "is_filtered": bool(kind or form.chosen("state")),
        "withdrawn": rows.exclude(withdrawn_at=None).select_related("withdrawn_by__user")[:ROWS],
        "running": _running(request, person),
        "may_look": may_look_at_papers(membership, person, on),
        "breadcrumbs": _crumbs(person, _("添付した書類")),
    }
    return render(request, "clients/attachment_list.html", context)


def _brief(request: HttpRequest, client: UUID) -> HttpResponse:
    membership, on = active_membership(request), today(request)
    # The page around it has the read on the record already.
    person = clients_for(membership, on).filter(public_id=client).first()
    if person is None:
        raise Http404
    kept = attachments_for(membership, on).kept().filter(enrolment__client=person)
    context = {
        "papers": newest_papers(kept)[:BRIEF_ROWS],
        "may_look": may_look_at_papers(membership, person, on),
    }
    return render(request, "clients/attachment_brief.html", context)


def _running(request: HttpRequest, person: Client) -> Enrolment | None:
    """The enrolment under which the reader may attach something today."""
    membership = active_membership(request)
    if not membership.may(Permission.CLIENT_WRITE):
        return None
    return running_enrolment(membership, person, today(request))


def _crumbs(person: Client, *steps: str) -> Crumbs:
    """利用者 › この人のページ › 添付した書類 › …: no name in it, since browsers keep addresses."""
    urls = [reverse("client_list"), reverse("client_page", args=[person.public_id])]
    trail = [{"label": _("利用者"), "url": urls[0]}, {"label": _("この人のページ"), "url": urls[1]}]
    for number, label in enumerate(steps, start=1):
        url = reverse("attachment_list", args=[person.public_id]) if number < len(steps) else ""
        trail.append({"label": label, "url": url})
    return trail


@WRITES
def attachment_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Attach one or more papers of one kind and day.

    A file that is good is kept at once: what is wrong with the rest does not cost a photo, which the
    browser would forget.
    """
    row = get_enrolment_for_edit(request, enrolment)
    initial = {"kind": request.GET.get("kind", "")}
    on = today(request)
    held = held_papers(row, active_membership(request), request.POST.getlist(HELD))
    # An empty request is one as well: it is told what is missing.
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.AttachmentForm(*sent, initial=initial, on=on, is_held=bool(held))
    near_days(form, on)
    back = reverse("attachment_list", args=[row.client.public_id])
    if request.method == "POST":
        done, held = attach_sent(request, row, form, held)
        if done:
            messages.success(request, _("%(count)d個の書類を添付しました。") % {"count": len(done)})
        if not form.errors:
            # A single one is what one goes on with.
            only = done[0] if len(done) == 1 else None
            return redirect("attachment_page", only.public_id) if only else redirect(back)
    return form_page(
        request,
        form,
        heading=_("書類を添付する"),
        lead=_(
            "紙を平らに置いて、文字が読めるように撮ってください。撮影場所などの情報は取り除いて保存します。"
        ),
        cancel_url=back,
        submit_label=_("添付する"),
        template="clients/attachment_new.html",
        held=held,
        may_look=may_look_at_papers(active_membership(request), row.client, on),
        subject=subject_of(row.client, on),
        breadcrumbs=_crumbs(row.client, _("添付した書類"), _("書類を添付する")),
    )


@READS
def attachment_page(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """One paper, large, with what is known of it."""
    row = get_attachment_or_404(request, attachment)
    person, on = row.enrolment.client, today(request)
    membership, running = active_membership(request), _running(request, person)
    context = {
        "paper": row,
        "person": person,
        "subject": subject_of(person, on),
        "may_look": may_look_at_papers(membership, person, on),
        "may_write": running is not None,
        "record_url": _record_url(row, running) if running else "",
        "breadcrumbs": _crumbs(person, _("添付した書類"), row.get_kind_display()),
    }
    return render(request, "clients/attachment_page.html", context)


def _record_url(paper: Attachment, running: Enrolment) -> str:
    """The page on which one copies from a paper of this kind; empty where it was copied before."""
    if paper.subject_id is not None or paper.kind not in COPIED_ON:
        return ""
    name, is_of_client = COPIED_ON[paper.kind]
    key = running.client.public_id if is_of_client else running.public_id
    return f"{reverse(name, args=[key])}?{CHOSEN}={paper.public_id}"


@WRITES
def attachment_correct(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """Kind, date or heading were wrong."""
    row = get_attachment_for_edit(request, attachment)
    form = forms.AttachmentCorrectionForm(request.POST or None, instance=row)

    def run(**who: Any) -> Attachment:
        stored = Attachment.objects.get(pk=row.pk)
        reason = form.cleaned_data["reason"]
        return actions.correct_attachment(
            attachment=stored, changes=form.changes(), reason=reason, **who
        )

    return form_flow(
        request,
        form,
        heading=_("書類の種類と日付を訂正する"),
        lead=_("写真やPDFそのものは変わりません。元の値は履歴に残ります。"),
        back=reverse("attachment_page", args=[row.public_id]),
        done=_("訂正しました。"),
        run=run,
        checked=(Attachment,),
        subject=subject_of(row.enrolment.client, today(request)),
        breadcrumbs=_crumbs(row.enrolment.client, _("添付した書類"), _("訂正する")),
    )


@WRITES
def attachment_withdraw(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """Attached by mistake: the bytes are erased for good."""
    row = get_attachment_for_edit(request, attachment)
    person = row.enrolment.client
    form = forms.WithdrawForm(request.POST or None)

    def run(**who: Any) -> Attachment:
        return actions.withdraw_attachment(attachment=row, **form.cleaned_data, **who)

    facts = [
        {"label": _("書類の種類"), "value": row.get_kind_display()},
        {"label": _("添付した日"), "value": both(date_of(row.recorded_at))},
        {"label": _("添付した人"), "value": row.recorded_by.user.name},
    ]
    return form_flow(
        request,
        form,
        heading=_("添付を取り消す"),
        lead=_("間違って添付したときに使います。"),
        back=reverse("attachment_list", args=[person.public_id]),
        done=_("添付を取り消し、ファイルを消しました。"),
        run=run,
        checked=(Attachment,),
        subject=subject_of(person, today(request)),
        breadcrumbs=_crumbs(person, _("添付した書類"), _("添付を取り消す")),
        template="components/confirm_page.html",
        facts=facts,
        warning=_("ファイルは消え、元に戻せません。取り消した日時・人・理由だけが残ります。"),
        submit_label=_("取り消してファイルを消す"),
        tone="danger",
    )
