"""区の引継ぎ: offer, accept, decline."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import Municipality
from teikyaku.fields import NEAR, DateField


class OfferForm(forms.Form):
    """To which ward of the city, from when, and what its officer should know."""

    to_municipality = forms.ModelChoiceField(
        label=_("引き継ぐ先の区"),
        queryset=Municipality.objects.none(),
        empty_label=_("選んでください"),
    )
    moved_on = DateField(label=_("転居の日"), around=NEAR)
    note = forms.CharField(
        label=_("伝えること"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("引き継ぐ先の職員が読みます。"),
    )

    def __init__(self, *args: Any, ward: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wards = Municipality.objects.filter(city=ward.city_id, city__isnull=False)
        field: Any = self.fields["to_municipality"]
        field.queryset = wards.exclude(pk=ward.pk).order_by("code")


class AcceptForm(forms.Form):
    """The new home, where it is known already."""

    address = forms.CharField(
        label=_("新しい住所"),
        required=False,
        max_length=160,
        help_text=_("わかっていれば。転居の日から記録します。空欄なら、いまの記録のままです。"),
    )
    is_protected = forms.BooleanField(label=_("住所を見せない（支援措置など）"), required=False)


class DeclineForm(forms.Form):
    """Why the file stays where it is."""

    reason = forms.CharField(
        label=_("引き受けない理由"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("申し出た区の職員が読みます。次にどうするかも書きます。"),
    )
