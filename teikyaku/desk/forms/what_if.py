"""もし〜だったら: the questions. Nothing is stored; the address carries dates and choices only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.queries.facts import WorkingLife
from clients.rules.kinds import EmploymentKind
from clients.rules.last_usable import right_until
from clients.rules.standing import Standing
from clients.rules.what_if import jobs_if_changed, jobs_if_on_leave
from teikyaku.era import both
from teikyaku.fields import DateField
from teikyaku.filter_forms import FilterForm
from teikyaku.periods import Period, months_later

# Further off than a window lasts, a day is a slip of the year.
MONTHS_AHEAD = 60
UNSURE = [
    ("unknown", gettext_lazy("まだ分からない")),
    ("yes", gettext_lazy("はい")),
    ("no", gettext_lazy("いいえ")),
]


class WhatIfForm(FilterForm):
    """Base: asked of a working life, as seen on a day."""

    def __init__(
        self, data: Any = None, *, life: WorkingLife, now: Standing, **kwargs: Any
    ) -> None:
        self.life, self.now = life, now
        super().__init__(data, **kwargs)

    def clean(self) -> dict[str, Any]:
        """No day further ahead than any window reaches."""
        data = super().clean() or {}
        last = months_later(self.now.on, MONTHS_AHEAD)
        for name, value in tuple(data.items()):
            if isinstance(value, date) and value > last:
                text = _("%(on)sより先の日付です。年を確かめてください。")
                self.add_error(name, text % {"on": both(last)})
        return self.cleaned_data

    def _has(self, *names: str) -> bool:
        return all(self.cleaned_data.get(name) for name in names) and not self.errors


class ChangeForm(WhatIfForm):
    """もし離職・転職したら."""

    left = DateField(label=gettext_lazy("離職日"), help_text=gettext_lazy("最後に在籍する日"))
    next = DateField(
        label=gettext_lazy("次の就職日"),
        required=False,
        help_text=gettext_lazy("空のままなら、次の就職が決まっていないものとして答えます。"),
    )
    better = forms.ChoiceField(
        label=gettext_lazy("労働条件をよくするための転職ですか"),
        choices=UNSURE, required=False, initial="yes",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("次の仕事の種類"),
        choices=[(each.value, each.label) for each in EmploymentKind],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """A job is held on the day of leaving; the next one begins after the present one did."""
        data = super().clean()
        if not self._has("left"):
            return data
        try:
            jobs_if_changed(self.life.employments, left_on=data["left"], starts_on=None)
        except ValueError:
            self.add_error("left", _("この日に働いている記録がありません。"))
            return self.cleaned_data
        held = [job.starts_on for job in self.life.employments if job.starts_on <= data["left"]]
        if data.get("next") and data["next"] <= max(held):
            text = _("いまの仕事が始まった日（%(on)s）より後の日付にしてください。")
            self.add_error("next", text % {"on": both(max(held))})
        return self.cleaned_data

    @property
    def to_improve(self) -> bool | None:
        """Whether the change is for better conditions; None where nobody can say."""
        return {"yes": True, "no": False}.get(self.cleaned_data.get("better") or "")

    @property
    def new_kind(self) -> EmploymentKind:
        """What the next work is; ordinary employment where nothing was chosen."""
        return EmploymentKind(self.cleaned_data.get("kind") or EmploymentKind.ORDINARY)


class StartForm(WhatIfForm):
    """もし利用を〜から始めたら."""

    starts = DateField(label=gettext_lazy("利用を始める日"))

    def clean(self) -> dict[str, Any]:
        """Inside the days on which the right stands, as far as is known."""
        data = super().clean()
        window, last = self.now.window, right_until(self.now)
        if not self._has("starts"):
            return data
        if window is None or last is None:
            self.add_error(
                "starts", _("利用できる期間がまだ数えられません。下の理由を見てください。")
            )
        elif last < window.first_usable_on:
            text = _("%(on)sに仕事が終わるため、利用できる日がありません。")
            self.add_error("starts", text % {"on": both(last)})
        elif data["starts"] < window.first_usable_on:
            text = _("利用できる最初の日（%(on)s）以後にしてください。")
            self.add_error("starts", text % {"on": both(window.first_usable_on)})
        elif data["starts"] > last:
            text = _("利用できる最後の日（%(on)s）までにしてください。")
            self.add_error("starts", text % {"on": both(last)})
        return self.cleaned_data


class LeaveForm(WhatIfForm):
    """もし休職したら."""

    starts = DateField(label=gettext_lazy("休職の開始日"))
    ends = DateField(label=gettext_lazy("休職の最終日"), required=False)

    def clean(self) -> dict[str, Any]:
        """From a job that is held; the last day is not before the first."""
        data = super().clean()
        if not self._has("starts"):
            return data
        if data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("終わりの日は、始まりの日以後にしてください。"))
            return self.cleaned_data
        try:
            jobs_if_on_leave(self.life.employments, self.leave)
        except ValueError:
            self.add_error("starts", _("この日に働いている記録がありません。"))
        return self.cleaned_data

    @property
    def leave(self) -> Period:
        """The leave that was asked about."""
        return Period(self.cleaned_data["starts"], self.cleaned_data.get("ends"))
