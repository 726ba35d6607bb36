"""What is worth a look about whoever goes into a claim file: said beside the name, before it is made."""

from __future__ import annotations

from billing.kokuhoren.fields import KANA_BYTES, is_kana_too_long
from billing.queries.city_words import answered_report_day
from billing.queries.claim_parts import NETWORK, ClaimFacts, first_use_on
from billing.queries.claim_rows import ClaimRow
from teikyaku.era import both


def note_of(each: ClaimRow, facts: ClaimFacts) -> str:
    """Sentences about one person, "" where nothing is unusual."""
    month = facts.month
    kinds = {line.kind for line in each.row.lines.all()}
    state = each.correction
    found = []
    if state is not None:
        is_again = state.was_claimed or state.petition is not None
        found.append("訂正した月の再請求です。" if is_again else "訂正した月です。")
    if not facts.omits_names and each.support and is_kana_too_long(each.support.kana):
        found.append(
            f"ふりがなが半角で{KANA_BYTES}字を超えるため、氏名カナを空欄にしたファイルになります。"
            "空欄でもよい項目で、受給者証番号で分かります。ふりがなは直さなくてかまいません。"
        )
    if each.conferences and not kinds & set(NETWORK):
        found.append(
            "地域連携会議の記録がありますが、締めた月に加算がないため、実績記録票に書きません。"
        )
    if "initial" in kinds:
        first = first_use_on(each.contracts, month)
        if first is None:
            found.append("初期加算の月に利用開始日がないため、実績記録票の利用開始日は空欄です。")
        elif not month.contains(first):
            found.append(
                f"初期加算の月より前の利用開始日（{both(first)}）を、実績記録票に書きます。"
            )
    if (day := answered_report_day(each.city)) is not None and each.report_day == day:
        found.append(f"支援レポート共有日は{both(day)}です（市町村の回答）。")
    return "".join(found)
