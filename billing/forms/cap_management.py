"""上限額管理: the figures of the other offices, or the answer of the office that manages the cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.enums import CapOutcome, CapRank
from billing.models import CapResult
from billing.queries.cap_management import OwnMonth
from billing.rules import cap_management as rule
from billing.rules.cap_sheet import (
    OfficeFigures,
    Sheet,
    Told,
    doubts_of_offices,
    fault_of_day,
    faults_of_offices,
    is_other_manager,
    made_sheet,
)
from teikyaku.accounts.models import Office
from teikyaku.fields import PAST, DateField, DigitsField, YenField

# More than anybody was seen to need; whoever needs more says so with the sheet in hand.
OTHERS = 6
COLUMNS = ("name", "number", "rank", "total", "before")


class ResultForm(forms.Form):
    """The day of the result, who manages against the certificate and why, and why it is written again."""

    decided_on = DateField(label=_l("結果票の日付"), around=PAST)
    manager_reason = forms.CharField(
        label=_l("受給者証と違う事業所が管理する理由"), max_length=200, required=False,
        help_text=_l("例：受給者証の書き換えを市町村に届け出ている"),
    )  # fmt: skip
    reason = forms.CharField(label=_l("書き直す理由"), max_length=200)

    def __init__(
        self, *args: Any, own: OwnMonth, office: Office, on: date, known: CapResult | None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.own, self.office, self.on = own, office, on
        if known is None:
            del self.fields["reason"]

    def clean_decided_on(self) -> date:
        """A day after the service month that has come."""
        decided_on: date = self.cleaned_data["decided_on"]
        if fault := fault_of_day(decided_on, self.own.support.month, self.on):
            raise ValidationError(fault)
        return decided_on


class AloneForm(ResultForm):
    """Nobody else served the person in the month."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["manager_reason"]
        self.fields["decided_on"].label = _("ほかの事業所の利用がないと確かめた日")


