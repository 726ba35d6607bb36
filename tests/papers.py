"""Photos and PDFs for tests: drawn on the spot, the way phones and scanners make them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from clients.actions.attachment import attach_scan
from clients.models import Attachment, Enrolment
from teikyaku.accounts.models import Membership
from teikyaku.clock import at_noon
from teikyaku.scans import Scan, scan_of
from tests.cast import Cast

MOST = 15 * 1024 * 1024


def drawing(width: int = 400, height: int = 300, mark: str = "") -> Image.Image:
    """A sheet with a red square in its upper left corner, and a mark that makes it another one."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 4, height // 4), fill="red")
    draw.text((width // 2, height // 2), mark, fill="black")
    return image


def photo(kind: str = "JPEG", image: Image.Image | None = None, **how: Any) -> bytes:
    """A picture as a file."""
    written = BytesIO()
    (image or drawing()).save(written, kind, **how)
    return written.getvalue()


def phone_photo(turned: int = 6) -> bytes:
    """As a phone makes it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "架空電話"
    exif.get_ifd(0x8825)[2] = (35.0, 41.0, 22.0)
    return photo(exif=exif, comment=b"secret-comment")


def pdf(pages: int = 1, change: Any = None, **how: Any) -> bytes:
    """A PDF of blank pages; `change` may put something into it."""
    document = pikepdf.new()
    for _page in range(pages):
        document.add_blank_page(page_size=(595, 842))
    if change:
        change(document)
    written = BytesIO()
    document.save(written, **how)
    return written.getvalue()


def scan(body: bytes | None = None) -> Scan:
    """A checked paper."""
    body = body or photo()
    return scan_of(BytesIO(body), size=len(body), most_bytes=MOST)


def upload(body: bytes | None = None, name: str = "scan.jpg") -> SimpleUploadedFile:
    """A file as a browser sends it; what it says of itself counts for nothing."""
    return SimpleUploadedFile(name, body or photo(), content_type="application/octet-stream")


def attached(
    cast: Cast, enrolment: Enrolment | None = None, *, by: Membership | None = None,
    mark: str = "", **facts: Any,
) -> Attachment:  # fmt: skip
    """A paper on file."""
    return attach_scan(
        enrolment=enrolment or cast.enrolment, scan=scan(photo(image=drawing(mark=mark))),
        by=by or cast.members["worker"], at=at_noon(cast.today),
        **{"kind": "certificate", "dated_on": cast.today, **facts},
    )  # fmt: skip
