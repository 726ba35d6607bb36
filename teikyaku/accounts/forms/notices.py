"""お知らせ: which mails one gets, and the secret address of one's calendar."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class MailChoiceForm(forms.Form):
    """Whether the Monday mail comes."""

    wants_digest = forms.BooleanField(
        label=_("毎週月曜に、自分の担当の予定をメールで受け取る"),
        required=False,
        help_text=_(
            "その週に何もないときは届きません。利用者は頭文字だけで、診断や記録の内容は載りません。"
        ),
    )


class FeedForm(forms.Form):
    """Which address the page showed: sent twice, it makes one."""

    replaces = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
