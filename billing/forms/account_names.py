"""勘定科目の名前: one field for each account, from which month on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from billing.models.account_name import LONGEST_NAME
from billing.rules.journal import Account
from teikyaku.fields import MonthField
from teikyaku.periods import Month


class AccountNamesForm(forms.Form):
    """`usual`: the names of the figures; `own`: those that the office set, as they hold now."""

    first_month = MonthField(
        label=_("使いはじめる月"),
        help_text=_("この月より前の仕訳は、前の名前のままです。"),
    )

    def __init__(
        self, *args: Any, usual: dict[Account, str], own: dict[Account, str], month: Month,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.initial.setdefault("first_month", month.first_day)
        for account in Account:
            self.fields[account.value] = forms.CharField(
                label=account.label, max_length=LONGEST_NAME, required=False,
                initial=own.get(account, ""),
                help_text=_t("空欄なら「%(name)s」です。") % {"name": usual[account]},
                widget=forms.TextInput(attrs={"class": "w-medium", "autocomplete": "off"}),
            )  # fmt: skip

    @property
    def names(self) -> dict[Account, str]:
        """By account what was typed, without spaces around it."""
        return {account: self.cleaned_data[account.value].strip() for account in Account}
