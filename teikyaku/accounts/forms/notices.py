"""お知らせ: which mails one gets, and the secret address of one's calendar."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class MailChoiceForm(forms.Form):
    """Whether the Monday mail and the steps of what ends come."""

    wants_digest = forms.BooleanField(
        label=_("自分の担当の予定（毎週月曜）と、期限が近づいた知らせをメールで受け取る"),
        required=False,
        help_text=_(
            "知らせることがないときは届きません。利用者は頭文字だけで、診断や記録の内容は載りません。"
        ),
    )


class FeedForm(forms.Form):
    """Which address the page showed: sent twice, it makes one."""

    replaces = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
