"""What a screening asks beside the facts on file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.enums import JobRoute

YES_NO = [("", _("まだ分からない")), ("yes", _("はい")), ("no", _("いいえ"))]


def _yes_no(label: Any, **extra: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        **extra,
    )


class ScreeningForm(forms.Form):
    """利用できるかの確認: questions whose answers are not on file. All may stay open."""

    used_service = _yes_no(
        _("就職の前に、対象のサービスを利用しましたか"),
        help_text=_(
            "生活介護・自立訓練・就労移行支援・就労継続支援（A型・B型）。利用があったときは「就職前のサービス」に"
            "記録すると、日付から答えます。"
        ),
    )
    has_difficulties = _yes_no(_("就職してから、生活や仕事の困りごとがありますか"))
    job_route = forms.ChoiceField(
        label=_("就職の経路"),
        choices=[("", _("まだ分からない")), *JobRoute.choices],
        required=False,
        help_text=_("経路だけで利用できなくなることはありません。"),
    )
    works_in_niigata = _yes_no(_("新潟市内で働いていますか"))
    wants_to_work_in_niigata = _yes_no(_("新潟市内で働くことを望んでいますか"))
