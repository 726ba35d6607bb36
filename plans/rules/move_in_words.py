"""移行の取込: everyday words of sheets, and what a spreadsheet program made of a cell.

Pure: text in, text out that the fields of the pages read. What is not certain stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from teikyaku.era import DateInputError, parse_date, parse_month
from teikyaku.periods import Month

# Day 0 of a spreadsheet program; the numbers of 1954 to 2099 are days where a day is expected.
_DAY_0 = date(1899, 12, 30)
_SERIAL = re.compile(r"([2-6][0-9]{4}|7[0-2][0-9]{3})(\.[0-9]+)?")
_DAY_AND_MORE = re.compile(
    r"((?:[MTSHR]|明治|大正|昭和|平成|令和)?(?:元|[0-9]{1,4})[年./-][0-9]{1,2}[月./-][0-9]{1,2}(?:日|(?=[^0-9日])))([^0-9]+)",
    re.IGNORECASE,
)
# 「済(R7.10)」, 「R7.10済」: a mark beside the month.
_DONE = re.compile(
    r"(?:済み?|算定済み?|有|あり|[○〇◯])[(\[]?([^()\[\]]*[0-9][^()\[\]]*)[)\]]?|(.*[0-9]月?分?)[(]?(?:済み?|算定済み?)[)]?"
)
_HOURS = re.compile(
    r"(?:週|約|1週間?(?:に|あたり)?)*([0-9]{1,3}(?:[.:][0-9]{1,2})?)(?:時間|h|hr|hours?)?(?:/週)?"
)
# Year, month and day behind the number of their 元号, and the same of 令和 without it.
# 「H11.9.9（27歳）」: how old somebody is, beside the birth date.
_AGE = re.compile(r"[(\[]?満?[0-9]{1,3}[歳才][)\]]?$")
_POSTAL = re.compile(
    r"^[ 　]*〒?[ 　]*[0-9０-９]{3}[-－ー‐−]?[0-9０-９]{4}[ 　\n]+|^[ 　]*〒[ 　]*[0-9０-９]{3}[-－ー‐−]?[0-9０-９]{4}"
)
_MONTH_AND_DAY = r"(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_CODED = re.compile(rf"([1-5])([0-9]{{2}}){_MONTH_AND_DAY}")
_ERA_CODES = {"1": "M", "2": "T", "3": "S", "4": "H", "5": "R"}
_REIWA = re.compile(rf"([1-9]){_MONTH_AND_DAY}")
_NO_SERIAL_OF_TODAY = frozenset("156789")
# A telephone number without its first 0, as a number: 9 or 10 digits.
_PHONE_WITHOUT_0 = re.compile(r"[1-9][0-9]{8,9}")
_REMARKED = re.compile(r"[ 　]*[（(][^0-9０-９]*[）)][ 　]*$")
_LOST_DIGITS = 2
# Several blanks between the parts of a name are one.
_BLANKS = re.compile(r"([ \u3000])[ \u3000]+")
_TITLE = re.compile(r"[ 　]*(様|さん|さま|氏|殿|くん|君|ちゃん)$")
# Titles that may be given names as well, in kana above all.
_SOFT_TITLES, _NAME_PARTS = {"さん", "くん", "ちゃん"}, 2
_PHONE_IN_NAME = re.compile(
    r"[ 　\n(（]*(?:TEL|電話|携帯|℡|☎)?[:：]?[ 　]*([0０][0-9０-９]{1,4}[-－ー‐(（]?[0-9０-９]{1,4}[-－ー‐)）]?[0-9０-９]{3,4})[ 　)）]*"
)
_BRACKETED = re.compile(r"[（(〔\[【]([^（()）〔〕\[\]【】]*)[）)〕\]】]")
# Notes that are no part of a name; others in brackets are asked about.
_NOTE = re.compile(
    r"[（(〔\[【][^（()）〔〕\[\]【】]*(?:旧姓|旧名|旧氏|新姓|改姓|通称|仮名|休職|終了|退職|新規|※)[^（()）〔〕\[\]【】]*[）)〕\]】]"
)
# Characters from here on have no meaning that machines share.
_PRIVATE_PLANES = 0xF0000
_PREFECTURE = re.compile(r"^(北海道|東京都|大阪府|京都府|[^市区町村郡0-9]{2,3}県)[ 　]*")
_LOST = re.compile(r"[?？〓\ufffd]")
# Lines below the people: sums and who made the list.
_REMARK = re.compile(r"(合計|小計|総計|計|平均|作成|記入|更新|最終更新|以上|凡例|備考|注|※)")
_LEGEND = re.compile(r"[0-9][ ]*[=:.．、][^0-9=:]+[0-9][ ]*[=:.．、][^0-9=:]+")
_FAILED = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
_SUM = re.compile(r"(?:合計|小計|総計|計)[:(]?[0-9]*[名人件]?[)]?")
_KINDS = {
    "発達": "精神", "発達障害": "精神", "自閉症": "精神", "asd": "精神", "adhd": "精神", "統合失調症": "精神",
    "うつ病": "精神", "うつ": "精神", "双極性": "精神", "高次脳機能": "精神", "高次脳": "精神", "てんかん": "精神",
    "精神障害者保健福祉": "精神", "精神保健福祉": "精神", "療育": "知的", "愛の": "知的", "みどりの": "知的",
    "身体障害者": "身体", "肢体不自由": "身体", "視覚": "身体", "聴覚": "身体", "内部": "身体", "難病": "難病等",
    "指定難病": "難病等", "難病患者": "難病等",
}  # fmt: skip
_GRADE = re.compile(
    r"(手帳|者手帳)?[（(]?(第?[1-7][級種](第?[1-7][級種])?|[abc][12]?|[Ⅰ-Ⅴ])?[）)]?$"
)
_SERVICES = {
    "移行": "就労移行支援", "就労移行": "就労移行支援", "移行支援": "就労移行支援", "a型": "就労継続支援A型",
    "就労継続a": "就労継続支援A型", "就労継続a型": "就労継続支援A型", "就労a": "就労継続支援A型",
    "b型": "就労継続支援B型", "就労継続b": "就労継続支援B型", "就労継続b型": "就労継続支援B型", "就労b": "就労継続支援B型",
    "自立訓練(生活訓練)": "自立訓練", "自立訓練(機能訓練)": "自立訓練", "生活訓練": "自立訓練", "機能訓練": "自立訓練",
}  # fmt: skip
_MANAGED = re.compile(
    r"([0-9]+)[(:/・]*(?:上限額?)?管理(あり|有り?|対象|する|なし|無し?|対象外|しない)[)]?"
)
_MANAGED_BY = re.compile(r"(?:あり|有り?|対象|[○〇◯])[ (:・]+(.+?)[)]?")
_TEN = re.compile(r"[0-9]{10}")
_NOT_MANAGED = {"なし", "無し", "無", "対象外", "しない"}
_CATEGORIES = {
    "生保": "生活保護", "生活保護": "生活保護", "生活保護世帯": "生活保護", "低所得": "低所得", "低所得1": "低所得",
    "低所得2": "低所得", "低1": "低所得", "低2": "低所得", "低": "低所得", "非課税": "低所得", "非課税世帯": "低所得",
    "市町村民税非課税": "低所得", "市町村民税非課税世帯": "低所得", "一般1": "一般1", "一般2": "一般2",
}  # fmt: skip


def folded(text: str) -> str:
    """Half-width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def day_text(text: str) -> str:
    """A day as the date field reads it: 45748, 5050504 and 「R7.4.1転職」 too."""
    typed = folded(text)
    if (bare := _AGE.sub("", typed)) != typed and bare:
        return day_text(bare)
    if era := _era_number(typed):
        return era
    if match := _SERIAL.fullmatch(typed):
        return (_DAY_0 + timedelta(days=int(match[1]))).isoformat()
    match = _DAY_AND_MORE.fullmatch(typed)
    # A weekday or the year of the other calendar in brackets is the field's own to check.
    if match and not match[2].startswith("(") and not re.fullmatch(r"[~〜ー–-].*", match[2]):
        return match[1]
    return text


