"""定型文: the office's and one's own, to write, put in order and drop."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.actions import phrase as actions
from plans.forms.phrase import PhraseForm
from plans.models import Phrase
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now
from teikyaku.form_pages import trail

READS = requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)


def get_phrase_or_404(request: HttpRequest, public_id: UUID) -> Phrase:
    """A phrase that one may change: one's own, or the office's of who leads it.

    Raises Http404 for everybody else's.
    """
    membership = active_membership(request)
    found = (
        Phrase.objects.of(membership.office_id, membership.user_id)
        .filter(public_id=public_id)
        .first()
    )
    if found is None or (
        found.owner_id is None and not actions.may_keep_office_phrases(membership)
    ):
        raise Http404
    return found


class _UpForm(forms.Form):
    up = forms.UUIDField()


@READS
def phrase_list(request: HttpRequest) -> HttpResponse:
    """Both lists in their order; 上へ changes places with the one above."""
    membership = active_membership(request)
    if request.method == "POST":
        form = _UpForm(request.POST)
        if not form.is_valid():
            raise Http404
        row = get_phrase_or_404(request, form.cleaned_data["up"])
        actions.move_phrase_up(phrase=row, by=membership)
        return redirect(f"{reverse('phrase_list')}#p-{row.public_id}")
    rows = list(Phrase.objects.of(membership.office_id, membership.user_id))
    may_office = actions.may_keep_office_phrases(membership)
    lists = [
        {
            "title": _("自分の定型文"), "may_write": True,
            "rows": [row for row in rows if row.owner_id is not None],
        },
        {
            "title": _("事業所の定型文"), "may_write": may_office,
            "rows": [row for row in rows if row.owner_id is None],
        },
    ]  # fmt: skip
    # Who leads the office keeps phrases too, and writes no interviews.
    writes = membership.may(Permission.INTERVIEW_WRITE)
    back = reverse("interview_choose" if writes else "home")
    context = {"lists": lists, "breadcrumbs": trail(_("定型文"), back)}
    return render(request, "plans/phrase_list.html", context)


@READS
def phrase_new(request: HttpRequest) -> HttpResponse:
    """Write one."""
    may_office = actions.may_keep_office_phrases(active_membership(request))
    form = PhraseForm(
        request.POST or None, may_office=may_office,
        initial={"field": Phrase.Field.NOTES, "whose": "office" if may_office else "own"},
    )  # fmt: skip

    def run(**who: Any) -> Phrase:
        data = form.cleaned_data
        return actions.write_phrase(
            text=data["text"], field=data["field"], is_office=form.is_office, **who
        )

    return form_flow(
        request, form, heading=_("定型文を書く"), run=run, checked=(Phrase,),
        back=reverse("phrase_list"), done=_("定型文を保存しました。"),
    )  # fmt: skip


@READS
def phrase_edit(request: HttpRequest, phrase: UUID) -> HttpResponse:
    """Other words, or another field."""
    row = get_phrase_or_404(request, phrase)
    initial = {"text": row.text, "field": row.field}
    form = PhraseForm(request.POST or None, may_office=False, is_new=False, initial=initial)

    def run(**who: Any) -> Phrase:
        data = form.cleaned_data
        return actions.change_phrase(phrase=row, text=data["text"], field=data["field"], **who)

    return form_flow(
        request, form, heading=_("定型文を直す"), run=run, checked=(Phrase,),
        back=reverse("phrase_list"), done=_("定型文を直しました。これまでの記録は変わりません。"),
    )  # fmt: skip


@READS
def phrase_remove(request: HttpRequest, phrase: UUID) -> HttpResponse:
    """Drop one, asked once."""
    row = get_phrase_or_404(request, phrase)
    back = reverse("phrase_list")
    if request.method == "POST":
        actions.remove_phrase(phrase=row, by=active_membership(request), at=now(request))
        messages.success(request, _("定型文を消しました。これまでの記録は変わりません。"))
        return redirect(back)
    context = {
        "heading": _("定型文を消す"),
        "lead": _("記録に入れた文は、そのまま残ります。"),
        "subject": None,
        "breadcrumbs": trail(_("定型文を消す"), back),
        "facts": [{"label": row.get_field_display(), "value": row.text}],
        "submit": _("消す"),
        "tone": "danger",
        "cancel_url": back,
    }
    return render(request, "components/confirm_page.html", context)
