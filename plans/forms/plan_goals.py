"""Goals on a form: numbered groups of fields, one empty one more at the end, no script needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from plans.models import SupportPlanGoal
from plans.rules.support_plan import GoalFacts
from teikyaku.fields import DateField

MOST = 12
FEWEST = 2
PARTS = ("order", "term", "goal", "person_does", "staff_does", "target_on", "key")


@dataclass(frozen=True, slots=True)
class GoalGroup:
    """One goal's fields, for the template."""

    number: int
    is_empty: bool
    is_open: bool
    """Folded while it is empty, unless something in it is wrong or it was asked for just now."""
    fields: tuple[forms.BoundField, ...]
    key: forms.BoundField


class GoalsForm(forms.Form):
    """A form with goals below its own fields. An empty group is no goal."""

    goal_count = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        goals: Iterable[SupportPlanGoal] = (),
        wants_more: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.wants_more = wants_more
        stored = list(goals)
        shown = max(len(stored) + 1, FEWEST)
        self.count = min(self._asked(shown) + int(wants_more), MOST)
        self.fields["goal_count"].initial = self.count
        if self.is_bound:
            sent: Any = self.data
            self.data = sent.copy()
            self.data[self.add_prefix("goal_count")] = str(self.count)  # type: ignore[index]
        for number in range(1, self.count + 1):
            known = stored[number - 1] if number <= len(stored) else None
            for part, field in _fields(known, number).items():
                self.fields[f"goal_{number}_{part}"] = field
            for part, when in _asked_when(number).items():
                self.fields[f"goal_{number}_{part}"].asked_when = when  # type: ignore[attr-defined]

    def _asked(self, otherwise: int) -> int:
        typed = str(self.data.get(self.add_prefix("goal_count"), "")) if self.is_bound else ""
        # What somebody else types is no number of groups.
        return int(typed) if typed.isascii() and typed.isdigit() and int(typed) else otherwise

    def full_clean(self) -> None:
        """Another group was asked for: nothing is checked yet, nothing is lost."""
        if self.wants_more:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """A group with anything but its term needs its goal; a goal needs its term."""
        data = super().clean() or {}
        for number in range(1, self.count + 1):
            told = any(
                data.get(f"goal_{number}_{part}")
                for part in ("person_does", "staff_does", "target_on")
            )
            goal, term = data.get(f"goal_{number}_goal"), data.get(f"goal_{number}_term")
            if told and not goal:
                self.add_error(f"goal_{number}_goal", _("目標を書いてください。"))
            if goal and not term and f"goal_{number}_term" not in self.errors:
                self.add_error(f"goal_{number}_term", _("長期か短期かを選んでください。"))
        return data

    @property
    def goal_rows(self) -> list[GoalFacts]:
        """The goals as typed, in their order."""
        found = []
        for number in range(1, self.count + 1):
            values: dict[str, Any] = {
                part: self.cleaned_data.get(f"goal_{number}_{part}") for part in PARTS
            }
            order = values.pop("order")
            if values["goal"]:
                # Of two with the same number, the one that stands higher.
                found.append((order or number, number, GoalFacts(**values)))
        return [facts for _order, _number, facts in sorted(found, key=lambda each: each[:2])]

    @property
    def goal_groups(self) -> list[GoalGroup]:
        """The groups for the template."""
        return [
            GoalGroup(
                number,
                not self[f"goal_{number}_goal"].value(),
                self._is_open(number),
                tuple(self[f"goal_{number}_{part}"] for part in PARTS[:-1]),
                self[f"goal_{number}_key"],
            )
            for number in range(1, self.count + 1)
        ]

    def _is_open(self, number: int) -> bool:
        names = [f"goal_{number}_{part}" for part in PARTS]
        is_told = any(self[name].value() for name in names if not name.endswith(("order", "key")))
        is_new = self.wants_more and number == self.count
        return is_told or is_new or any(self.errors.get(name) for name in names)

    def get_context(self) -> dict[str, Any]:
        """The form's own fields: the template draws the goals below."""
        context: dict[str, Any] = super().get_context()
        context["fields"] = [
            pair for pair in context["fields"] if not pair[0].name.startswith("goal_")
        ]
        context["hidden_fields"] = [
            field
            for field in context["hidden_fields"]
            if field.name == "goal_count" or not field.name.startswith("goal_")
        ]
        return context

    @property
    def own_values(self) -> dict[str, Any]:
        """The cleaned values without the goals."""
        return {
            name: value for name, value in self.cleaned_data.items() if not name.startswith("goal_")
        }


def _asked_when(number: int) -> dict[str, Any]:
    """When a part has to be answered: a plan has one goal at least, the next ones are free."""
    whole = _l("必須") if number == 1 else _l("この目標を書くとき必須")
    asked = {"goal": whole, "term": whole}
    return asked | ({"staff_does": _l("同意までに必須")} if number == 1 else {})


def _fields(known: SupportPlanGoal | None, number: int) -> dict[str, forms.Field]:
    def words(label: Any, name: str, rows: int = 2, help_text: Any = "") -> forms.CharField:
        area = forms.Textarea(attrs={"rows": rows, "class": "short"})
        initial = getattr(known, name) if known else ""
        return forms.CharField(
            label=label, required=False, max_length=1000, widget=area, initial=initial,
            help_text=help_text,
        )  # fmt: skip

    return {
        "order": forms.IntegerField(
            label=_l("順番"), required=False, min_value=1, max_value=99, initial=number,
            widget=forms.NumberInput(attrs={"class": "w-short"}),
        ),
        "term": forms.ChoiceField(
            label=_l("長期・短期"), choices=SupportPlanGoal.Term.choices, required=False,
            initial=known.term if known else "", widget=forms.RadioSelect(attrs={"class": "chips"}),
        ),
        "goal": words(_l("目標"), "goal", help_text=_l("できるだけ本人の言葉で")),
        "person_does": words(_l("本人がすること"), "person_does"),
        "staff_does": words(_l("支援者がすること"), "staff_does"),
        "target_on": DateField(
            label=_l("いつまでに"), required=False, initial=known.target_on if known else None,
            help_text=_l("空けておくと「次の見直しまで」"),
        ),
        "key": forms.CharField(
            required=False, widget=forms.HiddenInput, max_length=40,
            initial=str(known.public_id) if known else "",
        ),
    }  # fmt: skip
