"""Model forms whose dates read both calendars and whose months are months."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import (
    DATE_HINT,
    MONTH_HINT,
    DateField,
    KanaField,
    MonthField,
    PhoneField,
    PostalCodeField,
)


def formfield(db_field: models.Field[Any, Any], **kwargs: Any) -> Any:
    """The form field of a model field: ours for days, months, readings and numbers, Django's for the rest."""
    if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
        is_month = db_field.name == "month" or db_field.name.endswith("_month")
        hint = MONTH_HINT if is_month else DATE_HINT
        return (MonthField if is_month else DateField)(
            label=db_field.verbose_name,
            required=not db_field.blank,
            help_text=db_field.help_text or hint,
        )
    if db_field.name == "postal_code":
        return PostalCodeField(label=db_field.verbose_name, required=not db_field.blank)
    if db_field.name == "kana":
        length = getattr(db_field, "max_length", None)
        return KanaField(
            label=db_field.verbose_name, required=not db_field.blank, max_length=length
        )
    if db_field.name == "phone" or db_field.name.endswith("_phone"):
        return PhoneField(label=db_field.verbose_name, required=not db_field.blank)
    found: Any = db_field.formfield(**kwargs)
    if getattr(found, "empty_label", None):
        found.empty_label = _("選んでください")
    elif isinstance(found, forms.ChoiceField):
        choices: Any = found.choices
        found.choices = [(key, label if key else _("選んでください")) for key, label in choices]
    return found


class FactForm(forms.ModelForm):  # type: ignore[type-arg]
    """Base of the forms for dated facts. `reason` is asked when a stored fact is corrected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["reason"] = forms.CharField(
                label="訂正の理由",
                max_length=100,
                help_text="例：書き間違い。元の値は履歴に残ります。",
            )

    def changes(self) -> dict[str, Any]:
        """The model's values as cleaned, for an action that corrects a fact."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}

    def _post_clean(self) -> None:
        # The action validates the whole row (with its owner), so a form checks its fields only.
        self.instance = forms.models.construct_instance(
            self, self.instance, self._meta.fields, self._meta.exclude
        )
