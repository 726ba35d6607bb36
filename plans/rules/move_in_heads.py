"""移行の取込: what one heading means, by its whole path, and whether it says so for certain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from plans.rules.move_in_questions import asked_for

JOINT = "／"
Names = Mapping[str, Sequence[str]]
Found = tuple[str, bool]
NOTHING: Found = ("", False)
_BRACKETS = re.compile(r"[（(〔\[【].*?[）)〕\]】]")
_LISTED = re.compile(r"[・/／、,&＆\n(（]")
_EDGES = re.compile(r"[（(〔\[【）)〕\]】]")
_MARKS = re.compile(r"[\s*※・／/＿_:：\-]+")
# What stands in many places of a sheet: alone it is a guess.
_VAGUE = {
    "種別",
    "区",
    "区分",
    "開始日",
    "間隔",
    "所在",
    "頻度",
    "連絡先",
    "市区町村",
    "市町村",
    "契約",
    "週",
    "手帳",
}
# By what its heading holds, the part of a life that a group of columns is about; the first that fits.
_AREAS = (
    ("leave", ("休職",)),
    ("meeting", ("前の面談",)),
    (
        "before",
        (
            "就職前",
            "就労前",
            "前サービス",
            "前の",
            "前職",
            "送り出し",
            "通所歴",
            "利用していた",
            "移行支援",
            "就労移行",
            "継続支援",
            "a型",
            "b型",
            "自立訓練",
            "生活訓練",
            "機能訓練",
            "生活介護",
        ),
    ),
    ("contract", ("定着", "契約", "利用期間")),
    ("cap", ("上限", "負担")),
    ("paper", ("受給者証", "支給決定", "支給期間")),
    ("plan", ("計画",)),
    ("meeting", ("面談", "モニタリング")),
    ("service", ("サービス",)),
    ("work", ("就職", "就労", "勤務", "企業", "会社", "雇用", "職場")),
)
# Whatever stands below or beside these is of somebody else, or of another support than this one.
_OTHERS = (
    "緊急", "家族", "保護者", "配偶者", "父親", "母親", "続柄", "キーパーソン", "保証人", "後見", "保佐",
    "主治医", "医療機関", "病院", "クリニック", "通院", "訪問看護", "相談支援", "計画相談", "支援機関",
    "関係機関", "就業生活", "就労支援", "就労選択", "アセスメント", "ケースワーカー", "ハローワーク",
    "グループホーム", "特別支援学校", "紹介",
)  # fmt: skip
_SERVICE_PARTS = {
    "種別": "service_kind", "種類": "service_kind", "サービス": "service_kind", "サービス種別": "service_kind",
    "名称": "service_office", "事業所": "service_office", "事業所名": "service_office", "施設": "service_office",
    "施設名": "service_office",
}  # fmt: skip
_PARTS: dict[str, dict[str, str]] = {
    "before": _SERVICE_PARTS, "service": _SERVICE_PARTS,
    "contract": {"締結日": "signed_on", "日": "signed_on", "利用開始": "use_from"},
    "cap": {"額": "cap_yen", "月額": "cap_yen", "金額": "cap_yen", "区分": "category",
            "事業所": "managing_name", "管理事業所": "managing_name", "管理事業所名": "managing_name",
            "該当の有無": "is_managed", "該当有無": "is_managed", "対象の有無": "is_managed"},
    "paper": {"番号": "number", "no": "number", "no.": "number", "市町村": "municipality", "支給市": "municipality", "支給市町村": "municipality", "市町村番号": "municipality", "市区町村": "municipality", "区": "municipality", "区役所": "municipality", "市役所": "municipality",
              "自治体": "municipality", "交付市町村": "municipality", "発行市町村": "municipality", "支給市町村名及び印": "municipality", "支給市町村名": "municipality", "市町村名": "municipality", "交付": "issued_on", "決定": "decided_on", "サービス種別支給量等": "amount"},
    "plan": {"作成": "plan_made_on", "同意日": "plan_made_on", "見直し": "plan_review_by",
             "見直し日": "plan_review_by", "次回見直し": "plan_review_by", "期限": "plan_review_by"},
    "meeting": {"最終": "last_met_on", "前回": "last_met_on", "直近": "last_met_on", "最終日": "last_met_on",
                "前回日": "last_met_on", "間隔": "pace_months", "頻度": "pace_months"},
    "leave": {},
    "work": {"名": "employer", "名称": "employer", "名前": "employer", "先": "employer", "事業所名": "employer",
             "住所": "employer_address", "所在地": "employer_address", "年月日": "employed_on",
             "入社": "employed_on", "退社": "left_on", "就職": "employed_on", "雇用": "employed_on",
             "日": "employed_on", "時間": "weekly_minutes", "時間週": "weekly_minutes",
             "週時間": "weekly_minutes"},
}  # fmt: skip
_FROM = ("開始日", "開始年月日", "開始", "自", "から", "始期")
_UNTIL = (
    "終了日",
    "終了年月日",
    "終了",
    "至",
    "まで",
    "満了日",
    "満了",
    "有効期限",
    "期限",
    "終期",
)
_PERIODS = {
    "before": ("service_from", "service_until"), "service": ("service_from", "service_until"), "contract": ("use_from", "ended_on"),
    "cap": ("cap_first_month", "cap_last_month"), "paper": ("granted_from", "granted_until"),
    "plan": ("plan_from", "plan_review_by"), "meeting": ("", ""), "work": ("employed_on", "left_on"),
    "leave": ("leave_from", "leave_until"),
}  # fmt: skip
# Both ends in one cell; of other periods the heading does not tell whether its end is one.
_WHOLE = ("期間", "在籍")
_IN_ONE = {"before", "service", "cap", "paper", "leave", "plan"}
# Of the person alone: below the heading of a company or an office they are somebody else's.
_OWN = {
    "name",
    "kana",
    "given_name",
    "given_kana",
    "birth_date",
    "phone",
    "address",
    "lives_in",
    "staff",
    "disabilities",
}
_HOLDER = re.compile(r"支給決定(?:障害|障がい)者等?")
_WRITTEN = {"漢字", "漢字氏名", "氏名漢字", "本名"}
# Shorter names stand in too many other words.
_LONG = 4
# Words that say of a day that it is still to come, and no more.
_AHEAD = re.compile(r"次回|次の|予定|見込み?")
# A day that is told ahead is no end that has come.
_COME = {"ended_on", "left_on", "leave_until", "service_until", "last_met_on", "plan_made_on"}
_REVIEW = ("次回", "次の", "見直", "更新", "期限", "予定")
_LAST_TIME = ("前回", "最終", "最後", "直近", "実施", "作成", "面談", "相談")


def plain(heading: str) -> str:
    """A heading as it is compared: half-width, without blanks, marks and case."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", heading)).casefold()


