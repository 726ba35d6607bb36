"""What is sent: what a form takes, and what nobody should send."""

from __future__ import annotations

import random
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django import forms
from hypothesis import strategies as st
from PIL import Image

from teikyaku import fields as own
from tests.fuzz.reading import Control

Files = tuple[str, bytes]
Data = dict[str, list[str]]
FAR_TOO_LONG = 70_000


def valid(control: Control, field: Any, on: date, chance: random.Random) -> list[str]:
    """One answer that the field takes by itself."""
    offered = [value for value in control.choices if value]
    if control.kind in ("select", "radio"):
        return [chance.choice(offered)] if offered else [""]
    if control.kind in ("checkbox", "multiple"):
        return [value for value in offered if chance.random() < 0.5]
    if control.kind in ("hidden", "submit"):
        return control.values[:1] or control.choices[:1]
    if any(control.values) and chance.random() < 0.6:
        return list(control.values)
    return [_text(control.name, field, on, chance)]


def _text(name: str, field: Any, on: date, chance: random.Random) -> str:  # noqa: PLR0911
    day = on + timedelta(days=chance.choice((0, 0, 0, 1, -1, 10, -10, -40, 200, -400)))
    if isinstance(field, forms.DateField) or name.endswith(("_on", "date")):
        return day.isoformat()
    if isinstance(field, own.MonthField) or name.endswith("month"):
        return f"{day:%Y-%m}"
    if isinstance(field, own.DigitsField):
        return "".join(chance.choices("0123456789", k=field.length))
    if isinstance(field, own.KanaField):
        return "しけん じろう"
    if isinstance(field, own.PhoneField):
        return "025-000-0000"
    if isinstance(field, own.PostalCodeField):
        return "950-0001"
    if isinstance(field, forms.EmailField):
        return f"new{chance.randrange(99)}@example.jp"
    if isinstance(field, own.WorkingHoursField):
        return "20"
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        low, high = int(field.min_value or 0), int(field.max_value or 9_999)
        return str(chance.choice((low, chance.randint(low, max(low, min(high, low + 5_000))))))
    return chance.choice(("試しの言葉", "あ", "確認しました。\n二行目", "1500000001", "43"))


# --- What nobody should send ------------------------------------------------------------------------

STRANGE = (
    "", " ", "　", "\x00", "あ\x00い", "\ud800", "あ\udfffい", "\ufeff", "\u202eabc", "\x1b[31m", "\x0b",
    "０", "１２３４５", "２０２６-０４-０１", "令和8年4月1日", "R8.4.1", "令和99年13月40日", "平成31年5月1日", "昭和",
    "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-29", "2026-02-30", "1868-10-22", "1900-01-01",
    "2199-12-31", "2026-13", "9999-12", "0001-01", "0000-00-00", "12/31", "2/29", "2026-04-01T00:00",
    "-1", "-0", "0", "1", "2147483648", "9223372036854775807", "9223372036854775808", "1" * 400, "-" + "9" * 30,
    "1e309", "1e5", "NaN", "nan", "Infinity", "-inf", "0x10", "1_000", "1,2,3", "１，０００円", "¥-5", "△500",
    "0.1", "1.005", ".", "..", "../../etc/passwd", "<script>alert(1)</script>", "'; DROP TABLE x;--", "%s%(a)s",
    "{{ x }}", "true", "false", "on", "None", "null", "[]", "{}", '{"a": 1}', "²", "٣", "½", "一〇〇",
    "00000000-0000-0000-0000-000000000000", "not-a-uuid", "あ" * 5_000, "x" * FAR_TOO_LONG, "\n" * 300,
    "a@b", "a@@example.jp", "http://", "//evil.example", "javascript:alert(1)", "👨‍👩‍👧‍👦", "𠮷野家", "ｶﾞｷﾞ", "が",
)  # fmt: skip


def nonsense(own_ids: list[str], others: list[str]) -> st.SearchStrategy[str]:
    """A value that may not fit; ids are of the own office and of others, where they do not belong."""
    return st.one_of(
        st.sampled_from(STRANGE),
        st.sampled_from(STRANGE),
        st.sampled_from(others),
        st.sampled_from(own_ids),
        st.text(max_size=40),
        st.text(alphabet="0123456789-/.年月日令和RHS０１２３ ", max_size=14),
        st.integers().map(str),
        st.floats().map(str),
        st.dates(date(1, 1, 1), date(9999, 12, 31)).map(lambda day: day.isoformat()),
        st.uuids().map(lambda found: str(UUID(str(found)))),
    )


def _picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return file.getvalue()


PICTURE = _picture()
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>"
FILES: tuple[Files, ...] = (
    ("a.png", PICTURE), ("a.pdf", PDF), ("a.csv", "氏名,ふりがな,生年月日\r\n試験 太郎,しけん,1990-01-02\r\n".encode("cp932")),
    ("b.csv", "氏名\n\x00\n".encode()), ("c.csv", b"\xff\xfe\x00\xd8"), ("d.csv", b""), ("e.csv", b'"unclosed'),
    ("e.xlsx", b"PK\x03\x04 no workbook"), ("f.xlsx", b""), ("../../g.pdf", PDF), ("h\x00.pdf", PDF),
    ("あ" * 300 + ".pdf", PDF), ("i.exe", b"MZ"), ("j.png", PICTURE[:20]), ("k.pdf", b"%PDF-"), ("", b"x"),
    ("l.txt", b"1" * 200_000), ("m.csv", b"," * 20_000), ("n.csv", b"1,2\n" * 3_000), ("o.jpg", b"\xff\xd8\xff"),
    ("p.svg", b"<svg onload='alert(1)'/>"), ("q.toml", b"a = [1"), ("r.json", b"{"),
)  # fmt: skip
