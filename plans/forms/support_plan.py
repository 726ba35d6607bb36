"""個別支援計画, step by step: one small form for each."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from clients.models import RelatedPerson
from plans.forms.plan_goals import GoalsForm
from plans.models import SupportPlan
from plans.rules.support_plan import ASSESSED, needs_guardian, says_who_does_what
from teikyaku.fields import AHEAD, NEAR, DateField
from teikyaku.model_forms import formfield

ROWS = {"wishes": 4, "support": 3}
LONG = (*ASSESSED, "support", "meeting_notes")


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """Base: the fields of one step. `seen` is the version of the plan that the page shows."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    needed: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    """Of these each lies on or after the one before."""
    is_review_moved = False
    """The first day was changed and the review day was not: that one is counted anew."""
    is_of_today = True
    """The step is recorded when it is done; else its days may lie years back."""

    class Meta:
        model = SupportPlan
        fields: tuple[str, ...] = ()
        formfield_callback = formfield

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.needed:
            self.fields[name].required = True
        for name in LONG:
            if name in self.fields:
                self.fields[name].widget = forms.Textarea(attrs={"rows": ROWS.get(name, 2)})
        self.fields["seen"].initial = self.instance.version if self.instance.pk else None
        self._tell_days()

    def _tell_days(self) -> None:
        """Where the days of a step lie; when a plan begins or is reviewed is no day of the past."""
        for name, field in self.fields.items():
            if self.is_of_today and isinstance(field, DateField):
                is_due = name == "review_by" or name.endswith("target_on")
                field.around = AHEAD if is_due else NEAR
                field.offers = () if is_due or name == "starts_on" else None

    def clean(self) -> dict[str, Any]:
        """Days in the order of the steps, and the last day again where only the first was moved."""
        data = super().clean() or {}
        for first, last in pairwise(name for name in self.days if data.get(name)):
            # A day that was refused is no longer there to be compared with.
            if first in data and last in data and data[last] < data[first]:
                label = self.fields[first].label
                self.add_error(
                    last, _("「%(step)s」より前の日付になっています。") % {"step": label}
                )
        shown = self.get_initial_for_field(self.fields["review_by"], "review_by") if (
            "review_by" in self.fields) else None  # fmt: skip
        if (
            shown is not None
            and data.get("review_by") == shown
            and "starts_on" in self.changed_data
        ):
            self.is_review_moved = True
            data["review_by"] = None  # nobody chose it: counted anew from the new first day
        return data

    def show_latest(self, plan: SupportPlan) -> None:
        """Sent again after both were read, the page writes over."""
        sent: Any = self.data
        self.data = sent.copy()
        self.data[self.add_prefix("seen")] = str(plan.version)  # type: ignore[index]

    def _post_clean(self) -> None:
        """The action validates the whole row."""


class AssessmentForm(PlanForm):
    """アセスメント: the person's own words first."""

    needed = ("wishes",)

    class Meta(PlanForm.Meta):
        fields = ("assessed_on", *ASSESSED)
        help_texts = {
            "wishes": _l("「こう働きたい」「こう暮らしたい」を、本人が言ったとおりに"),
            "work": _l("仕事の内容、職場の人、時間、通勤"),
            "living": _l("住まい、生活リズム、お金、休日"),
            "around": _l("家族、友人、医療、センターなど"),
        }


class DraftForm(GoalsForm, PlanForm):
    """原案: the policy, the period, the goals."""

    needed = ("drafted_on", "starts_on")

    class Meta(PlanForm.Meta):
        fields = ("drafted_on", "support", "starts_on", "review_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_by"].required = False
        self._tell_days()


class MeetingForm(PlanForm):
    """会議 with the person."""

    needed = ("meeting_on", "participants")

    class Meta(PlanForm.Meta):
        fields = ("meeting_on", "participants", "meeting_notes")
        help_texts = {"participants": _l("例：本人、サービス管理責任者、支援員、職場の上司")}


