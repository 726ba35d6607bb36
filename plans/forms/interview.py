"""The form for a contact: made for a phone at the employer's door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from plans.enums import (
    ContactOutcome,
    ContactWay,
    MeetingKind,
    Partner,
    Rating,
    Topic,
    WorkplaceTalk,
)
from plans.models import GoalRating, Interview, Phrase, SupportPlanGoal
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.fields import DateField
from teikyaku.periods import Month

CHIPS = {"class": "chips"}
# Before the id of a goal in the name of its question.
GOAL = "goal_"
ORDER = (
    "outcome", "way", "held_on", "offered_instead", "phrases_offered_instead", "spoke_with",
    "workplace_talk", "workplace_reason", "work_rating", "own_work_rating", "life_rating",
    "own_life_rating", "topics", "notes", "phrases_notes", "agreed", "phrases_agreed",
    "has_worries", "wants_more", "has_employer_concern", "next_on", "met_by", "place",
    "participants", "meeting_kind",
)  # fmt: skip
# Asked for rarely: folded until one of them holds something, or is wrong.
FOLDED = ("place", "participants", "meeting_kind")
# Of somebody whose workplace must not be contacted alone.
OF_CLOSED = ("workplace_talk", "workplace_reason")
# Optional to the form, and asked for where an answer calls for it.
ASKED_WHEN = {
    "work_rating": _("会えたとき必須"),
    "life_rating": _("会えたとき必須"),
    "offered_instead": _("希望しなかったとき必須"),
    "participants": _("地域連携会議のとき必須"),
    "spoke_with": _("関係者と話したとき必須"),
    "workplace_talk": _("職場の人が関わったとき必須"),
    "workplace_reason": _("こちらから連絡したとき必須"),
}
# Before the field that a 定型文 belongs to.
PHRASES = "phrases_"
# A help to writing, under its field: folded until one is ticked.
HELPS = (f"{PHRASES}notes", f"{PHRASES}agreed")
# Side by side where there is room.
TOGETHER = (
    ("work_rating", "own_work_rating"), ("life_rating", "own_life_rating"),
    ("has_worries", "wants_more", "has_employer_concern"),
)  # fmt: skip


class PhraseField(forms.MultipleChoiceField):
    """定型文 to put in: at the cursor by script, else at the end when the form is sent."""

    def __init__(self) -> None:
        super().__init__(
            label=_("定型文"), required=False, widget=forms.CheckboxSelectMultiple(attrs=CHIPS)
        )


class InterviewForm(forms.Form):
    """面談・連絡. What is asked depends on what happened; an attempt needs two taps."""

    field_order: tuple[str, ...] = ORDER
    template_name = "plans/interview_fields.html"

    outcome = forms.ChoiceField(
        label=_("結果"), choices=ContactOutcome.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )
    way = forms.ChoiceField(
        label=_("方法"), choices=ContactWay.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )
    held_on = DateField(label=_("日付"))
    met_by = forms.ChoiceField(label=_("会った職員"))
    place = forms.CharField(label=_("場所"), required=False, max_length=80)
    participants = forms.CharField(
        label=_("同席した人"), required=False, max_length=120, help_text=_("例：職場の上司、母")
    )
    work_rating = forms.ChoiceField(
        label=_("仕事の様子"),
        choices=Rating.choices,
        required=False,
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    life_rating = forms.ChoiceField(
        label=_("生活の様子"),
        choices=Rating.choices,
        required=False,
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    topics = forms.MultipleChoiceField(
        label=_("話題"),
        choices=Topic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
    )
    own_work_rating = forms.ChoiceField(
        label=_("本人の感じ方（仕事）"),
        choices=Rating.choices,
        required=False,
        widget=forms.RadioSelect(attrs=CHIPS),
        help_text=_("本人に聞いたとき"),
    )
    own_life_rating = forms.ChoiceField(
        label=_("本人の感じ方（生活）"),
        choices=Rating.choices,
        required=False,
        widget=forms.RadioSelect(attrs=CHIPS),
    )
    meeting_kind = forms.ChoiceField(
        label=_("会議の区分"),
        choices=[("", _("地域連携会議ではない")), *MeetingKind.choices],
        required=False,
        help_text=_("方法が「関係者との会議」のとき"),
    )
    has_worries = forms.BooleanField(label=_("気がかりがある"), required=False)
    wants_more = forms.BooleanField(label=_("本人がもっと会いたい"), required=False)
    has_employer_concern = forms.BooleanField(label=_("職場から心配の声がある"), required=False)
    notes = forms.CharField(
        label=_("話したこと"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    agreed = forms.CharField(
        label=_("決めたこと"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
    )
    offered_instead = forms.CharField(
        label=_("代わりに提案したこと"),
        required=False,
        max_length=200,
        help_text=_("何も提案しなかったときは「なし」と書いてください。"),
        # Out of sight while it is empty and not asked for (forms.css).
        widget=forms.TextInput(attrs={"placeholder": " "}),
    )
    next_on = DateField(
        label=_("次回の予定日"), required=False, help_text=_("本人と決めた日。例：12/10")
    )
    spoke_with = forms.MultipleChoiceField(
        label=_("話した相手（本人のほか）"),
        choices=Partner.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
    )
    workplace_talk = forms.ChoiceField(
        label=_("職場との連絡（職場連絡禁止の方）"),
        choices=WorkplaceTalk.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    workplace_reason = forms.CharField(
        label=_("職場に連絡したわけ"), required=False, max_length=200
    )
    phrases_notes = PhraseField()
    phrases_agreed = PhraseField()
    phrases_offered_instead = PhraseField()

    def __init__(
        self,
        *args: Any,
        staff: Sequence[Membership],
        on: date,
        month: Month | None = None,
        is_draft: bool = False,
        goals: Iterable[SupportPlanGoal] = (),
        near: date | None = None,
        is_closed: bool = False,
        last: Interview | None = None,
        phrases: Iterable[Phrase] = (),
        **kwargs: Any,
    ) -> None:
        """`month`: one that is over, for which the contact is asked.

        `near`: the day that a date without its year is nearest to; today where nothing is said.

        `is_closed`: the workplace must not be contacted. `last`: the talk before, for comparison.
        """
        super().__init__(*args, **kwargs)
        self.is_closed = is_closed
        if not is_closed:
            for name in OF_CLOSED:
                del self.fields[name]
        self._offer(phrases)
        self._compare(last)
        self.goals = {goal_field(goal): goal for goal in goals}
        for name, goal in self.goals.items():
            self.fields[name] = forms.ChoiceField(
                label=goal.goal,
                choices=GoalRating.Rating.choices,
                required=False,
                widget=forms.RadioSelect(attrs=CHIPS),
            )
        near_today(self, near or on)
        self.on = on
        if month is not None:
            self._ask_of(month)
        for name, when in ASKED_WHEN.items():
            if name in self.fields:
                self.fields[name].asked_when = when  # type: ignore[attr-defined]
        self.is_draft = is_draft
        workers = [m for m in staff if m.has_role(Role.SUPPORT_WORKER)]
        others = [m for m in staff if not m.has_role(Role.SUPPORT_WORKER)]
        self.members = {str(member.public_id): member for member in (*workers, *others)}
        # Where nobody is proposed, nobody stands there: the first of the list is no answer.
        nobody = [] if self["met_by"].value() else [("", _("選んでください"))]
        self.fields["met_by"].choices = [  # type: ignore[attr-defined]
            *nobody,
            *(
                (
                    key,
                    member.user.name if member in workers else f"{member.user.name}（支援員以外）",
                )
                for key, member in self.members.items()
            ),
        ]

    def _ask_of(self, month: Month) -> None:
        """A day without its year lies near the month; today and yesterday are not offered."""
        field = self.fields["held_on"]
        assert isinstance(field, DateField)  # noqa: S101  (declared above)
        field.near, field.offers = month.last_day, ()
        field.help_text = _("%(month)sの面談の日を入れてください。") % {"month": month.label}

    def _offer(self, phrases: Iterable[Phrase]) -> None:
        """Each phrase under the field that it belongs to; no field where there is none."""
        self.phrases = {str(row.public_id): row for row in phrases}
        for field in Phrase.Field:
            name = f"{PHRASES}{field.value}"
            own = [(key, row.text) for key, row in self.phrases.items() if row.field == field]
            if own:
                self.fields[name].choices = own  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def _compare(self, last: Interview | None) -> None:
        """Last time's view stands under the question, the person's own beside it."""
        for name in ("work_rating", "life_rating"):
            if last is None or not getattr(last, name):
                continue
            text = _("最後の面談：%(said)s") % {"said": getattr(last, f"get_{name}_display")()}
            own = getattr(last, f"get_own_{name}_display")()
            if own:
                text += _("（本人 %(own)s）") % {"own": own}
            self.fields[name].help_text = text

    def rows(self) -> list[list[BoundField]]:
        """The fields in sight, in their order; those that belong together in one row.

        Goals are drawn apart (`goal_fields`).
        """
        beside = {name: group for group in TOGETHER for name in group}
        found: dict[tuple[str, ...], list[BoundField]] = {}
        for field in self.visible_fields():
            if field.name not in FOLDED and field.name not in self.goals:
                found.setdefault(beside.get(field.name, (field.name,)), []).append(field)
        return list(found.values())

    def helps(self) -> tuple[str, ...]:
        """The names of the fields in sight that are unfolded one by one."""
        return HELPS

    def folded(self) -> list[BoundField]:
        """The fields that are asked for rarely."""
        return [self[name] for name in FOLDED]

    def is_unfolded(self) -> bool:
        """Whether a folded field holds something or came back with an error."""
        return any(field.value() or field.errors for field in self.folded())

    def full_clean(self) -> None:
        """A draft is kept as it is, right or wrong: nothing is asked of it."""
        if self.is_draft:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def clean_held_on(self) -> date:
        """Not ahead: told together with what else is wrong."""
        held_on: date = self.cleaned_data["held_on"]
        if held_on > self.on:
            raise forms.ValidationError(_("まだ来ていない日付です。"))
        return held_on

    def clean_met_by(self) -> Membership:
        """The chosen member of staff."""
        return self.members[self.cleaned_data["met_by"]]

    def clean(self) -> dict[str, Any]:
        """Ratings when the person was met; an offer instead when they did not wish to."""
        data = super().clean() or {}
        if data.get("outcome") == ContactOutcome.MET:
            for name in ("work_rating", "life_rating"):
                if not data.get(name):
                    self.add_error(name, _("会えたときは選んでください。"))
            if data.get("way") == ContactWay.EMPLOYER_VISIT:
                self.add_error("way", _("本人に会えたときは、会った方法を選んでください。"))
        if data.get("meeting_kind") and data.get("way") != ContactWay.CONFERENCE:
            message = _("会議の区分は、方法が「関係者との会議」のときだけ選びます。")
            self.add_error("meeting_kind", message)
        if data.get("meeting_kind") and not data.get("participants"):
            message = _("地域連携会議は、出た人を入れてください。例：職場の上司、相談支援専門員")
            self.add_error("participants", message)
        held_on, next_on = data.get("held_on"), data.get("next_on")
        if held_on and next_on and next_on <= held_on:
            self.add_error("next_on", _("次回は、この日より後の日付にしてください。"))
        if data.get("outcome") == ContactOutcome.REFUSED and not data.get("offered_instead"):
            chosen = data.get(f"{PHRASES}{Phrase.Field.OFFERED}")
            if not chosen:
                message = _("希望しなかったときは、代わりに提案したことを書いてください。")
                self.add_error("offered_instead", message)
        self._ask_with_whom(data)
        for field in Phrase.Field:
            self._put_in(data, field.value)
        ratings = {goal: data.pop(name, "") for name, goal in self.goals.items()}
        data["goal_ratings"] = {goal: rating for goal, rating in ratings.items() if rating}
        return data

    def _ask_with_whom(self, data: dict[str, Any]) -> None:
        """Of a talk with others, with whom is the main thing; a visit to the workplace says it itself.

        Where the workplace must not be contacted, the action asks, in words that say so.
        """
        is_told = (
            data.get("spoke_with")
            or data.get("participants")
            or data.get("way") == ContactWay.EMPLOYER_VISIT
        )
        if data.get("outcome") != ContactOutcome.OTHERS or is_told or self.is_closed:
            return
        if "spoke_with" not in self.errors:
            message = _("関係者と話したときは、だれと話したかを選んでください。")
            self.add_error("spoke_with", message)

    def _put_in(self, data: dict[str, Any], name: str) -> None:
        """What was ticked instead of put in by script comes behind what was typed."""
        chosen = data.pop(f"{PHRASES}{name}", [])
        text = "\n".join([data.get(name, "").rstrip(), *(self.phrases[key].text for key in chosen)])
        if not chosen or name in self.errors:
            return
        if isinstance(self.fields[name].widget, forms.Textarea):
            text = text.strip()
        else:
            text = text.strip().replace("\n", "、")
        most = self.fields[name].max_length  # type: ignore[attr-defined]
        if len(text) > most:
            message = _("定型文を入れると%(most)d字をこえます。短くしてください。")
            self.add_error(name, message % {"most": most})
        data[name] = text

    @property
    def goal_fields(self) -> list[forms.BoundField]:
        """How each goal goes: drawn apart, so that the form stays short."""
        return [self[name] for name in self.goals]

    @property
    def has_goals_told(self) -> bool:
        """Whether a goal was rated: then they stand open."""
        return any(field.value() or field.errors for field in self.goal_fields)


def near_today(form: forms.Form, on: date) -> None:
    """Contacts are written within weeks: 11/20 is the day nearest to today."""
    for field in form.fields.values():
        if isinstance(field, DateField):
            field.near = on


class CorrectionForm(InterviewForm):
    """A correction: the same questions and why."""

    # Asked first: who corrects knows why, and the rest is mostly left as it is.
    field_order = ("correction_reason", *ORDER)

    correction_reason = forms.CharField(label=_("訂正の理由"), max_length=200)


def goal_field(goal: SupportPlanGoal) -> str:
    """The name of a goal's question; drafts keep answers by it."""
    return f"{GOAL}{goal.public_id}"