def _era_number(typed: str) -> str:
    """3580715 and 5050504 as programs of the field hand out days, and 50504 (令和5年5月4日) of them.

    A spreadsheet program counts 50504 days to a day of 2038, which no sheet of today tells.
    """
    if match := _CODED.fullmatch(typed):
        era = _ERA_CODES[match[1]]
        return f"{era}{int(match[2])}.{int(match[3])}.{int(match[4])}"
    return reiwa_number(typed) if typed[:1] in _NO_SERIAL_OF_TODAY else ""


def reiwa_number(text: str) -> str:
    """50504 as 「R5.5.4」; "" for what is no year, month and day of 令和."""
    match = _REIWA.fullmatch(folded(text))
    return f"R{match[1]}.{int(match[2])}.{int(match[3])}" if match else ""


def month_text(text: str) -> str:
    """A month as the month field reads it: a day is its month, as programs store 2025/10; 「済(R7.10)」 too."""
    match = _DONE.fullmatch(folded(text))
    typed = day_text(match[1] or match[2] if match else text)
    try:
        return str(Month.of(parse_date(typed)))
    except DateInputError:
        pass
    try:
        return str(parse_month(typed))
    except DateInputError:
        return text


def phone_text(text: str) -> str:
    """A telephone number with the 0 that a number has lost, and without （本人） behind it."""
    bare = _REMARKED.sub("", text)
    typed = folded(bare)
    return f"0{typed}" if _PHONE_WITHOUT_0.fullmatch(typed) else bare


