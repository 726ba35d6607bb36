"""関係機関: what is known of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Organisation
from clients.queries.organisation import organisation_alike
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
    is_another = forms.BooleanField(
        label=_("よく似た名前の、別の機関です"), required=False,
        help_text=_("同じ機関なら、登録しないで、一覧のものを使ってください。"),
    )  # fmt: skip

    class Meta:
        model = Organisation
        fields = ["kind", "name", "number", "phone", "address"]
        formfield_callback = formfield

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alike = self._alike()
        if self.alike is None:
            del self.fields["is_another"]
        areas: Any = self.fields["areas"]
        areas.queryset = Municipality.objects.filter(city__isnull=False).order_by("code")
        areas.label_from_instance = lambda row: row.full_name
        if self.instance.pk is not None:
            areas.initial = self.instance.areas.all()

    def clean_name(self) -> str:
        """Without blanks around it: the same name twice is refused."""
        name: str = self.cleaned_data["name"]
        return name.strip()

    def clean(self) -> dict[str, Any]:
        """One whose name is written almost alike is asked about: it may be the same."""
        data = super().clean() or {}
        if not data.pop("is_another", False) and self.alike is not None:
            text = _(
                "「%(name)s」が登録済みです。同じ機関なら、それを使ってください。別の機関なら、下の印を入れてください。"
            )
            self.add_error("name", text % {"name": self.alike.name})
        return data

    def _alike(self) -> Organisation | None:
        """One on file of this kind whose name is read the same, though it is written otherwise.

        None where the name stays as it is on file, and for exactly the same one: that is refused.
        """
        if not self.is_bound:
            return None
        kind, name = self.data.get("kind", ""), self.data.get("name", "").strip()
        if (kind, name) == (self.instance.kind, self.instance.name):
            return None
        others = Organisation.objects.filter(kind=kind).exclude(pk=self.instance.pk)
        return organisation_alike(others, name)