class SheetForm(ResultForm):
    """Managed here: what the other offices reported. `sheet` is there once the form is valid."""

    is_lower_right = forms.BooleanField(
        label=_l("1割・上限額より少ない額でよいことを、その事業所に確かめました"), required=False
    )

    def __init__(self, *args: Any, is_preview: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet: Sheet | None = None
        self.doubts: list[rule.Fault] = []
        self.fields["manager_reason"].required = not self.own.is_here and not is_preview
        if self.own.is_here:
            del self.fields["manager_reason"]
        if is_preview and "reason" in self.fields:
            self.fields["reason"].required = False
        for line in range(1, OTHERS + 1):
            for name, field in figure_fields(is_asked=line == 1).items():
                self.fields[f"office_{line}_{name}"] = field

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The bound fields of each line: those with something in them are open."""
        found = []
        for line in range(1, OTHERS + 1):
            fields = [self[f"office_{line}_{name}"] for name in COLUMNS]
            is_open = line == 1 or any(field.value() or field.errors for field in fields)
            found.append({"number": line, "fields": fields, "is_open": is_open})
        return found

    @property
    def plain_fields(self) -> list[Any]:
        """What does not belong to a line; what is asked back only where there is something to ask."""
        names = [name for name in self.fields if not name.startswith("office_")]
        return [self[name] for name in names if name != "is_lower_right" or self.doubts]

    def clean(self) -> dict[str, Any]:
        """Every line whole or empty; the sheet as the rule shares it out."""
        data = super().clean() or {}
        lines, others = [], []
        for line in range(1, OTHERS + 1):
            row = {name: data.get(f"office_{line}_{name}") for name in COLUMNS}
            if not any(value not in (None, "") for value in row.values()):
                continue
            if not self._is_whole(line, row):
                continue
            lines.append(line)
            others.append(
                OfficeFigures(
                    row["number"] or "", row["name"] or "", rule.Rank(row["rank"] or ""), row["total"] or 0,
                    row["before"] or 0,
                )
            )  # fmt: skip
        if not self.errors:
            self._share_out(lines, others)
        return data

    def _is_whole(self, line: int, row: dict[str, Any]) -> bool:
        missing = [name for name in COLUMNS if row[name] in (None, "")]
        for name in missing:
            key = f"office_{line}_{name}"
            if key not in self.errors:
                self.add_error(key, _("この事業所の行に入れてください。"))
        if row["total"] == 0:
            text = _(
                "利用のなかった事業所は入れません。ほかのどの事業所も利用がない月は、"
                "「ほかの事業所の利用がない」で記録します。"
            )
            self.add_error(f"office_{line}_total", text)
        return not missing

    def _share_out(self, lines: list[int], others: list[OfficeFigures]) -> None:
        cap_yen, own = self.own.cap_yen, self.own.figures(self.office)
        faults = faults_of_offices(cap_yen, own, others)
        if not faults:
            self.doubts = doubts_of_offices(cap_yen, own, others)
            if not self.cleaned_data.get("is_lower_right"):
                mark = _("確かめて正しければ、下の「確かめました」に印を付けます。")
                faults = [replace(fault, text=f"{fault.text}{mark}") for fault in self.doubts]
        for fault in faults:
            # Line 0 is one's own: its figures come from the month.
            key = f"office_{lines[fault.line - 1]}_before" if fault.line else None
            self.add_error(key, fault.text)
        if not faults:
            self.sheet = made_sheet(cap_yen, own, others)


def figure_fields(*, is_asked: bool) -> dict[str, forms.Field]:
    """One line; of the first one everything is asked for: a cap is shared with somebody."""
    fields: dict[str, forms.Field] = {
        "name": forms.CharField(label=_l("事業所の名前"), max_length=80, required=False),
        "number": DigitsField(label=_l("事業所番号（10桁）"), length=10, required=False),
        "rank": forms.ChoiceField(
            label=_l("サービスの種類"), choices=[("", "—"), *CapRank.choices], required=False
        ),
        "total": YenField(label=_l("総費用額"), required=False),
        "before": YenField(label=_l("利用者負担額"), required=False),
    }
    for field in fields.values():
        field.required = is_asked
    return fields


class AnswerForm(ResultForm):
    """Managed elsewhere: the answer about one's own line."""

    managing_office_name = forms.CharField(label=_l("上限額管理事業所"), max_length=80)
    managing_office_number = DigitsField(label=_l("上限額管理事業所の番号（10桁）"), length=10)
    outcome = forms.ChoiceField(
        label=_l("管理結果"),
        choices=[(value, f"{value}：{label}") for value, label in CapOutcome.choices],
        widget=forms.RadioSelect,
    )
    own_after_yen = YenField(label=_l("管理結果後の、この事業所の利用者負担額"))
    field_order = (
        "managing_office_name", "managing_office_number", "manager_reason", "outcome",
        "own_after_yen", "decided_on", "reason",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = self.own.support.managing_office_number
        self.fields["manager_reason"].help_text = (
            _("番号が、受給者証の %(number)s と違うときに要ります。") % {"number": named}
            if named
            else _("受給者証に番号の記録がないので、空欄でかまいません。")
        )

    def clean(self) -> dict[str, Any]:
        """Another office than ours; another than the certificate names only with a reason."""
        data = super().clean() or {}
        number = data.get("managing_office_number", "")
        if number == self.office.number:
            text = _(
                "この事業所の番号です。この事業所が管理したときは「この事業所が管理している」から記録します。"
            )
            self.add_error("managing_office_number", text)
        elif number:
            self._check_named(number, data)
        return data

    def _check_named(self, number: str, data: dict[str, Any]) -> None:
        named = self.own.support.managing_office_number
        if is_other_manager(named, number, is_here=False) and not data.get("manager_reason"):
            text = _("受給者証の上限額管理事業所（%(number)s）と違います。理由を入れてください。")
            self.add_error("manager_reason", text % {"number": named})

    @property
    def told(self) -> Told:
        """What was answered, of a valid form."""
        data = self.cleaned_data
        return Told(
            number=data["managing_office_number"],
            name=data["managing_office_name"],
            outcome=rule.CapOutcome(data["outcome"]),
            after_yen=data["own_after_yen"],
        )
