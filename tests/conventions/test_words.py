"""One word for one thing: on the pages of offices the words that lost are not written any more."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What lost, and what is written instead.
LOST = {
    "ぜんたい": "全体",
    "会えず": "会えなかった",
    "前回": "最後の面談",
    "期限切れ": "期限が過ぎた",
    "過ぎたまま": "期限が過ぎた",
    "本人に共有": "本人に渡す",
    "レポート未共有": "レポートを渡していない",
    "レポートを共有": "レポートを渡す",
    "共有を記録しました": "渡したことを記録しました",
    '"印刷"': "印刷する",
    "一覧（XLSX）": "Excelで保存（XLSX）",
    "一年分（XLSX）": "一年分をExcelで保存（XLSX）",
    "住民税": "市町村民税",
    "ひな形": "見本のファイル",
}
# Wards, the city and administrators have their own pages; a paper is written for its reader.
ELSEWHERE = (
    "templates/plans/ward/", "templates/accounts/", "templates/documents/", "templates/desk/guide/",
    "templates/desk/city", "templates/desk/components.html", "teikyaku/desk/guide/",
    "teikyaku/desk/demo/", "teikyaku/accounts/", "/migrations/",
)  # fmt: skip
# Where a word is somebody else's, or says another thing.
EXCEPTIONS = {
    # Headings of sheets that offices bring with them.
    "前回": {
        "plans/rules/move_in_heads.py", "plans/move_in_columns.py", "plans/rules/move_in_questions.py",
    },
    # The state of months before an office came, beside 未請求.
    "期限切れ": {
        "teikyaku/desk/views/office_start.py", "teikyaku/desk/queries/office_start.py",
        "templates/desk/move_ins.html",
    },
}  # fmt: skip


def texts():
    """Every template and module of the pages of an office, by its path."""
    for root in ("templates", "clients", "plans", "billing", "teikyaku"):
        for path in sorted((ROOT / root).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.suffix in (".html", ".py") and not any(part in name for part in ELSEWHERE):
                yield name, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", LOST)
def test_the_word_that_lost_is_not_written(word):
    allowed = EXCEPTIONS.get(word, set())
    found = [name for name, text in texts() if word in text and name not in allowed]
    assert not found, f"「{word}」→「{LOST[word]}」: {found}"


@pytest.mark.parametrize("word", EXCEPTIONS)
def test_no_exception_is_left_over(word):
    written = {name for name, text in texts() if word in text}
    assert not EXCEPTIONS[word] - written
