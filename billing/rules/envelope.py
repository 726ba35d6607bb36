"""封筒: what goes to whom, in the order to fold. Pure.

docs/rules.md §6, §8, §9: money goes to whoever pays or gets the post; a report to the person alone
unless shared otherwise; after a death nothing that is written for the person.
"""

from __future__ import annotations

from clients.rules.kinds import Labelled


class PaperKind(Labelled):
    """文書の種類, in the order in which they lie in the envelope."""

    PLAIN = "plain", "やさしい請求書（ふりがな）"
    INVOICE = "invoice", "請求書"
    REMINDER = "reminder", "お支払いのお知らせ"
    RECEIPT = "receipt", "領収書"
    GONE_NOTICE = "notice_withdrawal", "代理受領通知書の取り消しのお知らせ"
    NOTICE = "notice", "代理受領通知書"
    RECORD = "record", "サービス提供実績記録票"
    REPORT = "report", "支援レポート"
    PLAIN_REPORT = "plain_report", "やさしい支援レポート（ふりがな）"


class Reader(Labelled):
    """誰の封筒か whose envelope it is."""

    PERSON = "person", "本人"
    OTHER = "other", "支払者・郵便の宛先"


# What the person alone reads or signs; the other papers go to whoever pays.
OWN = (PaperKind.PLAIN, PaperKind.RECORD, PaperKind.REPORT, PaperKind.PLAIN_REPORT)
# What was written of the person: printed by those alone who may read it.
REPORTS = (PaperKind.REPORT, PaperKind.PLAIN_REPORT)
DIED = "亡くなった記録があります。本人あての文書は入れません。"
NO_PAYER = "亡くなった記録があります。支払者か郵便の宛先を登録すると、請求書などを入れられます。"
# Of who has left, not even a death is told.
GONE = "いまは支援していません。送り先を確かめ、1通ずつ印刷してください。"
# Of a month that was corrected since: what the paper says is no longer so.
NOTICE_OF_FORMER = "代理受領通知書は入れていません。訂正前の支払いの通知書です。取り消しのお知らせを出すか、再請求の支払いを記録して出し直してください。"
NOTICE_OF_WITHDRAWN = "代理受領通知書は入れていません。取り下げた月の支払いの通知書です。取り消しのお知らせを出せます。"
# Said to who packs without the right to read reports.
REPORT_ALONE = "本人あては、支援レポートだけの封筒になります。"
REPORT_TO_OTHER = "支援レポートは入れていません。郵便の宛先が本人ではありません。"


def kept_back(
    kind: PaperKind, *, has_died: bool, reader: Reader, is_death_told: bool = True
) -> str:
    """Why a paper does not go into this envelope; empty where it goes.

    `is_death_told`: whether the office still worked with the person when they died.
    """
    if has_died and kind in (*OWN, PaperKind.REMINDER):
        return DIED if is_death_told else GONE
    if has_died and reader is Reader.PERSON:
        return NO_PAYER if is_death_told else GONE
    if kind in REPORTS and reader is Reader.OTHER:
        return REPORT_TO_OTHER
    return ""
