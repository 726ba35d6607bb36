"""Files of a core system that cannot be read: told why, nothing is kept."""

import pytest

from plans.models import CoreUpload
from teikyaku.table_files import MAX_BYTES, MAX_ROWS
from tests.ward.conftest import ERROR
from tests.ward.test_core_upload import HEAD, hand_in


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "何も入っていません"),
        (b"PK\x03\x04 rest", "表計算ソフト"),
        ("番号".encode("utf-16"), "UTF-16"),
        (b"\x81\xff\xfe\x00", "文字コード"),
        ("受給者証番号,カナ氏名\n".encode(), "生年月日、支給決定期間開始、支給決定期間終了"),
        (",".join([*HEAD, "証番号"]).encode() + b"\n1", "同じ列が二つあります：受給者証番号"),
        (",".join(HEAD).encode(), "見出しの行だけ"),
        (",".join(HEAD).encode() + b'\n"1', "CSVとして読めません"),
        (b"x" * (MAX_BYTES + 1), "大きすぎます"),
        (",".join(HEAD).encode() + b"\n1" * (MAX_ROWS + 1), "2,000行より多い"),
    ],
    ids=["empty", "xlsx", "utf16", "bytes", "missing", "twice", "head", "quote", "bytes1MB", "rows"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_why(counter, body, words):
    answer = hand_in(counter, body)
    assert answer.status_code == ERROR
    assert words in answer.content.decode()
    assert not CoreUpload.objects.exists()
