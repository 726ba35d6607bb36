"""Papers of a fictional city, drawn: each says 見本 all over and belongs to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO

import noto_cjk
from PIL import Image, ImageDraw, ImageFont

from teikyaku.scans import Scan, scan_of

# A4 at some 110 dots an inch, and the table on which a photo is taken.
WIDTH, HEIGHT, MARGIN = 910, 1286, 80
INK, SOFT, TABLE = "#222222", "#777777", "#8a7a66"
MOST_BYTES = 10_000_000
Lines = Sequence[tuple[str, str]]

CERTIFICATE: tuple[tuple[str, Lines], ...] = (
    (
        "障害福祉サービス受給者証（一）",
        (
            ("受給者証番号", "９９９９９９９９９９"),
            ("支給決定障害者等　氏名", "見本　太郎"),
            ("居住地", "架空市見本町一丁目"),
            ("生年月日", "平成２年１月１日"),
            ("交付年月日", "令和８年４月１日"),
            ("支給市町村名及び印", "架空市　　　　　（印）"),
        ),
    ),
    (
        "訓練等給付費の支給決定内容（二）",
        (
            ("サービス種別", "就労定着支援"),
            ("支給量等", "当該月の日数"),
            ("支給決定期間", "令和８年４月１日から令和９年３月３１日まで"),
            ("利用者負担割合", "１割"),
            ("負担上限月額", "９，３００円"),
            ("適用期間", "令和８年４月１日から令和９年３月３１日まで"),
            ("利用者負担上限額管理対象者該当の有無", "非該当"),
        ),
    ),
)
CONSENT: tuple[str, Lines] = (
    "個人情報の提供に関する同意書",
    (
        ("提供する相手", "家族・就労先"),
        ("提供する内容", "支援レポート"),
        ("使う目的", "働き続けるための支援"),
        ("取りやめ", "いつでもできます"),
        ("日付", "令和８年４月１日"),
        ("署名", "見本　太郎"),
    ),
)
SUPPORT_PLAN: tuple[tuple[str, Lines], ...] = (
    (
        "個別支援計画書",
        (
            ("利用者名", "見本　太郎"),
            ("本人の希望", "この会社で長く働きたい。"),
            ("長期目標", "困ったときに自分から相談できる。"),
            ("短期目標", "毎日、元気に通う。"),
            ("支援の内容", "月に一度会い、困りごとを一緒に整理する。"),
            ("見直しの時期", "六か月後"),
        ),
    ),
    (
        "個別支援計画書（説明と同意）",
        (
            ("説明した日", "令和８年４月１日"),
            ("説明した人", "サービス管理責任者　見本　花子"),
            ("同意の署名", "見本　太郎"),
            ("交付した日", "令和８年４月２日"),
        ),
    ),
)
EMPLOYMENT: tuple[str, Lines] = (
    "労働条件通知書",
    (
        ("氏名", "見本　太郎"),
        ("契約期間", "期間の定めなし"),
        ("就業の場所", "株式会社 見本"),
        ("業務の内容", "品出し、清掃"),
        ("始業・終業", "９時００分から１６時００分まで（休憩６０分）"),
        ("休日", "土曜、日曜、祝日"),
        ("賃金", "時給　１，１００円"),
    ),
)


@cache
def certificate_scans() -> tuple[Scan, ...]:
    """Two photos of a certificate, lying on a table."""
    return tuple(_photo(_sheet(title, lines)) for title, lines in CERTIFICATE)


@cache
def consent_scan() -> Scan:
    """A photo of a signed consent."""
    return _photo(_sheet(*CONSENT))


@cache
def support_plan_scan() -> Scan:
    """A scanned support plan of two pages."""
    first, *others = (_sheet(title, lines) for title, lines in SUPPORT_PLAN)
    written = BytesIO()
    first.save(written, "PDF", save_all=True, append_images=others, resolution=110)
    return _checked(written.getvalue())


@cache
def employment_scan() -> Scan:
    """A photo of the terms of a job."""
    return _photo(_sheet(*EMPLOYMENT))


@cache
def _font(size: int, style: str = "regular") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(noto_cjk.font_path("sans", "jp", style)), size)


def _sheet(title: str, lines: Lines) -> Image.Image:
    sheet = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((WIDTH // 2, 110), title, INK, _font(36, "bold"), anchor="mm")
    top, step = 190, 118
    for number, (label, value) in enumerate(lines):
        y = top + number * step
        draw.rectangle((MARGIN, y, WIDTH - MARGIN, y + step), outline=SOFT, width=2)
        draw.text((MARGIN + 20, y + 16), label, SOFT, _font(22))
        draw.text((MARGIN + 20, y + 56), value, INK, _font(30))
    draw.text((WIDTH // 2, HEIGHT - 70), "架空の書類です（見本）", SOFT, _font(22), anchor="mm")
    return _marked(sheet)


def _marked(sheet: Image.Image) -> Image.Image:
    """見本 across the sheet, pale enough to read through."""
    layer = Image.new("L", sheet.size, 0)
    mark = ImageDraw.Draw(layer)
    mark.text((WIDTH // 2, HEIGHT // 2), "見 本", 46, _font(300, "bold"), anchor="mm")
    sheet.paste(Image.new("RGB", sheet.size, "#c0392b"), mask=layer.rotate(30))
    return sheet


def _photo(sheet: Image.Image) -> Scan:
    """As held under a phone: a little askew, the table around it."""
    table = Image.new("RGB", (WIDTH + 160, HEIGHT + 160), TABLE)
    outline = Image.new("L", sheet.size, 255)
    turned = sheet.rotate(1.5, Image.Resampling.BICUBIC, expand=True)
    table.paste(turned, (60, 60), outline.rotate(1.5, Image.Resampling.BICUBIC, expand=True))
    written = BytesIO()
    table.save(written, "JPEG", quality=80)
    return _checked(written.getvalue())


def _checked(body: bytes) -> Scan:
    return scan_of(BytesIO(body), size=len(body), most_bytes=MOST_BYTES)
