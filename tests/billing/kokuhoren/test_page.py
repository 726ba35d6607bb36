"""請求ファイルを確かめる: any file on the page, nothing kept, and the command that does the same."""

from __future__ import annotations

import re
from io import StringIO, UnsupportedOperation

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from billing.forms import claim_file
from billing.kokuhoren import report as kokuhoren_report
from billing.kokuhoren.report import LINES_SHOWN, MOST_COUNTED, MOST_FINDINGS, report
from teikyaku.accounts.models import AuditEvent
from teikyaku.desk.management.commands.check_claim_file import GONE
from tests.access.test_matrix import sign_in
from tests.billing.kokuhoren.cases import claim, statement, with_value


def sent(client, source: bytes, name: str = "S2605001.CSV", **more: str):
    file = SimpleUploadedFile(name, source, content_type="text/csv")
    return client.post(reverse("claim_file_check"), {"file": file, **more})


def words(answer) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


def test_a_sound_file(client, cast):
    sign_in(client, cast, "billing")
    answer = sent(client, claim())
    assert answer.status_code == 200
    assert "9行、1人分。直すところは見つかりませんでした。" in words(answer)
    assert "4行目 明細書（J121:01）" in words(answer)
    assert "利用者負担上限月額① 9,300円" in words(answer)
    assert "10.000円" in words(answer)
    assert "令和7年10月1日" in words(answer)
    assert (
        "2,4,J121,01,202604,151035,1599900015,9100000011,,&quot;ﾐﾎﾝ ﾀﾛｳ&quot;"
        in answer.content.decode()
    )


def test_findings_with_line_field_and_reason(client, cast):
    sign_in(client, cast, "billing")
    answer = sent(client, with_value(claim(), 7, 22, "1"))
    assert "直すところが 2件あります。" in words(answer)
    assert "7行目 直す 給付費 「1」：総費用額−決定利用者負担額は31,608です。" in words(answer)
    # The file is shown from the first finding on.
    assert answer.context["report"].first == 4


def test_sample_codes_are_told_once_and_are_no_faults(client, cast, tmp_path):
    """Those of a demo (ZZ…): the rest of the file is checked as any other."""
    source = claim().replace(b"47ZZ01", b"ZZ0001").replace(b"47ZZ00", b"ZZ0000")
    sign_in(client, cast, "billing")
    answer = sent(client, source)
    assert answer.context["report"].faults == 0
    assert words(answer).count("見本のコード") == 1
    assert "見本のコード（ZZで始まる）が2か所にあります。国保連には送れません。" in words(answer)
    path = tmp_path / "S2605001.CSV"
    path.write_bytes(source)
    out = StringIO()
    call_command("check_claim_file", str(path), stdout=out)
    assert out.getvalue().count("見本のコード") == 1
    path.write_bytes(source.replace(b",3512,1,", b",3511,1,"))
    with pytest.raises(CommandError):
        call_command("check_claim_file", str(path), stdout=out)


def test_a_chosen_line(client, cast):
    sign_in(client, cast, "billing")
    assert sent(client, claim(), first="6").context["report"].first == 6
    assert sent(client, claim(), first="５").context["report"].first == 5
    assert sent(client, claim(), first="99").context["report"].last == 9


@pytest.mark.parametrize("typed", ["0", "-1", "abc", "99999999999"])
def test_a_line_that_cannot_be(client, cast, typed):
    sign_in(client, cast, "billing")
    answer = sent(client, claim(), first=typed)
    assert answer.status_code == 422
    assert "first" in answer.context["form"].errors
    assert f'value="{typed}"' in answer.content.decode()


def test_a_file_that_is_missing_empty_or_large(client, cast, monkeypatch):
    sign_in(client, cast, "billing")
    answer = client.post(reverse("claim_file_check"), {})
    assert answer.status_code == 422
    assert "ファイルを選んでください。" in words(answer)
    assert "ファイルに何も入っていません。" in words(sent(client, b""))
    monkeypatch.setattr(claim_file, "MAX_BYTES", 100)
    answer = sent(client, claim())
    assert answer.status_code == 422
    assert "ファイルが大きすぎます（1MBまで）。" in words(answer)


@pytest.mark.parametrize(
    "source",
    [
        b"\x00" * 5000,
        b"<script>alert(1)</script>\r\n" * 3,
        "請求".encode(),
        b"\xff\xfe\x00",
        b'"' * 999,
    ],
    ids=["zeros", "html", "utf-8", "utf-16", "quotes"],
)
def test_any_file_is_answered(client, cast, source):
    sign_in(client, cast, "billing")
    answer = sent(client, source, "何か.bin")
    assert answer.status_code == 200
    assert "直すところが" in words(answer)
    assert "<script>alert" not in answer.content.decode()


