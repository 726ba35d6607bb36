"""How many full posts an office has."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teikyaku.fields import NEAR, DateField


class StaffingForm(forms.Form):
    """職員の配置 from a day on."""

    worker_posts = forms.DecimalField(
        label=_("就労定着支援員（常勤換算）"), min_value=0, max_value=999, decimal_places=1,
        max_digits=4,
        help_text=_("例：常勤2人と、週の半分の1人で2.5。"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    starts_on = DateField(label=_("適用開始日"), around=NEAR, offers=())
