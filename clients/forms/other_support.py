"""他の支援: registration with a centre, a job coach's support, its phases and its months of subsidy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.enums import SupportKind
from clients.models import Organisation, OtherSupport
from clients.rules.job_coach import length_of
from clients.rules.kinds import SupportPhase
from teikyaku.fields import DateField
from teikyaku.model_forms import FactForm, formfield
from teikyaku.periods import Month

# What follows from the cleaned values, in sentences.
Tell = Callable[[dict[str, Any]], Sequence[str]]
TICK = ("is_known", "known_of")
PLACES = {
    SupportKind.CENTRE.value: Organisation.Kind.CENTRE,
    SupportKind.JOB_COACH.value: Organisation.Kind.JOB_COACH,
    SupportKind.INDEPENDENT_LIVING.value: Organisation.Kind.OFFICE,
}
NOT_LISTED = _("一覧にないときは、サービス管理責任者か管理者に、関係機関への登録を頼んでください。")


class AskedFirst(forms.Form):
    """What is unusual, or what bars months, is said and ticked before it is stored; never refused.

    A tick counts for the sentences that its sender was shown: other ones are asked anew.
    """

    is_known = forms.BooleanField(label=_("次のことを確かめました"), required=False)
    known_of = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tell: Tell, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tell = tell
        if not self.is_bound:
            for name in TICK:
                del self.fields[name]
        # The last question, wherever it was declared.
        self.order_fields([*(name for name in self.fields if name not in TICK), *TICK])

    def clean(self) -> dict[str, Any]:
        """Ask where there is something to know, with everything that was typed."""
        data = super().clean() or {}
        words = () if self.errors else tuple(self.tell(data))
        if not words:
            for name in TICK:
                self.fields.pop(name, None)
            return data
        mark = sha256("\n".join(words).encode()).hexdigest()
        is_known = bool(data.get("is_known")) and data.get("known_of") == mark
        if not is_known:
            data_sent: Any = self.data
            sent = data_sent.copy()
            sent[self.add_prefix("known_of")] = mark
            sent.pop(self.add_prefix("is_known"), None)
            self.data = sent
            self.add_error("is_known", _t("下のことを確かめて、よければ印を入れてください。"))
        items = format_html_join("", "<li>{}</li>", ((each,) for each in words))
        self["is_known"].help_text = format_html('<ul class="list">{}</ul>', items)
        return data


class SupportForm(AskedFirst, FactForm):
    """センターへの登録, or another service with its days."""

    class Meta:
        model = OtherSupport
        fields = ["organisation", "starts_on", "ends_on", "end_note"]
        formfield_callback = formfield

    def __init__(self, *args: Any, kind: str, on: date, **kwargs: Any) -> None:
        """`kind` of the support; `on`: the day of a support that still lasts is measured by."""
        super().__init__(*args, **kwargs)
        self.kind, self.on = kind, on
        places: Any = self.fields["organisation"]
        listed = Organisation.objects.filter(kind=PLACES[kind])
        if self.instance.pk is not None:
            listed |= Organisation.objects.filter(pk=self.instance.organisation_id)
        places.queryset = listed.order_by("name")
        places.help_text = NOT_LISTED

    def values(self) -> dict[str, Any]:
        """The support's own values as cleaned."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class CentreForm(SupportForm):
    """センターへの登録."""

    class Meta(SupportForm.Meta):
        labels = {
            "organisation": _("センター"), "starts_on": _("登録した日"),
            "ends_on": _("登録を終えた日"),
        }  # fmt: skip


class ServiceForm(SupportForm):
    """自立生活援助: while it is granted, this service cannot be billed."""

    class Meta(SupportForm.Meta):
        labels = {
            "organisation": _("事業所"), "starts_on": _("支給決定の開始日"),
            "ends_on": _("支給決定の終了日"),
        }  # fmt: skip


class JobCoachForm(SupportForm):
    """ジョブコーチの支援 with its three phases."""

    class Meta(SupportForm.Meta):
        fields = [
            "organisation",
            "starts_on",
            "transition_on",
            "follow_up_on",
            "ends_on",
            "end_note",
        ]
        labels = {
            "organisation": _("ジョブコーチの機関"), "starts_on": _("開始日（集中支援の初日）"),
        }  # fmt: skip
        help_texts = {
            "transition_on": _("まだのときは空けておきます。前の段階は、この日の前日までになります。"),
            "follow_up_on": _("まだのときは空けておきます。"),
        }  # fmt: skip


FORMS: dict[str, type[SupportForm]] = {
    SupportKind.CENTRE.value: CentreForm,
    SupportKind.JOB_COACH.value: JobCoachForm,
    SupportKind.INDEPENDENT_LIVING.value: ServiceForm,
}


def length_words(data: dict[str, Any], on: date) -> tuple[str, ...]:
    """Shorter than a month or longer than eight is asked about (docs/rules.md §1 G); else nothing."""
    starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
    if starts_on is None or (ends_on is not None and ends_on < starts_on):
        return ()
    found = length_of(starts_on, ends_on, on)
    return (found.remark.text,) if found.is_outside and found.remark else ()


END = "end"


class StepForm(AskedFirst):
    """次の段階 of a support, or its end."""

    step = forms.ChoiceField(label=_("何がありましたか"), widget=forms.RadioSelect)
    on = DateField(label=_("日付"), help_text=_("段階はその初日、終わりはその最後の日。"))
    note = forms.CharField(
        label=_("終わり方"), required=False, max_length=200,
        help_text=_("終わったとき。例：一人で仕事の段取りができるようになった。"),
    )  # fmt: skip

    def __init__(self, *args: Any, support: OtherSupport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["step"]
        choices.choices = steps_left(support)


def steps_left(support: OtherSupport) -> list[tuple[str, Any]]:
    """What can still happen to a support, in order; nothing where it has ended."""
    if support.ends_on is not None:
        return []
    end = (END, _("終わった"))
    if support.kind != SupportKind.JOB_COACH:
        return [end]
    phases = []
    if support.transition_on is None and support.follow_up_on is None:
        phases.append((SupportPhase.TRANSITION.value, _("移行支援に進んだ")))
    if support.follow_up_on is None:
        phases.append((SupportPhase.FOLLOW_UP.value, _("フォローアップに進んだ")))
    return [*phases, end]


class SubsidyForm(AskedFirst):
    """訪問型ジョブコーチの助成を請求する月, one tick a month."""

    months = forms.MultipleChoiceField(
        label=_("助成を請求する月"), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
        help_text=_("印を外すと、その月は請求できるようになります。"),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Sequence[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months: Any = self.fields["months"]
        months.choices = [(str(month), month.label) for month in offered]

    @property
    def chosen(self) -> tuple[Month, ...]:
        """The months that were ticked, in order."""
        return tuple(sorted(Month.parse(text) for text in self.cleaned_data["months"]))


class SupportWithdrawForm(AskedFirst):
    """取消し of a support that never was."""

    reason = forms.CharField(
        label=_("取消しの理由"), max_length=100, help_text=_("例：別の人の記録と取り違えた。")
    )