def bare_digits(text: str) -> str:
    """Half-width, without the apostrophe that says to a program that what follows is text."""
    return folded(text).lstrip("'`’‘")


def digits_text(text: str, length: int) -> str:
    """A number of so many digits with the one or two zeros that it has lost in front."""
    typed = bare_digits(text)
    is_short = length - _LOST_DIGITS <= len(typed) < length
    if not (typed.isascii() and typed.isdigit()):
        return text
    return typed.zfill(length) if is_short else typed


def postal_text(text: str) -> str:
    """A postal code with the 0 that a number has lost."""
    return digits_text(text, 7)


def hours_text(text: str) -> str:
    """Hours a week: 30H, 週30時間, 30:15:00."""
    typed = folded(text).lower()
    if match := re.fullmatch(r"([0-9]{1,3}:[0-9]{2}):00", typed):
        return match[1]
    match = _HOURS.fullmatch(typed)
    return match[1] if match else text


def number_text(text: str) -> str:
    """A count with its counter: 2回, 1番."""
    match = re.fullmatch(r"([0-9]+)(?:回|番|欄|番目)", folded(text))
    return match[1] if match else text


def kind_word(text: str) -> str:
    """障害種別 by everyday words and by the name of the paper: 精神障害者保健福祉手帳2級 is 精神."""
    typed = folded(text).lower()
    short = _GRADE.sub("", typed)
    for each in (
        typed,
        short,
        short.removesuffix("症"),
        typed.removesuffix("障がい").removesuffix("障害"),
    ):
        if each in _KINDS:
            return _KINDS[each]
    return short.removesuffix("障がい").removesuffix("障害") or text


def service_word(text: str) -> str:
    """就職前のサービス by its short name."""
    bare = folded(text).lower().removesuffix("事業所")
    return _SERVICES.get(bare, bare)


def category_word(text: str) -> str:
    """負担区分 by its everyday name; "" for what is none."""
    return _CATEGORIES.get(folded(text), "")


def category_and_sum(text: str) -> tuple[str, str]:
    """「一般1 9300」, 「0 低所得」 and 「9,300円（一般1）」 as the word and the sum; two blanks for anything else."""
    typed = folded(text).replace(",", "").replace("円", "")
    for name in sorted(_CATEGORIES, key=len, reverse=True):
        for rest in (
            typed.removeprefix(name), typed.removesuffix(f"({name})"), typed.removesuffix(name)
        ):  # fmt: skip
            digits = rest.strip("():/・")
            if rest != typed and digits.isdecimal():
                return _CATEGORIES[name], digits
    return "", ""


def sum_and_managed(text: str) -> tuple[str, str]:
    """「9300 管理あり」 as the sum and ○ or ×; two blanks for anything else."""
    typed = folded(text).replace(",", "").replace("円", "")
    match = _MANAGED.fullmatch(typed)
    return (match[1], "×" if match[2] in _NOT_MANAGED else "○") if match else ("", "")


