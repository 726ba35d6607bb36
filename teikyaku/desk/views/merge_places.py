"""自治体をまとめる: a municipality that an office entered turned out to be one that is on file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.queries.closed_of_place import closed_of_place
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.desk.actions.merge_places import columns_of_places, merge_municipality


class MergeForm(forms.Form):
    """まとめる先."""

    into = forms.ModelChoiceField(
        label=_l("まとめる先の自治体"), queryset=Municipality.objects.none(),
        empty_label=_l("選んでください"),
    )  # fmt: skip
    is_sure = forms.BooleanField(label=_l("同じ自治体です。まとめると、元には戻せません"))

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Municipality.objects.paying().exclude(pk=municipality.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


@requires(Permission.OFFICE_MANAGE, scope=Scope.INSTALLATION)
def municipality_merge(request: HttpRequest, municipality: UUID) -> HttpResponse:
    """Which one it is; all its records go there."""
    entered = Municipality.objects.filter(proposal__isnull=False, proposal__same_as=None)
    row = get_object_or_404(entered, public_id=municipality)
    form = MergeForm(request.POST or None, municipality=row)
    return form_flow(
        request,
        form,
        heading=_("登録済みの自治体とまとめる"),
        lead=_lead(row),
        back=reverse("municipalities"),
        done=_("自治体をまとめました。"),
        run=lambda **who: merge_municipality(
            municipality=row, into=form.cleaned_data["into"], **who
        ),
        checked=tuple({column.model for column in columns_of_places()}),
        submit_label=_("まとめる"),
    )


def _lead(row: Municipality) -> str:
    """What becomes of the records, and of what was closed and claimed already."""
    found = closed_of_place(row)
    told = [
        _("「%(name)s」（%(code)s）の記録を、選んだ自治体の記録にします。")
        % {"name": row.full_name, "code": row.code}
    ]
    if found.waiting:
        words = _(
            "締めた月のうち、まだ請求ファイルに入っていない%(n)s件は、まとめた先の番号で請求します。"
        )
        told.append(words % {"n": f"{found.waiting:,}"})
    if found.claimed:
        words = _(
            "請求ファイルに入っている%(n)s件は、ファイルに書いた番号のまま残ります。番号がちがい、国保連の支払いがまだの月は、各事業所の「くいちがい」に出ます。"
        )
        told.append(words % {"n": f"{found.claimed:,}"})
    if found.before:
        words = _("移行前の請求%(n)s件は、まとめた先の名前で残ります。")
        told.append(words % {"n": f"{found.before:,}"})
    return "".join(told)
