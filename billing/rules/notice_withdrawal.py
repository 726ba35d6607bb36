"""代理受領通知書の取り消し: why a notice holds no more, what holds instead, in plain words. Pure.

docs/rules.md §8: the notice is of what was paid; a mistake is mended by a new paper that refers to the old.
"""

from __future__ import annotations

from clients.rules.kinds import Labelled
from teikyaku.money import yen

# By what such a paper is known among the issued ones.
NOTICE_GONE = "notice_withdrawal"


class Gone(Labelled):
    """取り消す理由 why the notice holds no more."""

    WITHDRAWN = "withdrawn", "この月の請求を取り下げたため"
    CORRECTED = "corrected", "この月の費用を計算し直したため"
    UNPAID = "unpaid", "支払いの記録が正しくなかったため"


_GOES_BACK = "前に受け取った額は、国民健康保険団体連合会をとおして市町村に返します。"
_NEVER_CAME = "前にお知らせした額を、当事業所は受け取っていません。"


def why_gone(*, is_withdrawn: bool, is_corrected: bool) -> Gone:
    """Of what else is wrong with it, the month itself says most."""
    if is_withdrawn:
        return Gone.WITHDRAWN
    return Gone.CORRECTED if is_corrected else Gone.UNPAID


def holds_now(
    why: Gone, total_yen: int, copayment_yen: int, *, is_received: bool
) -> tuple[str, ...]:
    """What holds instead, for whoever gets the post. `is_received`: what was told really came."""
    if why is Gone.WITHDRAWN:
        return (
            "この月の就労定着支援の訓練等給付費は、請求しないことになりました。",
            _GOES_BACK if is_received else _NEVER_CAME,
            "ご本人の負担額は0円です。すでにお支払いいただいた額があるときは、別にお知らせします。",
        )
    if why is Gone.CORRECTED:
        return (
            f"計算し直した総費用額は{yen(total_yen)}、ご本人の負担額は{yen(copayment_yen)}です。",
            _GOES_BACK if is_received else _NEVER_CAME,
            "正しい額を受け取ったら、あらためて代理受領通知書でお知らせします。",
        )
    return (
        f"この月の総費用額は{yen(total_yen)}、ご本人の負担額は{yen(copayment_yen)}で、変わりません。",
        _NEVER_CAME,
        "受け取ったら、あらためて代理受領通知書でお知らせします。",
    )


_PLAIN_BACK = (
    "市町村《しちょうそん》から もらった お金《かね》は、市町村《しちょうそん》に かえします。",
)
_PLAIN_NOTHING = "この 紙《かみ》の ことで、あなたが する ことは ありません。"


def plain_words(why: Gone, payable_yen: int, *, is_received: bool) -> tuple[str, ...]:
    """The same in few words, with readings as `teikyaku.furigana.segments` takes them."""
    lines = [
        "前《まえ》に わたした 紙《かみ》（代理受領通知書《だいりじゅりょうつうちしょ》）は、"
        "まちがいに なりました。つかわないで ください。",
    ]
    if why is Gone.WITHDRAWN:
        return (
            *lines,
            "この 月《つき》の しえんの お金《かね》は、だれにも いただきません。",
            *_PLAIN_BACK[:is_received],
            _PLAIN_NOTHING,
        )
    if why is Gone.CORRECTED:
        lines.append(
            "この 月《つき》の お金《かね》を けいさん しなおしました。"
            f"あなたが はらう お金《かね》は {payable_yen:,}円《えん》です。"
        )
    else:
        lines.append("市町村《しちょうそん》からの お金《かね》は、まだ もらって いません。")
    return (
        *lines,
        "市町村《しちょうそん》から 正《ただ》しい お金《かね》を もらったら、"
        "新《あたら》しい 紙《かみ》で お知《し》らせします。",
        _PLAIN_NOTHING,
    )