def meaning(heading: str, meant: Mapping[str, str]) -> Found:
    """The field of a heading, and whether it is certain; `meant`: plain heading → field."""
    if _is_others(heading, meant):
        return NOTHING
    if whole := _whole(heading, meant):
        return whole, plain(heading) not in _VAGUE
    group, joint, part = heading.rpartition(JOINT)
    if half := (
        _half_of_kana(group, part, meant)
        or _name_beside_kana(group, part, meant)
        or _of_holder(group, part, meant)
    ):
        return half, True
    if guessed := _review(heading, meant) or _asked(heading):
        return guessed
    if not joint:
        return _lone(heading, meant)
    area = _area(group)
    return _in_area(area, part, meant) if area else _in_no_area(group, part, meant)


def is_whole_period(heading: str) -> bool:
    """Whether a heading is that of a period from its first to its last day."""
    return plain(_EDGES.sub("", heading)).endswith(_WHOLE)


def is_plan(heading: str) -> bool:
    """Whether a heading is of the 個別支援計画."""
    return _area(heading) == "plan" and not any(word in plain(heading) for word in _OTHERS)


def is_lone_service(heading: str) -> bool:
    """「サービス開始日」: by itself it is of the service of before or of the one here."""
    return JOINT not in heading and _area(heading) == "service"


def _whole(heading: str, meant: Mapping[str, str]) -> str:
    """The field that the whole heading names, also with or without 「の」 in it; "" for none."""
    spelled = _spellings(heading)
    if found := next((meant[each] for each in spelled if each in meant), ""):
        return found
    shorter = {
        name.replace("の", ""): field
        for name, field in meant.items()
        if not field.startswith("service_")
    }
    bare = (each.replace("の", "") for each in spelled)
    return next((shorter[each] for each in bare if len(each) >= _LONG and each in shorter), "")


def _review(heading: str, meant: Mapping[str, str]) -> Found | None:
    """「次回支援計画見直し」, 「計画更新日」, 「モニタリング予定」: when the plan is looked at again; a guess."""
    spelled = plain(heading)
    is_of_plan = is_plan(heading) or "モニタ" in spelled
    is_ahead = any(word in spelled for word in _REVIEW)
    is_past = any(word in spelled for word in _LAST_TIME)
    if not is_of_plan or not is_ahead or is_past or "plan_review_by" not in set(meant.values()):
        return None
    certain = _in_area("plan", heading.rpartition(JOINT)[2], meant) if JOINT in heading else NOTHING
    return certain if certain[0] else ("plan_review_by", False)


def _asked(heading: str) -> Found | None:
    """What a question asks for: a guess."""
    field = asked_for(heading)
    return (field, False) if field else None


def _lone(heading: str, meant: Mapping[str, str]) -> Found:
    """What a heading without a group means."""
    return (
        _lone_period(heading, meant)
        or _lone_part(heading, meant)
        or _ahead(heading, meant)
        or _holding(heading, meant)
    )


def _lone_part(heading: str, meant: Mapping[str, str]) -> Found | None:
    """「前の事業所の種別」 is 種別 below 前の事業所: a guess."""
    spelled = plain(_BRACKETS.sub("", heading))
    if _area(heading) != "before":
        return None
    fields = set(meant.values())
    for part in sorted(_SERVICE_PARTS, key=len, reverse=True):
        if spelled.endswith(part) and _SERVICE_PARTS[part] in fields:
            return _SERVICE_PARTS[part], False
    return None


