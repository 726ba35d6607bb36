"""Made-up values for the page 部品, which shows every component once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator

from teikyaku.desk.sample_pictures import picture_samples
from teikyaku.fields import DateField, DigitsField, YenField
from teikyaku.filter_forms import FilterForm
from teikyaku.reasons import Step
from teikyaku.timeline import TimelineEntry, TimelineKind, Tone


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="氏名", max_length=40)
    number = DigitsField(
        label="受給者証番号", length=10, help_text="10桁の数字。全角でもかまいません。"
    )
    employed_on = DateField(label="就職した日")
    income_yen = YenField(label="給与収入（年額）", required=False)
    ward = forms.ChoiceField(
        label="お住まいの区", choices=[("", "選んでください"), ("1", "北区"), ("2", "中央区")]
    )
    way = forms.ChoiceField(
        label="面談の方法",
        choices=[
            ("face", "対面"),
            ("video", "テレビ電話"),
            ("phone", "電話（面談には数えません）"),
        ],
        widget=forms.RadioSelect,
    )
    mood = forms.ChoiceField(
        label="仕事の様子",
        choices=[("1", "落ち着いている"), ("2", "気がかりがある"), ("3", "不安定")],
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    scale = forms.ChoiceField(
        label="暮らしの安定",
        choices=[(str(n), str(n)) for n in range(1, 6)],
        widget=forms.RadioSelect,
        help_text="1 は不安定、5 は安定しています。",
    )
    kinds = forms.MultipleChoiceField(
        label="障害の種別",
        required=False,
        choices=[("p", "身体"), ("i", "知的"), ("m", "精神"), ("r", "難病等")],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
    )
    must_not_contact = forms.BooleanField(
        label="職場に連絡してはいけない（クローズ就労）", required=False
    )
    note = forms.CharField(label="話したこと", widget=forms.Textarea(attrs={"rows": 4}))


class SampleFilter(FilterForm):
    """A search as it stands above a list."""

    q = forms.CharField(label="氏名・かな", required=False)
    stage = forms.ChoiceField(
        label="段階",
        required=False,
        choices=[("", "すべて"), ("use", "利用中"), ("wait", "開始待ち")],
    )
    overdue = forms.BooleanField(label="期限を過ぎた人だけ", required=False)


def _clock() -> dict[str, Any]:
    return {
        "lead": "残り 1年4か月（終わりまで 502日）",
        "description": "2024年4月1日に就職。利用できるのは2024年10月1日から2027年9月30日まで。"
        "今日は2026年5月16日で、およそ半分を過ぎました。",
        "start_percent": 0,
        "wait_percent": 14,
        "first_percent": 14,
        "used_percent": 47,
        "left_start_percent": 61,
        "left_percent": 39,
        "today_percent": 61,
        "marks": [
            {"label": "就職", "on": date(2024, 4, 1)},
            {"label": "利用できる最初の日", "on": date(2024, 10, 1)},
            {"label": "今日", "on": date(2026, 5, 16)},
            {"label": "利用できる最後の日", "on": date(2027, 9, 30)},
        ],
        "bands": [
            {
                "label": "支給決定",
                "text": "R7.11.1〜R8.10.31",
                "spans": [
                    {"start_percent": 16, "width_percent": 29, "is_now": False},
                    {"start_percent": 45, "width_percent": 29, "is_now": True},
                ],
                "tone": "info",
            }
        ],
    }


def _steps() -> list[dict[str, Any]]:
    return [
        {"label": "申請", "state": "done", "on": date(2026, 3, 2)},
        {"label": "聞き取り調査", "state": "done", "on": date(2026, 3, 9)},
        {"label": "計画案", "state": "done", "on": date(2026, 3, 18), "note": "セルフプラン"},
        {"label": "支給決定", "state": "current", "note": "中央区の番です（8日目）"},
        {"label": "サービス等利用計画", "state": "waiting"},
        {"label": "契約", "state": "waiting"},
        {"label": "利用開始", "state": "waiting"},
    ]


def _timeline() -> list[TimelineEntry]:
    return [
        TimelineEntry(
            date(2026, 5, 12),
            TimelineKind.CONTACT,
            "対面で40分",
            "通院の日に早退できるか上司に相談する。",
            "#",
        ),
        TimelineEntry(
            date(2026, 5, 8), TimelineKind.CONTACT, "電話はつながりませんでした", tone=Tone.WARNING
        ),
        TimelineEntry(
            date(2026, 4, 30), TimelineKind.REPORT, "本人に渡しました", tone=Tone.SUCCESS
        ),
        TimelineEntry(
            date(2026, 4, 1),
            TimelineKind.RIGHT,
            "負担上限月額が 9,300円 になりました",
            tone=Tone.INFO,
        ),
    ]


def _money() -> dict[str, Any]:
    return {
        "caption": "2026年4月の計算",
        "columns": ["単位", "金額"],
        "rows": [
            {
                "label": "就労定着支援（90〜95％）",
                "cells": ["3,348", "—"],
                "rule": "R6報酬告示",
                "url": "#",
            },
            {"label": "初期加算", "cells": ["900", "—"], "rule": "R6報酬告示"},
            {
                "label": "総費用額",
                "cells": ["4,248", "42,480円"],
                "kind": "sum",
                "rule": "単位数 × 10.00円",
            },
            {"label": "1割", "cells": ["", "4,248円"]},
            {
                "label": "本人負担",
                "cells": ["", "4,248円"],
                "kind": "result",
                "rule": "上限 9,300円 以内",
            },
        ],
    }


def _reasons() -> list[dict[str, str]]:
    return [
        {
            "text": "支援レポートがまだ渡されていません。",
            "rule": "令和3年度報酬改定",
            "url": "#",
            "url_label": "レポートを渡す",
            "tone": "warning",
        },
        {
            "text": "4月の負担上限月額が登録されていません。0円と未入力は別のものです。",
            "url": "#",
            "url_label": "上限額を登録する",
            "tone": "danger",
        },
        {"text": "対面の面談が1回あります（4月14日）。", "tone": "success"},
    ]


def _arithmetic() -> list[Step]:
    return [
        Step("就職した日", "2024年4月1日", "2024年4月1日", ""),
        Step("6か月が満ちる日", "4月1日から6か月の前の日", "2024年9月30日", "民法143条"),
        Step(
            "利用できる最初の日", "満ちた日の翌日", "2024年10月1日", "新潟市 就労定着支援について"
        ),
        Step("利用できる最後の日", "10月1日から3年の前の日", "2027年9月30日", "民法143条"),
    ]


def _people() -> list[dict[str, Any]]:
    return [
        {
            "name": "髙橋 さくら",
            "kana": "たかはし さくら",
            "due_on": date(2026, 4, 30),
            "pace": "毎月",
            "state": "期限を過ぎています",
            "tone": "danger",
            "must_not_contact": True,
            "amount_yen": 3348,
        },
        {
            "name": "𠮷田 健一",
            "kana": "よしだ けんいち",
            "due_on": date(2026, 5, 31),
            "pace": "2か月ごと",
            "state": "今月",
            "tone": "warning",
            "must_not_contact": False,
            "amount_yen": 0,
        },
        {
            "name": "佐々木 ひかり",
            "kana": "ささき ひかり",
            "due_on": date(2026, 6, 30),
            "pace": "毎月",
            "state": "面談済み",
            "tone": "success",
            "must_not_contact": False,
            "amount_yen": 4248,
        },
    ]


def component_samples() -> dict[str, Any]:
    """Context of `templates/desk/components.html`."""
    wrong = SampleForm(
        {
            "name": "佐々木 ひかり",
            "number": "12345",
            "employed_on": "きのう",
            "way": "face",
            "mood": "2",
        }
    )
    return {
        **picture_samples(),
        "breadcrumbs": [{"label": "ホーム", "url": "/"}, {"label": "部品", "url": ""}],
        "tones": ["neutral", "info", "success", "warning", "danger"],
        "day": date(2026, 4, 1),
        "period_ends_on": date(2027, 3, 31),
        "clock": _clock(),
        "steps": _steps(),
        "entries": _timeline(),
        "money": _money(),
        "reasons": _reasons(),
        "arithmetic": _arithmetic(),
        "people": _people(),
        "stats": [
            {
                "label": "期限を過ぎた面談",
                "count": 3,
                "tone": "danger",
                "note": "いちばん古い期限は4月30日",
            },
            {"label": "今週の面談", "count": 7, "tone": "warning", "note": ""},
            {"label": "渡していないレポート", "count": 5, "tone": "info", "note": ""},
            {"label": "今月すんだ面談", "count": 21, "tone": "success", "note": "40人のうち"},
        ],
        "facts": [
            {"label": "生年月日", "value": "1985年4月1日（昭和60年）41歳"},
            {"label": "受給者証番号", "value": "0123456789", "note": "新潟市中央区"},
            {"label": "勤め先", "value": "みなと食品株式会社", "url": "#"},
        ],
        "tabs": [
            {"label": "概要", "url": "#", "current": True},
            {"label": "面談", "url": "#", "current": False, "count": 26},
            {"label": "月と請求", "url": "#", "current": False, "count": 18},
            {"label": "書類", "url": "#", "current": False, "count": 4},
            {"label": "連絡先", "url": "#", "current": False},
        ],
        "form": SampleForm(prefix="plain"),
        "wrong": wrong,
        "filter": SampleFilter(prefix="filter"),
        "page": Paginator(range(160), 50).page(2),
    }
