"""移行前の人数 of 就労定着率."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import RetentionBefore


class RetentionBeforeForm(forms.Form):
    """How many, how many of them worked, and from which paper it is known."""

    people = forms.IntegerField(
        label=_("ここに登録していない利用者の人数"), min_value=1, max_value=2000,
        help_text=_("数える3つの年度に利用し、ここの「利用者」にいない人だけ。ここにいる人は、別に数えています。"),
    )  # fmt: skip
    employed = forms.IntegerField(
        label=_("そのうち3月31日に働いていた人数"), min_value=0, max_value=2000
    )
    source = forms.CharField(
        label=_("出典（何を見て数えたか）"), max_length=200,
        help_text=_("例：令和8年4月の届出書の別紙、前の台帳。分からない数は入れないでください。"),
    )  # fmt: skip

    def __init__(self, *args: Any, known: RetentionBefore | None = None, **kwargs: Any) -> None:
        """`known`: what is on file and is corrected, with a reason."""
        if known is not None:
            kwargs["initial"] = {
                name: getattr(known, name) for name in ("people", "employed", "source")
            }
        super().__init__(*args, **kwargs)
        if known is not None:
            self.fields["reason"] = forms.CharField(label=_("訂正の理由"), max_length=100)
