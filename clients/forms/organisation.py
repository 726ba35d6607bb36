"""関係機関: what is known of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Organisation
from teikyaku.accounts.models import Municipality
from teikyaku.fields import DigitsField
from teikyaku.model_forms import formfield


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """One organisation; a wrong name is mended here for everybody."""

    number = DigitsField(
        label=_("事業所番号"), length=10, required=False, help_text=_("わかっていれば。")
    )
    areas = forms.ModelMultipleChoiceField(
        label=_("担当する区・市町村"),
        queryset=Municipality.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("決まっているときだけ。"),
    )

    class Meta:
        model = Organisation
        fields = ["kind", "name", "number", "phone", "address"]
        formfield_callback = formfield

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["areas"]
        areas.queryset = Municipality.objects.filter(city__isnull=False).order_by("code")
        areas.label_from_instance = lambda row: row.full_name
        if self.instance.pk is not None:
            areas.initial = self.instance.areas.all()

    def clean_name(self) -> str:
        """Without blanks around it: the same name twice is refused."""
        name: str = self.cleaned_data["name"]
        return name.strip()
