"""支給決定: the form with which a ward grants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.rules.cap import CapMonths, cap_months
from clients.rules.window import THREE_YEARS_IN_MONTHS
from plans.actions.caps import Cap
from plans.actions.certificate import Paper
from plans.forms.certificate import CATEGORY_REASON, QUESTION, KnownConsequences, PaperForm
from plans.forms.judged import Judged
from plans.models import Certificate
from teikyaku.periods import Month

# In the order in which an officer decides: until when, how much, at what cost, then the paper.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("期間と支給量"), ("decided_on", "starts_on", "ends_on", "amount", "reason")),
    (_("計画相談"), ("consultation_office", "monitoring_months")),
    (_("利用者負担"), ("category", "cap_yen", "cap_first_month", "cap_last_month", "category_reason",
                   "is_managed", "managing_office_name", "managing_office_number")),
    (_("受給者証"), ("number", *QUESTION, "issued_on", "remarks")),
)  # fmt: skip


class GrantForm(Judged, KnownConsequences, PaperForm):
    """支給決定: period, amount, cap, certificate and reason in one step.

    `next_number` is what the ward's range would give: None without a range, "" when it is used up.
    With a range no number needs to be typed; the action says when there is none left.
    """

    category_reason = forms.CharField(label=CATEGORY_REASON, max_length=200, required=False)
    remarks = forms.CharField(
        label=_("特記事項"), max_length=200, required=False,
        help_text=_("受給者証に書くとおりに。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("決定の理由"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        next_number: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for _legend, names in GROUPS for name in names])
        self.followed: list[str] = []
        if next_number is None:
            return
        number = self.fields["number"]
        number.required = False
        number.help_text = (
            _("空欄にすると、区の範囲から次の番号（いまは%(number)s）をとります。")
            % {"number": next_number}
            if next_number
            else _("区の番号の範囲は使い切りました。番号を入れるか、新しい範囲を登録してください。")
        )

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The questions under their headings, in the order of the form."""
        return [
            (legend, [self[name] for name in names if name in self.fields])
            for legend, names in GROUPS
        ]

    @property
    def asked_besides(self) -> list[forms.BoundField]:
        """What an answer has called for: whether its consequences are known, whose number it is."""
        grouped = {name for _legend, names in GROUPS for name in names}
        return [field for field in self.visible_fields() if field.name not in grouped]

    def clean(self) -> dict[str, Any]:
        """With what the rules refuse, so that all that is wrong is told at once."""
        self._let_cap_follow()
        data = super().clean()
        self.ask_if_known(data)
        return data

    def _let_cap_follow(self) -> None:
        """Months of a cap that are as they were proposed go with a start that somebody has moved."""
        data, proposed = self.cleaned_data, self.initial
        before = _usual_months(proposed.get("starts_on"), proposed.get("ends_on"))
        now = _usual_months(data.get("starts_on"), data.get("ends_on"))
        if before is None or now is None or data["starts_on"] == proposed["starts_on"]:
            return
        # A start years away is refused as a slip: nothing follows it.
        if abs(now.first_month - before.first_month) > THREE_YEARS_IN_MONTHS:
            return
        for name in ("first_month", "last_month"):
            month: Month = getattr(now, name)
            field = f"cap_{name}"
            # Only what was the usual proposal, and came back as it was.
            usual = getattr(before, name).first_day
            if data.get(field) == proposed.get(field) == usual and month.first_day != usual:
                self._follow(field, month)

    def _follow(self, name: str, month: Month) -> None:
        # What comes back to the reader is what was read.
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix(name)] = str(month)
        self.data, self.cleaned_data[name] = data, month.first_day
        text = _("%(label)sは、開始日に合わせて%(month)sになりました。")
        self.followed.append(text % {"label": self.fields[name].label, "month": month.label})

    def paper(self, kind: str = Certificate.Kind.NEW) -> Paper:
        """The certificate, with its remarks."""
        return replace(super().paper(kind), remarks=self.cleaned_data["remarks"])

    def cap(self) -> Cap:
        """The cap, with why its category differs from the household on file."""
        return replace(super().cap(), category_reason=self.cleaned_data["category_reason"])


def _usual_months(starts_on: Any, ends_on: Any) -> CapMonths | None:
    """The usual months of a cap in a period; None where that is none, or was written back as text."""
    if not isinstance(starts_on, date) or not isinstance(ends_on, date) or ends_on < starts_on:
        return None
    return cap_months(starts_on, ends_on)
