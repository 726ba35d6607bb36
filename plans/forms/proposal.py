"""区への提案: one form for each kind of proposal, and the words of the talk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.forms.certificate import KnownConsequences
from plans.models import Proposal, ProposalStep
from teikyaku.accounts.models import Municipality
from teikyaku.fields import DateField


def _words(label: Any, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=2000, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class RenewalForm(forms.Form):
    """支給決定の更新: from when to when, as far as the office can say."""

    starts_on = DateField(label=_("新しい期間の最初の日"))
    ends_on = DateField(label=_("新しい期間の最後の日"), required=False)
    text = _words(_("区に伝えること"), required=False)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first one."""
        return _in_order(self, super().clean() or {})


class ChangeForm(RenewalForm):
    """期間・支給量の変更: what it should be, and why."""

    starts_on = DateField(label=_("変更の日"))
    ends_on = DateField(
        label=_("期間の最後の日"), required=False, help_text=_("期間を変えるときだけ")
    )
    value = forms.CharField(
        label=_("支給量"), required=False, max_length=40, help_text=_("支給量を変えるときだけ")
    )
    text = _words(_("理由"), help_text=_("区の職員が読みます。"))

    def clean(self) -> dict[str, Any]:
        """At least one of the two changes."""
        data = super().clean()
        if not data.get("ends_on") and not data.get("value") and "ends_on" not in self.errors:
            self.add_error("ends_on", _("期間か支給量の、どちらかを入れてください。"))
        return data


class EndForm(forms.Form):
    """支給決定の終了."""

    ends_on = DateField(label=_("支給決定の最後の日"))
    text = _words(_("理由"), help_text=_("区の職員が読みます。"))


class AddressForm(forms.Form):
    """住所の変更."""

    starts_on = DateField(label=_("新しい住所に住み始めた日"))
    municipality = forms.ModelChoiceField(
        label=_("転居先の市区町村"),
        queryset=Municipality.objects.paying(),
        empty_label=_("選んでください"),
    )
    value = forms.CharField(label=_("新しい住所"), max_length=160)
    text = _words(_("区に伝えること"), required=False)


class JobForm(forms.Form):
    """就職先の変更: the former job's end and the new job in one."""

    ends_on = DateField(
        label=_("前の就職先の最後の日"), help_text=_("最後に在籍していた日"), required=False
    )
    changes_to_improve = forms.TypedChoiceField(
        label=_("労働条件をよくするための転職ですか"),
        choices=[("", _("まだ分からない")), ("yes", _("はい")), ("no", _("いいえ"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
    starts_on = DateField(label=_("新しい就職先の最初の日"))
    value = forms.CharField(label=_("新しい就職先の名前"), max_length=120)
    must_not_contact = forms.BooleanField(
        label=_("新しい職場に連絡しない（クローズ就労など）"),
        required=False,
        help_text=_("区の画面でも、職場の名前の横に必ず表示します。"),
    )
    text = _words(_("区に伝えること"), required=False)

    def __init__(self, *args: Any, has_job: bool = False, **kwargs: Any) -> None:
        """`has_job`: a job runs, so its last day is asked for."""
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = has_job

    def clean(self) -> dict[str, Any]:
        """The former job ends before the new one begins."""
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends >= starts:
            self.add_error("starts_on", _("前の就職先の最後の日より後の日付にしてください。"))
        return data


FORMS: dict[str, type[forms.Form]] = {
    Proposal.Kind.RENEWAL: RenewalForm,
    Proposal.Kind.CHANGE: ChangeForm,
    Proposal.Kind.END: EndForm,
    Proposal.Kind.ADDRESS: AddressForm,
    Proposal.Kind.JOB: JobForm,
}


class WordsForm(forms.Form):
    """An answer, a question, a word to take it back with."""

    text = _words("")

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class AcceptForm(forms.Form):
    """受け入れる, with a word where one is wanted."""

    text = _words(_("事業所に伝えること"), required=False)


class AcceptEndForm(KnownConsequences):
    """受け入れる of an end: what else ends with it, or was closed already, is told before it is done."""

    text = _words(_("事業所に伝えること"), required=False)

    def clean(self) -> dict[str, Any]:
        """Asked about with every answer: what follows may have come after the page was opened."""
        data = super().clean() or {}
        self.ask_if_known(data)
        data.pop("is_known", None)
        return data


class RefuseForm(forms.Form):
    """受け入れない: a reason of a kind, in words, and what comes next."""

    reason = forms.ChoiceField(
        label=_("理由の種類"), choices=ProposalStep.Reason.choices, widget=forms.RadioSelect
    )
    text = _words(_("理由"), help_text=_("事業所の職員が読みます。"))
    next_step = forms.CharField(
        label=_("次にすること"), max_length=400, help_text=_("だれが、いつ、何をするか。")
    )


def _in_order(form: forms.Form, data: dict[str, Any]) -> dict[str, Any]:
    starts, ends = data.get("starts_on"), data.get("ends_on")
    if starts and ends and ends < starts:
        form.add_error("ends_on", _("最初の日より後の日付にしてください。"))
    return data