def _ahead(heading: str, meant: Mapping[str, str]) -> Found | None:
    """「契約予定日」 as 契約日: a guess; no end of anything."""
    shorter = _AHEAD.sub("", plain(heading))
    field = _whole(shorter, meant) if shorter != plain(heading) else ""
    return (field, False) if field and field not in _COME else None


def _is_others(heading: str, meant: Mapping[str, str]) -> bool:
    """「緊急連絡先／電話」, 「電話（家族）」: of the person alone only where the whole heading is a known one."""
    spelled = plain(heading)
    return spelled not in meant and any(word in spelled for word in _OTHERS)


def _in_no_area(group: str, part: str, meant: Mapping[str, str]) -> Found:
    """A part below a group that is about nothing certain; 「支援／開始」 is of this service."""
    if "支援" in group and (use := _period("contract", part, meant)):
        return use
    found = next((meant[each] for each in _spellings(part) if each in meant), "")
    return (found, plain(part) not in _VAGUE) if found else _holding(part, meant)


def _half_of_kana(group: str, part: str, meant: Mapping[str, str]) -> str:
    """「フリガナ／姓」 is the kana of it; "" for anything else."""
    halves = {"姓": "kana", "名": "given_kana"}
    is_kana = any(meant.get(each) == "kana" for each in _spellings(group)) if group else False
    return halves.get(plain(part), "") if is_kana else ""


def _name_beside_kana(group: str, part: str, meant: Mapping[str, str]) -> str:
    """「氏名／漢字」 beside 「氏名／フリガナ」 is the name; "" for anything else."""
    is_name = any(meant.get(each) == "name" for each in _spellings(group)) if group else False
    return "name" if is_name and plain(part) in _WRITTEN else ""


def _of_holder(group: str, part: str, meant: Mapping[str, str]) -> str:
    """「支給決定障害者等／氏名」, as the certificate says it, is of the person; "" for anything else."""
    return _whole(part, meant) if _HOLDER.fullmatch(plain(group.rpartition(JOINT)[2])) else ""


def _in_area(area: str, part: str, meant: Mapping[str, str]) -> Found:
    """A part below the heading of a group: only what the group can hold."""
    for each in _spellings(part):
        if each in _PARTS[area]:
            return _PARTS[area][each], True
    found = _period(area, part, meant)
    if found is not None:
        return found
    if area == "plan" and plain(part).endswith("長期目標"):
        return "plan_goal", False
    field = next((meant[each] for each in _spellings(part) if each in meant), "")
    if not field or field in _OWN or plain(part) in _VAGUE:
        return NOTHING
    if area == "before" and not field.startswith("service_"):
        return NOTHING  # its contract and its end are not those of here
    return field, True


def _period(area: str, text: str, meant: Mapping[str, str]) -> Found | None:
    """自 and 至, 開始 and 終了 of what the group (or the heading itself) is about."""
    spelled = plain(_EDGES.sub("", text))
    is_below = bool(area)
    area = area or _area(text) or _paper(spelled)
    if area not in _PERIODS:
        return None
    fields = set(meant.values())
    for words, field in zip((_FROM, _UNTIL), _PERIODS[area], strict=True):
        if spelled.endswith(words):
            return (field, True) if field in fields else NOTHING
    if area == "plan" and not is_below:
        return None  # 「計画期間」 over two columns begins with the day when it was made
    if area in _IN_ONE and spelled.endswith(_WHOLE) and _PERIODS[area][0] in fields:
        return _PERIODS[area][0], False
    return None


def _paper(spelled: str) -> str:
    """「証有効期間」 is of the certificate, 「手帳有効期限」 of another paper."""
    is_paper = "有効期" in spelled and spelled.startswith(("有効", "証"))
    return "paper" if is_paper else ""


def _lone_period(heading: str, meant: Mapping[str, str]) -> Found | None:
    """Of a heading without a group; 「サービス開始年月日」 may be of this service as well."""
    found = _period("", heading, meant)
    return (found[0], False) if found and _area(heading) in {"service", ""} else found


def _holding(heading: str, meant: Mapping[str, str]) -> Found:
    """A heading that holds the long name of one field alone: a guess."""
    first = plain(_LISTED.split(heading)[0])
    if first in meant and first != plain(heading):
        return meant[first], False  # 「氏名・電話」
    text = plain(_BRACKETS.sub("", heading))
    held = {field for name, field in meant.items() if len(name) >= _LONG and name in text}
    if _AHEAD.search(text):
        held -= _COME
    return (held.pop(), False) if len(held) == 1 else NOTHING


def _spellings(text: str) -> tuple[str, ...]:
    """As a whole, without what stands in brackets, and with it: 支給決定期間（自）."""
    return plain(text), plain(_BRACKETS.sub("", text)), plain(_EDGES.sub("", text))


def _area(text: str) -> str:
    spelled = plain(text)
    return next((area for area, words in _AREAS if any(word in spelled for word in words)), "")