class SignedForm(PlanForm):
    """Who signed: the person, or somebody on file who may sign."""

    def __init__(self, *args: Any, able: Iterable[RelatedPerson] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.able = list(able)
        field: Any = self.fields["representative"]
        field.queryset = RelatedPerson.objects.filter(pk__in=[row.pk for row in self.able])
        field.required = False
        field.empty_label = _("選んでください")
        field.label_from_instance = lambda row: f"{row.name}（{row.get_kind_display()}）"
        signer: Any = self.fields["signer"]
        signer.widget = forms.RadioSelect()
        signer.choices = SupportPlan.Signer.choices
        if not self.able:
            signer.choices = [SupportPlan.Signer.choices[0]]
            del self.fields["representative"]
        if not self.has_guardian:
            self.fields.pop("guardian_note", None)

    @property
    def has_guardian(self) -> bool:
        """A 成年後見人 is on file: the signature is expected."""
        return needs_guardian(tuple(row.kind for row in self.able))


class ConsentForm(SignedForm):
    """説明と同意."""

    needed = ("explained_on", "consented_on", "signer", "starts_on")
    days = ("explained_on", "consented_on")
    may_go_to_consultation = forms.BooleanField(
        label=_l("この計画を相談支援事業所に渡すことにも、本人が同意した"), required=False
    )

    class Meta(PlanForm.Meta):
        fields = (
            "explained_on", "consented_on", "signer", "representative", "guardian_note",
            "starts_on", "review_by",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_by"].required = False


class HandoverForm(PlanForm):
    """本人に交付."""

    needed = ("handed_over_on",)

    class Meta(PlanForm.Meta):
        fields = ("handed_over_on",)


class ConsultationForm(PlanForm):
    """相談支援に交付, or why not."""

    needed = ("consultation", "consultation_on")

    class Meta(PlanForm.Meta):
        fields = ("consultation", "consultation_on", "consultation_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["consultation"]
        field.widget = forms.RadioSelect()
        field.choices = SupportPlan.Consultation.choices


class StopForm(PlanForm):
    """取りやめ."""

    needed = ("stopped_on", "stop_reason")

    class Meta(PlanForm.Meta):
        fields = ("stopped_on", "stop_reason")


class WholeForm(GoalsForm, SignedForm):
    """A plan with everything at once."""

    is_of_today = False

    days = (
        "assessed_on", "drafted_on", "meeting_on", "explained_on", "consented_on", "handed_over_on",
    )  # fmt: skip

    class Meta(PlanForm.Meta):
        fields = (
            *ASSESSED, "support", "assessed_on", "drafted_on", "meeting_on", "participants",
            "explained_on", "consented_on", "signer", "representative", "guardian_note",
            "handed_over_on", "starts_on", "review_by",
        )  # fmt: skip


class PaperPlanForm(WholeForm):
    """紙でつくった計画: every step is over."""

    needed = (
        "wishes", "assessed_on", "drafted_on", "meeting_on", "explained_on", "consented_on",
        "signer", "handed_over_on", "starts_on",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """At least one goal."""
        data = super().clean()
        if not any(data.get(f"goal_{number}_goal") for number in range(1, self.count + 1)):
            self.add_error("goal_1_goal", _("目標を、少なくとも1つ書いてください。"))
        # A paper that was signed may say it in its policy instead.
        told = [data.get(f"goal_{number}_staff_does") or "" for number in range(1, self.count + 1)]
        if not says_who_does_what([*told, data.get("support") or ""]):
            message = _("支援者がすることを、少なくとも1つの目標か、支援の方針に書いてください。")
            self.add_error("goal_1_staff_does", message)
        return data


class SupportPlanCorrectionForm(WholeForm):
    """個別支援計画の訂正, and why. A day that is taken away reopens its step."""

    needed = ("wishes", "assessed_on")
    reason = forms.CharField(
        label=_l("訂正の理由"), max_length=100, help_text=_l("元の値は履歴に残ります。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signer"].required = False

    def changes(self) -> dict[str, Any]:
        """What should have been written."""
        names = set(self._meta.fields or ()) & set(self.fields)
        return {name: self.cleaned_data[name] for name in names}
