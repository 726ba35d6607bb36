"""Printing: a document template and its data become a PDF.

Templates are Typst files in templates/documents; each says at its top which keys it expects. The
same data give the same bytes, so an issued paper is kept as data and printed again at any time. The
PDFs are PDF/A-2b, to be kept for years, and PDF/UA-1, to be read aloud.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import typst
from django.conf import settings

from teikyaku.fonts import FontSet, code_point

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "documents"
_STANDARDS: list[typst.PDFStandard] = ["a-2b", "ua-1"]


class PrintingError(RuntimeError):
    """Template and data do not fit together: a mistake of ours; it says where, and shows no values."""


class PrintingWarning(UserWarning):
    """The template was set, but Typst has a remark on it. The tests turn it into an error."""


class UnprintableError(ValueError):
    """Characters that no font holds; the message in Japanese names them and their keys."""

    def __init__(self, places: Mapping[str, Sequence[str]]) -> None:
        """`places`: key within the data → characters that cannot be printed there."""
        self.places = {key: tuple(characters) for key, characters in places.items()}
        self.characters = tuple(dict.fromkeys(sum(self.places.values(), ())))
        names = "、".join(map(code_point, self.characters))
        super().__init__(
            f"印刷できない文字があります：{names}。"
            "別の字に直すか、この字のあるフォントを FONT_DIRS に加えてください。"
            f"（{'、'.join(self.places)}）"
        )


class Printer:
    """One compiler with its fonts, kept as long as the process: opening fonts is what takes time."""

    def __init__(self, font_dirs: Sequence[str] = (), templates: Path = TEMPLATES) -> None:
        """Raises NoFontsError where no Japanese font is found."""
        self.font_set = FontSet(font_dirs)
        self._templates = templates
        # Two threads in one compiler end in "Already borrowed".
        self._lock = Lock()
        self._compiler = typst.Compiler(
            root=str(templates), font_paths=self.font_set.fonts, ignore_system_fonts=True
        )

    def pdf(self, template: str, data: Mapping[str, object]) -> bytes:
        """The PDF of `template` ("invoice") with `data`; see the function `pdf`."""
        path = self._templates / f"{template}.typ"
        if not path.is_file():
            raise PrintingError(f"様式 {template} がありません。")
        self._refuse_unprintable(data)
        try:
            text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise PrintingError(f"様式 {template}: data must be plain JSON: {error}") from error
        return self._compile(path, text)

    def missing_in(self, data: Mapping[str, object]) -> dict[str, list[str]]:
        """Where data hold characters that no font has: key → these characters."""
        places = {key: self.font_set.missing(text) for key, text in _texts(data)}
        return {key: characters for key, characters in places.items() if characters}

    def _refuse_unprintable(self, data: Mapping[str, object]) -> None:
        places = self.missing_in(data)
        if places:
            raise UnprintableError(places)

    def _compile(self, path: Path, text: str) -> bytes:
        inputs = {"data": text, "fonts": json.dumps(self.font_set.families)}
        try:
            with self._lock:
                made, remarks = self._compiler.compile_with_warnings(
                    str(path), format="pdf", sys_inputs=inputs, pdf_standards=_STANDARDS
                )
        except typst.TypstError as error:
            hints = "".join(f"\n{hint}" for hint in error.hints)
            raise PrintingError(f"様式 {path.stem}: {error.diagnostic}{hints}") from error
        for remark in remarks:
            warnings.warn(f"{path.stem}: {remark.diagnostic}", PrintingWarning, stacklevel=4)
        if not isinstance(made, bytes):
            raise PrintingError(f"様式 {path.stem}: no PDF came out.")
        return made


def pdf(
    template: str, data: Mapping[str, object], *, font_dirs: Sequence[str] | None = None
) -> bytes:
    """The PDF of templates/documents/<template>.typ with `data`, plain JSON values without dates.

    Raises UnprintableError for characters without a shape, PrintingError for a key that the template
    expects and does not find, NoFontsError where fonts are missing. `font_dirs` stands in for the
    setting FONT_DIRS.
    """
    return _printer(_directories(font_dirs)).pdf(template, data)


def missing_glyphs(text: str, *, font_dirs: Sequence[str] | None = None) -> list[str]:
    """The characters of `text` that no paper can show, each once; empty when all is well."""
    return _printer(_directories(font_dirs)).font_set.missing(text)


def missing_in(
    data: Mapping[str, object], *, font_dirs: Sequence[str] | None = None
) -> dict[str, list[str]]:
    """What of `data` no paper can show: key ("texts.goals") → characters; empty when all is well."""
    return _printer(_directories(font_dirs)).missing_in(data)


def _directories(font_dirs: Sequence[str] | None) -> tuple[str, ...]:
    if font_dirs is None:
        font_dirs = getattr(settings, "FONT_DIRS", []) if settings.configured else []
    return tuple(map(str, font_dirs))


@lru_cache(maxsize=4)
def _printer(font_dirs: tuple[str, ...]) -> Printer:
    return Printer(font_dirs)


def _texts(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the data with the path of its key: "addressee.name", "lines.2.label"."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts(part, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for position, part in enumerate(value):
            yield from _texts(part, f"{key}.{position}")
