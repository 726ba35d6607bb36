"""請求ファイルを取り下げる: the whole file, or those whose claims came back, each with the reason on the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import ClaimFileReason
from billing.forms.claim_return import code_field, day_field, words_field
from billing.rules.claim_return import ReturnReason

RETURNED = "returned"


class ClaimWithdrawalForm(forms.Form):
    """Why it does not count; with 返戻, of whom and why. `people`: (key, name) of those in the file."""

    reason = forms.ChoiceField(
        label=_("理由"),
        choices=[*ClaimFileReason.choices, (RETURNED, _("返戻になった方がいる"))],
        widget=forms.RadioSelect,
    )
    returned_on = day_field(required=False)
    people = forms.MultipleChoiceField(
        label=_("返戻になった方"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.everybody = people
        self.fields["people"].choices = people  # type: ignore[attr-defined]
        for key, name in people:
            self._add(key, name)
        if not people:  # a file without claims: nothing of it comes back for one person
            self.fields["reason"].choices = ClaimFileReason.choices  # type: ignore[attr-defined]
            del self.fields["people"], self.fields["returned_on"]
        else:
            self.fields["returned_on"].asked_when = _("返戻のとき必須")  # type: ignore[attr-defined]

    def _add(self, key: str, name: str) -> None:
        code, words = _("%(name)sの事由のコード"), _("%(name)sの事由の内容")
        self.fields[f"code_{key}"] = code_field(
            label=code % {"name": name},
            widget=forms.TextInput(attrs={"class": "w-short", "aria-label": code % {"name": name}}),
        )
        self.fields[f"words_{key}"] = words_field(
            label=words % {"name": name},
            widget=forms.TextInput(attrs={"aria-label": words % {"name": name}}),
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each person with the mark and the two fields."""
        chosen = self["people"].value() or [] if self.everybody else []
        return [
            {
                "key": key, "name": name, "is_chosen": key in chosen,
                "code": self[f"code_{key}"], "words": self[f"words_{key}"],
            }
            for key, name in self.everybody
        ]  # fmt: skip

    @property
    def reasons(self) -> dict[str, ReturnReason]:
        """Key → what the list says, of those who were chosen."""
        data = self.cleaned_data
        return {
            key: ReturnReason(data["returned_on"], data[f"code_{key}"], data[f"words_{key}"])
            for key in data.get("people") or []
        }

    def clean(self) -> dict[str, Any]:
        """返戻 is of somebody, with its reason; the whole file is of everybody."""
        data = super().clean() or {}
        chosen = data.get("people") or []
        if data.get("reason") == RETURNED:
            self._ask_for_reasons(data, chosen)
        if data.get("reason") in ClaimFileReason.values and chosen:
            self.add_error(
                "people", _("取り下げはファイル全体です。返戻の方だけなら、理由を返戻にします。")
            )
        return data

    def _ask_for_reasons(self, data: dict[str, Any], chosen: Sequence[str]) -> None:
        if not chosen and "people" not in self.errors:
            self.add_error("people", _("返戻になった方を選んでください。"))
        if not data.get("returned_on") and "returned_on" not in self.errors:
            self.add_error("returned_on", _("返戻の日を入れてください。"))
        for key, _name in self.everybody:
            told = data.get(f"code_{key}") or data.get(f"words_{key}")
            if (
                key in chosen
                and not told
                and not {f"code_{key}", f"words_{key}"} & set(self.errors)
            ):
                self.add_error(f"words_{key}", _("事由のコードか内容を入れてください。"))
            if told and chosen and key not in chosen:
                # What was typed is not left out unseen.
                self.add_error(f"words_{key}", _("返戻の方なら、左で選んでください。"))
