"""PDFs: counted, searched for what acts by itself, and written anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any

import pikepdf
import pypdfium2
from django.utils.translation import gettext as _

from teikyaku.scans.pictures import Picture, picture_of
from teikyaku.scans.refused import ScanRefused

MOST_PAGES = 40
MOST_OBJECTS = 50_000
TRAILER_BYTES = 2048
# The picture of the first page, in pixels of its longer edge.
PAGE_EDGE = 1800
# Keys and kinds of action that run, start, send or carry something; links to pages may stay.
ACTIVE_KEYS = frozenset(
    {
        "/JS",
        "/JavaScript",
        "/EmbeddedFiles",
        "/EF",
        "/XFA",
        "/RichMediaContent",
        "/RichMediaSettings",
    }
)
ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition",
     "/RichMediaExecute", "/Movie", "/Sound"}
)  # fmt: skip
ACTIVE_TYPES = frozenset({"/EmbeddedFile", "/RichMedia", "/Movie", "/Screen", "/FileAttachment"})
# PDFium may be asked by one thread at a time.
_PDFIUM = Lock()


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF written anew, and its first page as a picture."""

    body: bytes
    pages: int
    first_page: Picture


def pdf_anew(body: bytes) -> Pdf:
    """Check a PDF and write it anew, without its description (author, programme, title).

    Raises ScanRefused for what is damaged, locked, too long, or does something when it is opened.
    """
    if b"%%EOF" not in body[-TRAILER_BYTES:]:
        raise ScanRefused(_("PDFが途中で切れています。"))
    try:
        with pikepdf.open(BytesIO(body)) as document:
            pages = len(document.pages)
            _refuse_length(document, pages)
            if acts_by_itself(document):
                raise ScanRefused(
                    _(
                        "開くと動く仕掛けや、別のファイルが入ったPDFです。印刷してスキャンしたものにしてください。"
                    )
                )
            written = _written(document)
    except pikepdf.PasswordError as error:
        raise ScanRefused(
            _("パスワードのかかったPDFです。パスワードを外して保存し直してください。")
        ) from error
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError) as error:
        if isinstance(error, ScanRefused):
            raise
        raise ScanRefused(_damaged()) from error
    return Pdf(written, pages, _first_page(written))


def acts_by_itself(document: pikepdf.Pdf) -> bool:
    """Whether any object of the document, also a packed one, runs, starts, sends or carries something."""
    return any(_is_active(each) for each in _dictionaries(document))


def _refuse_length(document: pikepdf.Pdf, pages: int) -> None:
    if pages == 0:
        raise ScanRefused(_damaged())
    if pages > MOST_PAGES or len(document.objects) > MOST_OBJECTS:
        raise ScanRefused(
            _("ページが多すぎます。%(most)dページまでに分けてください。") % {"most": MOST_PAGES}
        )


def _damaged() -> str:
    return _("PDFが壊れていて読めません。")


def _dictionaries(document: pikepdf.Pdf) -> Iterator[Any]:
    waiting: list[Any] = [document.trailer, *document.objects]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            inner = [value for _key, value in each.items()]
        elif isinstance(each, pikepdf.Array):
            inner = list(each)
        else:
            continue
        # What is numbered comes by itself.
        waiting += [
            value for value in inner if isinstance(value, pikepdf.Object) and not value.is_indirect
        ]


def _is_active(each: Any) -> bool:
    if any(key in ACTIVE_KEYS for key in each.keys()):  # noqa: SIM118  (no mapping of Python's)
        return True
    return (
        str(each.get("/S", "")) in ACTIVE_ACTIONS
        or str(each.get("/Type", "")) in ACTIVE_TYPES
        or str(each.get("/Subtype", "")) in ACTIVE_TYPES
    )


def _written(document: pikepdf.Pdf) -> bytes:
    for owner, key in ((document.trailer, "/Info"), (document.Root, "/Metadata")):
        if key in owner:
            del owner[key]
    written = BytesIO()
    document.save(written, deterministic_id=True, compress_streams=True)
    return written.getvalue()


def _first_page(body: bytes) -> Picture:
    try:
        with _PDFIUM, pypdfium2.PdfDocument(body) as document:
            page = document[0]
            scale = PAGE_EDGE / max(*page.get_size(), 1)
            return picture_of(page.render(scale=min(scale, 8)).to_pil())
    except (pypdfium2.PdfiumError, ValueError, OSError, MemoryError) as error:
        raise ScanRefused(_damaged()) from error
