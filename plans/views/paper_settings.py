"""文書と番号の設定: how the ward's papers are made out, and its ranges of certificate numbers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plans.access import active_ward, number_ranges_for
from plans.actions.number_range import add_number_range, switch_number_range
from plans.actions.ward_papers import set_paper_setting
from plans.forms.ward_papers import NumberRangeForm, PaperSettingForm
from plans.models import NumberRange, PaperSetting
from plans.queries.number_range import next_free_number, numbers_left
from plans.queries.ward_papers import paper_setting, rights_draft, rights_words
from plans.views.flow import ward_trail
from plans.views.ward_papers import READS, WRITES
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission
from teikyaku.clock import now, today

BACK = "admin:paper_settings"


@READS
def paper_settings(request: HttpRequest) -> HttpResponse:
    """What the ward's papers carry, and which numbers it has left."""
    ward, membership = active_ward(request), active_membership(request)
    context = {
        "ward": ward,
        "breadcrumbs": ward_trail(_("文書と番号の設定")),
        "setting": paper_setting(ward),
        "rights": rights_words(ward, today(request)),
        "ranges": [
            {"row": row, "left": numbers_left(row)}
            for row in number_ranges_for(membership).order_by("pk")
        ],
        "next_number": next_free_number(ward),
        "may_write": membership.may(Permission.APPLICATION_WRITE),
    }
    return render(request, "plans/ward/paper_settings.html", context)


@WRITES
def paper_settings_edit(request: HttpRequest) -> HttpResponse:
    """文書の設定; the notice of rights begins as a draft from the dated figures."""
    ward, on = active_ward(request), today(request)
    setting = paper_setting(ward)
    initial = {} if setting.rights_text else {"rights_text": rights_draft(ward, on)}
    form = PaperSettingForm(request.POST or None, instance=setting, initial=initial)
    return form_flow(
        request, form, heading=_("文書の設定を直す"), back=reverse(BACK),
        done=_("文書の設定を保存しました。これから作る文書に使います。"),
        run=lambda **who: set_paper_setting(setting=form.instance, **who),
        checked=(PaperSetting,), template="plans/ward/paper_setting_form.html",
        rights=rights_words(ward, on),
    )  # fmt: skip


@WRITES
def number_range_new(request: HttpRequest) -> HttpResponse:
    """A further range of certificate numbers."""
    form = NumberRangeForm(request.POST or None)
    return form_flow(
        request, form, heading=_("番号の範囲を登録する"), back=reverse(BACK),
        lead=_("支給決定のとき、番号を空欄にすると、この範囲の小さい番号から一つずつとります。使われている番号は飛ばします。"),
        done=_("番号の範囲を登録しました。"),
        run=lambda **who: add_number_range(
            municipality=active_ward(request), **form.cleaned_data, **who
        ),
        checked=(NumberRange,), submit_label=_("登録する"),
    )  # fmt: skip


@require_POST
@WRITES
def number_range_switch(request: HttpRequest, number_range: UUID) -> HttpResponse:
    """A range is used no more, or again."""
    row = number_ranges_for(active_membership(request)).filter(public_id=number_range).first()
    if row is None:
        raise Http404
    changed = switch_number_range(row=row, by=active_membership(request), at=now(request))
    done = (
        _("この範囲から番号をとります。")
        if changed.is_open
        else _("この範囲からは、もう番号をとりません。")
    )
    messages.success(request, done)
    return redirect(BACK)