def managed_by(text: str) -> tuple[str, str, str]:
    """「あり（みなと相談 1510000001）」 as ○, name and number; blanks for anything else."""
    match = _MANAGED_BY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return "", "", ""
    number = _TEN.search(match[1])
    name = _TEN.sub("", match[1]).strip(" :()・,、")
    return ("○", name, number[0] if number else "") if name else ("", "", "")


def pace_months(text: str) -> int | None:
    """Months between two meetings: 毎月, 月1回, 隔月, 1か月, 3ヶ月に1回. None for what is none of it."""
    typed = re.sub("[カヶヵケ箇ヵ]月", "か月", folded(text))
    typed = re.sub(r"(に|ごとに)?[1一]?[回度]?$|ごと$|毎$", "", typed) or typed
    known = {
        "毎月": 1,
        "月": 1,
        "月1": 1,
        "隔月": 2,
        "2か月毎": 2,
        "四半期": 3,
        "1": 1,
        "2": 2,
        "3": 3,
    }
    if typed in known:
        return known[typed]
    match = re.fullmatch(r"([1-3一二三])か?月", typed)
    return {"一": 1, "二": 2, "三": 3}.get(match[1]) or int(match[1]) if match else None


def bare_name(text: str) -> tuple[str, str]:
    """A name without 様 and such, and a telephone number that stands in the same cell; "" for none."""
    match = _PHONE_IN_NAME.search(text)
    phone = unicodedata.normalize("NFKC", match[1]) if match else ""
    name = (text[: match.start()] + text[match.end() :]) if match else text
    bare = " ".join(_NOTE.sub(" ", name).split()) if _NOTE.search(name) else name
    bare = _BLANKS.sub(r"\1", bare)
    is_whole = bool(_BRACKETED.search(bare))
    return _without_title(bare.strip(" 　\n:：" if is_whole else " 　\n()（）:：")), phone


def _without_title(name: str) -> str:
    """「小林 一茶さん」 without さん; 「ためし さん」 may be somebody's whole name and stays."""
    bare = _TITLE.sub("", name)
    return name if is_title_a_name(name) else bare


def is_title_a_name(name: str) -> bool:
    """Whether さん, くん or ちゃん stands where the given name would: apart, behind one word alone."""
    parts = name.split()
    return len(parts) == _NAME_PARTS and parts[1] in _SOFT_TITLES


def notes_in_name(text: str) -> list[str]:
    """What stands in brackets beside a name, 「旧姓 菅」; a telephone number is none."""
    inner = (match[1].strip() for match in _BRACKETED.finditer(_PHONE_IN_NAME.sub("", text)))
    return [each for each in inner if each]


def is_private(text: str) -> bool:
    """Whether a character in it is one of the own font of the machine it was typed on (外字)."""
    return any("\ue000" <= mark <= "\uf8ff" or ord(mark) >= _PRIVATE_PLANES for mark in text)


def is_remark(text: str) -> bool:
    """Whether a line that begins so is a sum or a remark, and nobody's."""
    return bool(_REMARK.match(folded(text)))


def is_legend(text: str) -> bool:
    """Whether a line tells what codes mean: 「理由：1=期間満了　2=離職」."""
    return bool(_LEGEND.search(unicodedata.normalize("NFKC", text)))


def is_sum(text: str) -> bool:
    """Whether it is 計, 小計 or 合計, alone or with a number: nobody is called so."""
    return bool(_SUM.fullmatch(folded(text)))


def is_failed(text: str) -> bool:
    """Whether it is what a spreadsheet program shows of a formula that failed."""
    return text in _FAILED


def has_lost(text: str) -> bool:
    """Whether a character was lost when the file was saved: 「?田」."""
    return bool(_LOST.search(text))


def postal_in(address: str) -> tuple[str, str]:
    """(seven digits, what follows) of an address with its 郵便番号 before it; a blank and the address for any other."""
    found = _POSTAL.match(address)
    if found is None:
        return "", address
    return "".join(mark for mark in folded(found[0]) if mark.isdecimal()), address[
        found.end() :
    ].strip()


def without_prefecture(address: str) -> str:
    """An address from its municipality on: 〒951-0000, 新潟県 and the like before it are left out."""
    return _PREFECTURE.sub("", _POSTAL.sub("", address).strip(), count=1)
