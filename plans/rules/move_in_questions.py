"""移行の取込: headings that are questions, as forms on the web export them: 「入社した日はいつですか？」.

Pure: a heading in, a field out. What is read of a question is a guess: it is asked.
"""

from __future__ import annotations

import re

# What a heading has that asks somebody, and no heading of a table.
_ASKS = re.compile(
    r"ください|下さい|ですか|ますか|でしょうか|いつ|した|[っえめ]た|てい[るた]|お名前|お住まい|お勤め|その"
)
_BRACKETS = re.compile(r"[（(〔\[【].*?[）)〕\]】]")
_DAY = r".*(?:日|いつ)"
_BEGIN, _END = r"(?:始め|開始|はじめ)", r"(?:終え|終わ|終了|やめ|卒業)"
_COMPANY = r"(?:会社|勤務先|勤め先|職場|企業|就職先)"
# In this order: a question about the service here says サービス or 利用 too.
_QUESTIONS = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (r"ふりがな|フリガナ|よみがな|カナ", "kana"),
        (r"生年月日|誕生日|生まれ", "birth_date"),
        (_COMPANY + r".*(?:名前|名称|会社名|企業名)", "employer"),
        (_COMPANY + r".*(?:住所|所在地|場所)", "employer_address"),
        (r"(?:1|一)?週間?.*時間", "weekly_minutes"),
        (
            r"(?:入社|就職|入職|勤務を" + _BEGIN + r"|働き" + _BEGIN + r")(?!前)" + _DAY,
            "employed_on",
        ),
        (r"(?:退職|離職|退社)" + _DAY, "left_on"),
        (r"見直し|モニタリング.*(?:次|いつ|予定)", "plan_review_by"),
        (r"計画.*(?:作成|作っ|つくっ|同意)" + _DAY, "plan_made_on"),
        (r"面談.*(?:頻度|間隔|どのくらい|何か月|ペース)", "pace_months"),
        (r"(?:最後|直近|前回|最近).*(?:面談|会っ)" + _DAY, "last_met_on"),
        (r"受給者証.*番号", "number"),
        (r"受給者証.*(?:発行|交付|出し).*(?:市|区|町|村|自治体)", "municipality"),
        (r"負担上限", "cap_yen"),
        (r"契約(?:を|し|した|結)" + _DAY, "signed_on"),
        (r"定着.*" + _BEGIN + _DAY, "use_from"),
        (r"定着.*" + _END + _DAY, "ended_on"),
        (r"サービス.*" + _BEGIN + _DAY, "service_from"),
        (r"サービス.*" + _END + _DAY, "service_until"),
        (r"(?:就職前|以前|前に).*サービス", "service_kind"),
        (r"その事業所|サービス.*事業所", "service_office"),
        (r"障(?:がい|害).*(?:種|何|どの|すべて)", "disabilities"),
        (r"電話|携帯", "phone"),
        (r"(?:お住まい|住所)", "address"),
        (r"担当.*(?:支援員|職員|名前|だれ|誰)", "staff"),
        (r"(?:利用者|本人|あなた)?.*(?:お名前|氏名|名前)", "name"),
    )
)


def is_question(heading: str) -> bool:
    """Whether a heading asks somebody, as those of a table do not."""
    return bool(_ASKS.search(heading)) and len(heading) > len("会った日")


def asked_for(heading: str) -> str:
    """The field that a question asks for; "" for none, and for what is no question."""
    if not is_question(heading):
        return ""
    text = _BRACKETS.sub("", heading)
    return next((field for pattern, field in _QUESTIONS if pattern.search(text)), "")
