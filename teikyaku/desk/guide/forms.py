"""What the two public questions ask: plain words, and "I do not know" is always an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.enums import ServiceKind
from clients.rules.cap import tax_year_for
from clients.rules.estimate import MONTHS_OF_A_YEAR
from teikyaku.desk.guide.groups import GroupedForm, Groups
from teikyaku.desk.guide.where import ELSEWHERE
from teikyaku.era import fiscal_year_label, year_label
from teikyaku.fields import DateField, YenField
from teikyaku.periods import Month

UNKNOWN = ("", gettext_lazy("わからない"))
YES_NO = [("yes", gettext_lazy("はい")), ("no", gettext_lazy("いいえ")), UNKNOWN]
NONE_OF_THEM = "none"
PLACES = [
    ("新潟市", gettext_lazy("新潟市")),
    ("五泉市", gettext_lazy("五泉市")),
    ("阿賀野市", gettext_lazy("阿賀野市")),
    ("阿賀町", gettext_lazy("阿賀町")),
    (ELSEWHERE, gettext_lazy("そのほか")),
    UNKNOWN,
]


def _yes_no(label: Any, **extra: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, coerce=lambda value: value == "yes", empty_value=None,
        required=False, initial="", widget=forms.RadioSelect(attrs={"class": "chips"}), **extra,
    )  # fmt: skip


class UseForm(GroupedForm):
    """使えるか、いつから: what decides about the service."""

    GROUPS: ClassVar[Groups] = (
        (
            "",
            (
                "services", "employed_on", "is_continued_a", "has_difficulties", "lives_in",
                "works_in_niigata", "wants_to_work_in_niigata",
            ),
        ),
        (
            gettext_lazy("仕事をやめた人、やめる予定の人、仕事が変わった人"),
            (
                "ended_on", "is_left_to_improve", "next_on", "before_on", "before_ended_on",
                "is_before_left_to_improve", "is_service_between_jobs",
            ),
        ),
        (
            gettext_lazy("就職する前のサービスを、いつ使ったかわかる人"),
            ("service_from", "service_until"),
        ),
        (
            gettext_lazy("就職してからも、サービスを使っている人、使った人"),
            ("is_support_during", "support_ended_on"),
        ),
    )  # fmt: skip

    ON_PAPER: ClassVar[Mapping[str, Any]] = {
        "services": gettext_lazy("就職する前に使っていたもの"),
        "is_continued_a": gettext_lazy("いまの仕事はA型の事業所"),
        "has_difficulties": gettext_lazy("仕事や生活で困っていること"),
        "works_in_niigata": gettext_lazy("新潟市の中で働いている"),
        "wants_to_work_in_niigata": gettext_lazy("新潟市の中で働きたい"),
        "ended_on": gettext_lazy("いまの仕事の最後の日"),
        "is_left_to_improve": gettext_lazy("いまの仕事をやめるのは、条件をよくするため"),
        "next_on": gettext_lazy("次の仕事を始める日"),
        "before_on": gettext_lazy("前の仕事を始めた日"),
        "is_before_left_to_improve": gettext_lazy("前の仕事をやめたのは、条件をよくするため"),
        "is_service_between_jobs": gettext_lazy("前の仕事の後、次の仕事の前のサービス"),
        "service_from": gettext_lazy("サービスを使い始めた日"),
        "service_until": gettext_lazy("サービスを使い終わった日"),
        "is_support_during": gettext_lazy("仕事に戻る・時間をのばすためのサービス"),
        "support_ended_on": gettext_lazy("そのサービスが終わる日"),
    }

    services = forms.MultipleChoiceField(
        label=gettext_lazy("就職する前に使っていたもの（あてはまるものすべて）"),
        choices=[*ServiceKind.choices, (NONE_OF_THEM, gettext_lazy("どれも使っていない"))],
        required=False,
        help_text=gettext_lazy("わからないときは、選ばずに進んでください。"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
    )
    employed_on = DateField(
        label=gettext_lazy("いまの仕事を始めた日"),
        required=False,
        help_text=gettext_lazy("これからの人は予定の日。例：2026-04-01、令和8年4月1日"),
    )
    ended_on = DateField(
        label=gettext_lazy("いまの仕事をやめた人、やめる予定の人は、最後の日"),
        required=False,
        help_text=gettext_lazy("これからも続ける人は、書かなくてよいです。"),
    )
    is_left_to_improve = _yes_no(
        gettext_lazy(
            "いまの仕事をやめた（やめる）のは、給料や時間など、働く条件をよくするためですか"
        )
    )
    next_on = DateField(
        label=gettext_lazy("次の仕事が決まっている人は、始める日"), required=False, help_text=""
    )
    before_on = DateField(
        label=gettext_lazy("仕事が変わった人は、前の仕事を始めた日"),
        required=False,
        help_text=gettext_lazy("一度も変わっていない人は、書かなくてよいです。"),
    )
    before_ended_on = DateField(
        label=gettext_lazy("前の仕事の最後の日"), required=False, help_text=""
    )
    is_before_left_to_improve = _yes_no(
        gettext_lazy("前の仕事をやめたのは、給料や時間など、働く条件をよくするためですか")
    )
    is_service_between_jobs = _yes_no(
        gettext_lazy("前の仕事をやめた後、次の仕事を始める前に、サービスを使いましたか"),
        help_text=gettext_lazy("一度も変わっていない人は、選ばなくてよいです。"),
    )
    service_from = DateField(
        label=gettext_lazy("使い始めた日"),
        required=False,
        help_text=gettext_lazy("いくつか使った人は、就職の前に使った最後のものを書いてください。"),
    )
    service_until = DateField(label=gettext_lazy("使い終わった日"), required=False, help_text="")
    is_support_during = _yes_no(
        gettext_lazy(
            "休んでいた仕事に戻るため、または働く時間をのばすために、"
            "働きながらサービスを使っていますか（使いましたか）"
        ),
    )
    support_ended_on = DateField(
        label=gettext_lazy("その利用が終わった日（終わる予定の日）"),
        required=False,
        help_text=gettext_lazy("まだ決まっていない人は、書かなくてよいです。"),
    )
    is_continued_a = _yes_no(gettext_lazy("いまの仕事は、就労継続支援A型の事業所ですか"))
    has_difficulties = _yes_no(gettext_lazy("就職してから、仕事や生活で困っていることがありますか"))
    lives_in = forms.ChoiceField(
        label=gettext_lazy("住んでいるところ"),
        choices=PLACES, required=False, initial="",
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )  # fmt: skip
    works_in_niigata = _yes_no(gettext_lazy("新潟市の中で働いていますか"))
    wants_to_work_in_niigata = _yes_no(
        gettext_lazy("新潟市の中で働きたいですか"),
        help_text=gettext_lazy("新潟市の中で働いている人は、選ばなくてよいです。"),
    )

    def clean_services(self) -> list[str] | None:
        """The kinds used; an empty list for "none of them", None where nothing was chosen."""
        chosen = self.cleaned_data["services"]
        if NONE_OF_THEM in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("「どれも使っていない」は、ほかと一緒に選べません。"))
        return [each for each in chosen if each != NONE_OF_THEM] if chosen else None

    def clean(self) -> dict[str, Any] | None:
        """A job does not end before it begins; the one before it was over by then."""
        data = super().clean() or {}
        self._check_period("employed_on", "ended_on")
        self._check_period("before_on", "before_ended_on")
        self._check_period("service_from", "service_until")
        begun = data.get("employed_on")
        self._need("before_ended_on", _("前の仕事の最後の日も書いてください。"), "before_on")
        self._need("employed_on", _("いまの仕事を始めた日も書いてください。"), "before_on")
        self._need("ended_on", _("いまの仕事の最後の日も書いてください。"), "next_on")
        self._need(
            "service_until",
            _("使い終わった日も書いてください。わからないときは、どちらも書かなくてよいです。"),
            "service_from",
        )
        ended, following = data.get("ended_on"), data.get("next_on")
        if ended and following and following <= ended:
            self.add_error("next_on", _("いまの仕事の最後の日より後の日を書いてください。"))
        former = data.get("before_ended_on")
        if begun and former and former >= begun:
            self.add_error("before_ended_on", _("いまの仕事を始めた日より前の日を書いてください。"))
        self._check_support(data)
        return data

    def _check_support(self, data: dict[str, Any]) -> None:
        """Support beside a job ended while there was a job."""
        ended = data.get("support_ended_on")
        begun = [day for name in ("before_on", "employed_on") if (day := data.get(name))]
        if ended and data.get("is_support_during") is False:
            self.add_error("support_ended_on", _("「いいえ」のときは、書かなくてよいです。"))
        elif ended and begun and ended < min(begun):
            self.add_error("support_ended_on", _("仕事を始めた日より後の日を書いてください。"))

    def _need(self, name: str, message: str, because_of: str) -> None:
        """Told at `name` where `because_of` was answered and it was not."""
        answers = self.cleaned_data
        if answers.get(because_of) and not answers.get(name) and name not in self.errors:
            self.add_error(name, message)

    def _check_period(self, first: str, last: str) -> None:
        begun, ended = self.cleaned_data.get(first), self.cleaned_data.get(last)
        is_job = first != "service_from"
        if is_job and ended and not begun and first not in self.errors:
            self.add_error(first, _("最後の日を書くときは、始めた日も書いてください。"))
        if begun and ended and ended < begun:
            self.add_error(last, _("最後の日が、始めた日より前です。"))


class CostForm(GroupedForm):
    """いくら払うか: the household, this tax year and the next."""

    GROUPS: ClassVar[Groups] = (
        (
            "",
            (
                "receives_public_assistance", "is_taxed", "last_salary_yen", "next_salary_yen",
                "has_spouse", "is_spouse_taxed", "lives_in_group_home",
            ),
        ),
        (gettext_lazy("区役所で、調整した後の所得割額を聞いた人"), ("adjusted_levy_yen",)),
    )  # fmt: skip

    receives_public_assistance = _yes_no(gettext_lazy("生活保護を受けていますか"))
    is_taxed = _yes_no("")
    last_salary_yen = YenField(required=False)
    next_salary_yen = YenField(required=False)
    has_spouse = _yes_no(gettext_lazy("結婚している相手（夫・妻）がいますか"))
    is_spouse_taxed = _yes_no(
        gettext_lazy("夫・妻は市民税を払っていますか"),
        help_text=gettext_lazy("いない人は、選ばなくてよいです。"),
    )
    lives_in_group_home = _yes_no(
        gettext_lazy("グループホームに住んでいますか"),
        help_text=gettext_lazy("20歳以上で施設に入所している人も「はい」です。"),
    )
    adjusted_levy_yen = YenField(required=False)

    def __init__(self, *args: Any, month: Month, **kwargs: Any) -> None:
        """Labels name the years that are meant: those behind the twelve months from `month`."""
        tax_year = tax_year_for(month)
        super().__init__(*args, **kwargs)
        taxed = self.fields["is_taxed"]
        taxed.label = _("%(year)sの市民税を払っていますか") % {"year": fiscal_year_label(tax_year)}
        taxed.help_text = _("給料から引かれている人も「はい」です。")
        self.fields["adjusted_levy_yen"].label = _("%(year)sの、調整した後の世帯の所得割額") % {
            "year": fiscal_year_label(tax_year)
        }
        self.fields["adjusted_levy_yen"].help_text = _(
            "税の通知書に書いてある額とはちがいます。区役所で聞いた人だけ、書いてください。"
        )
        for name, year in (("last_salary_yen", tax_year - 1), ("next_salary_yen", tax_year)):
            words = {"year": year_label(year)}
            self.fields[name].label = _("%(year)s1月から12月までの給料") % words
        self.fields["last_salary_yen"].help_text = _(
            "税金などを引く前の金額です。源泉徴収票の「支払金額」。なければ0。"
        )
        self.fields["next_salary_yen"].help_text = _(
            "まだわからないときは、だいたいの見込みでよいです。"
        )
        if tax_year_for(month + (MONTHS_OF_A_YEAR - 1)) == tax_year:
            del self.fields["next_salary_yen"]  # in July one year's tax decides all twelve
