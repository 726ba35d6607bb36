"""支援レポート, its sharing and receipt, and the consent that sharing needs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from clients.enums import ReportItem
from clients.models import Consent
from plans.forms.gaps import no_gap
from plans.models import ReportShare, SupportReport
from teikyaku.era import both
from teikyaku.fields import PAST, DateField

CHIPS = {"class": "chips"}
LONG = 8000
PLAIN_HELP = _(
    "やさしい版の文です。空けておくと、上の文を大きな字にします。"
    "よく使う言葉には読みがつきます。ほかは 佐藤《さとう》 のように書くと、ふりがなになります。"
)


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]
    """支援レポート of a month; after the first version with the reason of the correction."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    correction_reason = forms.CharField(
        label=_("訂正の理由"), max_length=200,
        help_text=_("前の版を渡した相手にも、この言葉で伝わります。"),
    )  # fmt: skip

    class Meta:
        model = SupportReport
        fields = ["goals", "done", "result", "next_steps", "roles", "to_share", "plain"]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in fields}
        help_texts = {
            "to_share": _(
                "職場や家族と分け合いたいこと。渡す相手ごとに、同意した項目だけが渡ります。"
            ),
            "plain": PLAIN_HELP,
        }

    def __init__(self, *args: Any, is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["correction_reason"]
        else:
            self.order_fields(["correction_reason"])
        for item in ReportItem:
            # One name for an item: here, on the paper, and where a note offers to go into it.
            self.fields[item.value].label = item.label
        for name in self.Meta.fields:
            self.fields[name].validators += [MaxLengthValidator(LONG), no_gap]

    def _post_clean(self) -> None:
        """The action validates the whole row."""


class ShareForm(forms.Form):
    """レポートの共有 to the recipient whose preview is shown."""

    recipient_name = forms.CharField(label=_("相手の名称"), max_length=80, required=False)
    shared_on = DateField(label=_("渡した日"), around=PAST)
    way = forms.ChoiceField(
        label=_("方法"), choices=ReportShare.Way.choices, widget=forms.RadioSelect(attrs=CHIPS)
    )
    with_plain = forms.BooleanField(label=_("やさしい版も渡した"), required=False)
    is_received = forms.BooleanField(
        label=_("その場で受け取ったことを確かめた"), required=False,
        help_text=_("あとから「受領を記録」でも残せます。"),
    )  # fmt: skip

    def __init__(
        self, *args: Any, asks_name: bool, has_plain: bool, shown: str | None = None, **kwargs: Any
    ) -> None:
        """`shown`: the name in the paper that the page showed; None where it asks for none."""
        super().__init__(*args, **kwargs)
        self.shown = shown
        if not asks_name:
            del self.fields["recipient_name"]
        if not has_plain:
            del self.fields["with_plain"]

    def ask_last_day(self, died_on: date) -> None:
        """The person has died: only a day until then is recorded, and today is not offered."""
        field = self.fields["shared_on"]
        field.offers = ()  # type: ignore[attr-defined]
        field.help_text = _("%(on)sまでの日付を入れます。") % {"on": both(died_on)}

    @property
    def except_name(self) -> list[forms.BoundField]:
        """What is asked below the paper; the name stands above it."""
        return [field for field in self if field.name != "recipient_name"]

    def clean_recipient_name(self) -> str:
        """What goes on file is what was looked at: another name is shown first."""
        name = str(self.cleaned_data["recipient_name"])
        if self.shown is not None and self.shown != name:
            raise forms.ValidationError(
                _("名称が変わりました。上の「渡すもの」を確かめて、もう一度押してください。")
            )
        return name


class ReceiptForm(forms.Form):
    """受領 of a share."""

    received_on = DateField(label=_("受け取った日"), around=PAST)
    received_how = forms.ChoiceField(
        label=_("確かめ方"), choices=ReportShare.Receipt.choices,
        widget=forms.RadioSelect(attrs=CHIPS),
    )  # fmt: skip
    received_from = forms.CharField(
        label=_("受け取りを確かめた相手"), max_length=80, required=False,
        help_text=_("例：本人、母、職場の担当者"),
    )  # fmt: skip


class ConsentForm(forms.Form):
    """同意 for one recipient and scope."""

    recipient = forms.ChoiceField(
        label=_("相手"), choices=[("", _("選んでください")), *Consent.Recipient.choices]
    )
    recipient_name = forms.CharField(
        label=_("相手の名称"), max_length=80, required=False,
        help_text=_("入れると、その相手だけの同意になります。空けておくと、その種類の相手すべてです。"),
    )  # fmt: skip
    scope = forms.ChoiceField(
        label=_("何を"), choices=[("", _("選んでください")), *Consent.ConsentScope.choices],
        help_text=_(
            "「引き継ぎの情報」は、引き継ぎ書の全体を開きます。計画の目標と、支援レポートのすべての項目も入ります。"
            "レポートの項目や計画を、その相手に別の同意で狭めているときは、狭いほうに従います。"
        ),
    )  # fmt: skip
    items = forms.MultipleChoiceField(
        label=_("支援レポートの、渡してよい項目"), choices=ReportItem.choices, required=False,
        widget=forms.CheckboxSelectMultiple(attrs=CHIPS),
        help_text=_("支援レポートの同意のときだけ選びます。選ばないと、すべての項目です。"),
    )  # fmt: skip
    starts_on = DateField(label=_("同意した日"), around=PAST)
    ends_on = DateField(label=_("同意の最終日"), required=False)

    def clean(self) -> dict[str, Any]:
        """Items belong to the report."""
        data = super().clean() or {}
        if data.get("items") and data.get("scope") != Consent.ConsentScope.REPORT:
            self.add_error("items", _("項目を選べるのは、支援レポートの同意だけです。"))
        return data


class ConsentEndForm(forms.Form):
    """同意の撤回."""

    withdrawn_on = DateField(
        label=_("撤回した日"), around=PAST,
        help_text=_("この日からは何も渡しません。渡した記録は残ります。例：12/10"),
    )  # fmt: skip
    words = forms.CharField(
        label=_("どのように・なぜ"), required=False, max_length=100,
        help_text=_("分かる範囲で、本人の言葉で。例：面談で。職場に病気のことを知られたくない。"),
    )  # fmt: skip
