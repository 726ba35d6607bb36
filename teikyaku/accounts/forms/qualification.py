"""職員の資格・研修: which, completed when, valid until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import StaffQualification
from teikyaku.fields import DateField

OTHER = "other"


class QualificationForm(forms.Form):
    """One qualification of a member of staff."""

    chosen = forms.ChoiceField(label=_("資格・研修"))
    kind = forms.CharField(
        label=_("資格・研修の名前（一覧にないとき）"), max_length=60, required=False
    )
    obtained_on = DateField(label=_("修了・取得した日"), required=False)
    valid_until = DateField(
        label=_("有効期限"),
        required=False,
        help_text=_(
            "修了証などに書いてある日、または事業所で決めた次の更新の日。期限がなければ空欄。"
        ),
    )
    note = forms.CharField(label=_("メモ"), max_length=200, required=False)

    def __init__(
        self, *args: Any, kinds: list[str], before: StaffQualification | None = None, **kwargs: Any
    ) -> None:
        """`kinds`: the names on offer; `before`: the row to be corrected."""
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            ("", _("選んでください")),
            *((name, name) for name in kinds),
            (OTHER, _("ほかの資格・研修")),
        ]
        if before is not None:
            self.fields["reason"] = forms.CharField(
                label=_("訂正の理由"),
                max_length=200,
                error_messages={"required": _("訂正の理由を入れてください。")},
            )

    def clean(self) -> dict[str, Any]:
        """The name, from the list or as it was typed."""
        data: dict[str, Any] = super().clean() or {}
        chosen = data.pop("chosen", "")
        if chosen and chosen != OTHER:
            data["kind"] = chosen
        elif chosen == OTHER and not data.get("kind"):
            self.add_error("kind", ValidationError(_("資格・研修の名前を入れてください。")))
        return data
