"""相談先 the centres and the job coach: for whom they are, as data with their areas.

Source: docs/rules.md §1, 新潟市「就労定着支援について」 (G). Free, by registration, without a time limit.
Whoever fits neither centre is sent to the centre of another area, never to a blank.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from clients.rules.citing import by_guidance
from clients.rules.kinds import CentreKind
from teikyaku.reasons import Reason

NIIGATA = "新潟市"
WARDS = ("北区", "東区", "中央区", "江南区", "秋葉区", "南区", "西区", "西蒲区")

LIFE_UP_AREA = (NIIGATA, "五泉市", "阿賀野市", "阿賀町")
# The first five digits of a municipality's number; its sixth is a check digit, of which two kinds
# are in use, so that it says nothing about the place.
LIFE_UP_CODES = frozenset({f"1510{ward}" for ward in range(9)} | {"15218", "15223", "15385"})
_CODE_DIGITS = 5

ASK_HOME_TOWN = "お住まいの市町村はどこですか。"
ASK_WORKPLACE = "職場は新潟市内ですか。または、新潟市内で働きたいと考えていますか。"

_CENTRE_NOTE = (
    "利用は無料で、登録が必要です。期間の定めはなく、仕事探しから就職後まで相談できます。"
)


@dataclass(frozen=True, slots=True)
class Referral:
    """相談先 for one person, with why it fits and how to reach it."""

    kind: CentreKind
    name: str
    how: str
    reason: Reason
    is_addition: bool = False
    """Whether it can be had beside any other support (the job coach)."""


@dataclass(frozen=True, slots=True)
class Centres:
    """相談先: at least one that fits, the job coach, and what to ask to be surer."""

    referrals: tuple[Referral, ...]
    questions: tuple[str, ...]

    @property
    def kinds(self) -> tuple[CentreKind, ...]:
        """The kinds of the referrals, in order."""
        return tuple(referral.kind for referral in self.referrals)


def centres_for(
    lives_in: str = "",
    works_in_niigata: bool | None = None,
    wants_to_work_in_niigata: bool | None = None,
) -> Centres:
    """The centres for somebody who lives in `lives_in` (name or number of the municipality).

    None and "" mean not known. The answer holds at least one centre, and the job coach. Where none
    fits for certain, each that may fit is named with whom it is for, before another area's.
    """
    is_in_life_up_area = lives_in_life_up_area(lives_in)
    fitting = []
    if works_in_niigata or wants_to_work_in_niigata:
        fitting.append(_core_support(bool(works_in_niigata)))
    if is_in_life_up_area:
        fitting.append(_life_up())
    questions = []
    possible = []
    if not (works_in_niigata or wants_to_work_in_niigata) and None in (
        works_in_niigata,
        wants_to_work_in_niigata,
    ):
        questions.append(ASK_WORKPLACE)
        possible.append(_core_support(works_there=None))
    if is_in_life_up_area is None:
        questions.insert(0, ASK_HOME_TOWN)
        possible.append(_life_up())
    centres = fitting or [*possible, _other_area(is_certain=not questions)]
    return Centres((*centres, _job_coach()), tuple(questions))


def lives_in_life_up_area(lives_in: str) -> bool | None:
    """Whether the place belongs to らいふあっぷ; None where the text does not say which city."""
    text = "".join(unicodedata.normalize("NFKC", lives_in).split())
    if not text or text in WARDS:
        return None  # 中央区 alone may be any city's
    if text[:_CODE_DIGITS].isdecimal():
        return text[:_CODE_DIGITS] in LIFE_UP_CODES
    place = text.removeprefix("新潟県").removeprefix("東蒲原郡")
    return place.startswith(LIFE_UP_AREA)


def _core_support(works_there: bool | None) -> Referral:
    """None: which of the two it is, if any, is not known."""
    why = {
        True: "新潟市内で働いている",
        False: "新潟市内で働くことを目指している",
        None: "新潟市内で働いている、または働くことを目指している",
    }[works_there]
    return Referral(
        CentreKind.CORE_SUPPORT,
        "新潟市障がい者就業支援センター こあサポート",
        _CENTRE_NOTE,
        by_guidance(1, "centre.core_support", f"{why}方の相談先です。"),
    )


def _life_up() -> Referral:
    return Referral(
        CentreKind.LIFE_UP,
        "障害者就業・生活支援センター らいふあっぷ",
        _CENTRE_NOTE,
        by_guidance(
            1, "centre.life_up", "新潟市・五泉市・阿賀野市・阿賀町にお住まいの方の相談先です。"
        ),
    )


def _other_area(is_certain: bool) -> Referral:
    text = (
        "お住まいと職場が新潟市などの区域の外のため、その地域を受け持つセンターが相談先です。"
        if is_certain
        else "お住まいや職場がほかの地域のときは、その地域を受け持つセンターが相談先です。"
    )
    return Referral(
        CentreKind.OTHER_AREA,
        "他圏域の障害者就業・生活支援センター",
        "お住まいの市区町村の障がい福祉の窓口か、ハローワークで連絡先が分かります。",
        by_guidance(1, "centre.other_area", text),
    )


def _job_coach() -> Referral:
    return Referral(
        CentreKind.JOB_COACH,
        "ジョブコーチ",
        "ハローワークか障害者職業センターに申し込みます。利用は無料です。",
        by_guidance(
            1,
            "centre.job_coach",
            "使える人の決まりはなく、ほかの支援と合わせて頼めます。集中支援・移行支援・フォローアップの"
            "3段階で、期間は1か月から8か月、標準は2か月から4か月です。",
        ),
        is_addition=True,
    )