def test_nothing_of_the_file_is_kept(client, cast):
    sign_in(client, cast, "billing")
    before = AuditEvent.objects.count()
    answer = sent(client, claim())
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.count() == before


def test_a_file_with_many_doubts_is_not_called_sound(client, cast, monkeypatch):
    monkeypatch.setattr(kokuhoren_report, "MOST_COUNTED", 1)
    sign_in(client, cast, "billing")
    page = words(sent(client, with_value(claim(), 4, 14, "01")))
    assert "途中で読むのをやめました。" in page
    assert "直すところは見つかりませんでした。" not in page


def test_the_month_leads_there(client, cast):
    url = reverse("claim_file_check")
    for key, may in (("billing", True), ("manager", False)):
        sign_in(client, cast, key)
        page = client.get(reverse("month_latest"), follow=True).content.decode()
        assert (url in page) is may


def test_what_is_inferred_is_told(client, cast):
    sign_in(client, cast, "billing")
    page = words(client.get(reverse("claim_file_check")))
    assert "実績記録票（J611:01）の様式種別番号 いつも「2201」と書きます。" in page
    assert "2026年11月26日 から、このように読んでいます。" in page


def test_long_files_are_shown_in_part():
    people = [statement(certificate=f"91{number:08d}") for number in range(100)]
    source = claim(*people)
    found = report(source, "", None)
    assert (found.lines, found.people, found.faults) == (504, 100, 0)
    assert (found.first, found.last) == (1, LINES_SHOWN)
    assert report(source, "", 490).last == 504
    assert report(source, "", 9999).last == 504
    broken = report(source.replace(b"\r\n", b"\n"), "", None)
    assert broken.faults == 504
    assert len(broken.findings) == MOST_FINDINGS
    assert broken.left_out == 304
    assert not broken.is_cut


def test_a_file_of_another_kind_is_not_read_to_its_end():
    found = report(b"\n" * 100_000, "", None)
    assert (found.faults + found.doubts, found.is_cut) == (MOST_COUNTED, True)
    assert found.lines < 1_000
    assert len(found.shown) == LINES_SHOWN


def run(*names: object) -> tuple[str, bool]:
    """What the command says, and whether it ends well."""
    out = StringIO()
    try:
        call_command("check_claim_file", *map(str, names), stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}", False
    return out.getvalue(), True


def test_the_command(tmp_path):
    good, bad = tmp_path / "S1.CSV", tmp_path / "S2.CSV"
    good.write_bytes(claim())
    bad.write_bytes(with_value(claim(), 7, 22, "1"))
    assert run(good) == (f"{good}: 9行、1人分。直すところは見つかりませんでした。\n", True)
    said, is_well = run(good, bad)
    assert not is_well
    assert f"{bad}:7: 給付費: 「1」：総費用額−決定利用者負担額は31,608です。\n" in said
    assert said.endswith("直すところが2件あります。")
    said, is_well = run(tmp_path / "missing.CSV")
    assert not is_well
    assert "missing.CSV:0: ファイル全体: 開けませんでした" in said


def test_the_command_ends_quietly_when_nobody_reads_on(tmp_path):
    """`check_claim_file … | head`: no traceback, and no fault of a file that is sound."""
    bad = tmp_path / "S1.CSV"
    bad.write_bytes(with_value(claim(), 7, 22, "1"))

    class Gone(StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

        def fileno(self) -> int:
            raise UnsupportedOperation

    with pytest.raises(SystemExit) as ended:
        call_command("check_claim_file", str(bad), stdout=Gone())
    assert ended.value.code == GONE


def test_a_folder_is_no_file(tmp_path):
    said, is_well = run(tmp_path)
    assert not is_well
    assert "開けませんでした" in said


def test_the_command_sees_what_two_files_of_a_month_hold_both(tmp_path):
    first, second, later = (tmp_path / name for name in ("S1.CSV", "S2.CSV", "S3.CSV"))
    first.write_bytes(claim())
    second.write_bytes(claim())
    later.write_bytes(claim().replace(b",202605,", b",202606,", 1))
    said, is_well = run(first, later)
    assert (is_well, "にもあります" in said) == (True, False)
    said, is_well = run(first, second)
    assert is_well
    lines = [line for line in said.splitlines() if "にもあります" in line]
    assert [line.split(": 行全体: ")[1][:9] for line in lines] == [
        "この市町村の請求書",
        "この方のこの月は、",
    ]
    assert all(f"同じ処理月の{first}の" in line for line in lines)


def test_a_doubt_is_no_fault_for_the_command(tmp_path):
    named = tmp_path / "long_name_of_a_file.CSV"
    named.write_bytes(claim())
    said, is_well = run(named)
    assert is_well
    assert "ファイル名" in said
    assert "（確認）" in said
