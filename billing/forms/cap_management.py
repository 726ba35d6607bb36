"""上限額管理: the figures of the other offices, or the answer of the office that manages the cap."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.enums import CapOutcome, CapRank
from billing.models import CapResult
from billing.rules import cap_management as rule
from billing.rules.cap_sheet import (
    OfficeFigures,
    OwnFigures,
    Sheet,
    Told,
    faults_of_offices,
    made_sheet,
)
from teikyaku.fields import PAST, DateField, DigitsField, YenField

# More than anybody was seen to need; whoever needs more says so with the sheet in hand.
OTHERS = 6
COLUMNS = ("name", "number", "rank", "total", "before")


class ResultForm(forms.Form):
    """The day of the sheet, and why it is written again."""

    decided_on = DateField(label=_l("結果票の日付"), around=PAST)
    reason = forms.CharField(label=_l("書き直す理由"), max_length=200)

    def __init__(self, *args: Any, known: CapResult | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known is None:
            del self.fields["reason"]


class SheetForm(ResultForm):
    """Managed here: what the other offices reported. `sheet` is there once the form is valid."""

    def __init__(
        self, *args: Any, own: OwnFigures, cap_yen: int, known: CapResult | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, known=known, **kwargs)
        self.own, self.cap_yen = own, cap_yen
        self.sheet: Sheet | None = None
        for line in range(1, OTHERS + 1):
            for name, field in _columns(is_asked=line == 1).items():
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
        """What does not belong to a line."""
        return [self[name] for name in self.fields if not name.startswith("office_")]

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
        return not missing

    def _share_out(self, lines: list[int], others: list[OfficeFigures]) -> None:
        faults = faults_of_offices(self.cap_yen, self.own, others)
        for fault in faults:
            # Line 0 is one's own: its figures come from the month.
            key = f"office_{lines[fault.line - 1]}_before" if fault.line else None
            self.add_error(key, fault.text)
        if not faults:
            self.sheet = made_sheet(self.cap_yen, self.own, others)


def _columns(*, is_asked: bool) -> dict[str, forms.Field]:
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
        "managing_office_name", "managing_office_number", "outcome", "own_after_yen", "decided_on",
        "reason",
    )  # fmt: skip

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
