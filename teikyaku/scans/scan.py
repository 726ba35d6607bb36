"""What may be kept of a file that somebody sent: decided by its bytes, never by name or header.

Nothing is stored as it came. A picture is decoded and drawn anew, so that place, camera and whatever
hides behind the last pixel stay outside; a PDF is written anew from the objects that it really uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from django.utils.translation import gettext as _

from teikyaku.scans.pdfs import pdf_anew
from teikyaku.scans.pictures import picture_anew, thumbnail_of
from teikyaku.scans.refused import ScanRefused

__all__ = ["Scan", "ScanRefused", "scan_of", "size_label"]

JPEG, PDF = "image/jpeg", "application/pdf"
MEGABYTE = 1024 * 1024
# Where the kind of a file stands in its first bytes.
HEAD_BYTES = 16
# Pictures as iPhones keep them: "ftyp" and one of these brands.
APPLE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")


@dataclass(frozen=True, slots=True)
class Scan:
    """One paper, ready to be stored."""

    content_type: str
    body: bytes
    picture: bytes
    """The first page of a PDF as a JPEG; empty where the body is a picture itself."""
    thumbnail: bytes
    width: int
    height: int
    """Pixels of what is shown beside a form."""
    pages: int

    @property
    def sha256(self) -> str:
        """The digest of the body, in hex."""
        return sha256(self.body).hexdigest()


def size_label(count: int) -> str:
    """「15MB」: bytes as people say them."""
    if count >= MEGABYTE:
        return f"{count / MEGABYTE:.1f}".removesuffix(".0") + "MB"
    return f"{max(1, round(count / 1024))}KB"


def scan_of(file: BinaryIO, *, size: int, most_bytes: int) -> Scan:
    """Check `file` of `size` bytes and make it anew.

    Raises ScanRefused, whose text is for the person who sent it, for what is too large, no picture
    or PDF, damaged, or does something when it is opened.
    """
    if size > most_bytes:
        raise ScanRefused(
            _("大きすぎます（%(got)s）。1つ%(most)sまでです。")
            % {"got": size_label(size), "most": size_label(most_bytes)}
        )
    if size == 0:
        raise ScanRefused(_("空のファイルです。"))
    body = file.read(most_bytes + 1)
    kind = _kind_of(body[:HEAD_BYTES])
    if kind == "PDF":
        return _of_pdf(body)
    return _of_picture(body, kind)


def _of_picture(body: bytes, kind: str) -> Scan:
    drawn = picture_anew(body, kind)
    return Scan(JPEG, drawn.body, b"", thumbnail_of(drawn.body), drawn.width, drawn.height, 1)


def _of_pdf(body: bytes) -> Scan:
    found = pdf_anew(body)
    first = found.first_page
    return Scan(
        PDF,
        found.body,
        first.body,
        thumbnail_of(first.body),
        first.width,
        first.height,
        found.pages,
    )


def _kind_of(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith(b"%PDF-"):
        return "PDF"
    if head[4:8] == b"ftyp" and head[8:12] in APPLE_BRANDS:
        raise ScanRefused(
            _(
                "iPhoneの形式（HEIC）は読めません。「設定 → カメラ → フォーマット → 互換性優先」で撮るか、JPEGにしてください。"
            )
        )
    raise ScanRefused(_("写真（JPEG・PNG・WebP）かPDFではありません。"))
