"""Fonts for printing: which files are used, and which characters they can show.

A PDF with a character that no font holds shows a box, and a name with a box is a wrong name. So the
characters are looked up here, before a paper is made and already where a name is typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import noto_cjk
import typst
from fontTools.ttLib import TTFont

_STYLES = ("regular", "bold")
# A character, and the selector that may ask for one of its variant forms (異体字セレクタ).
_CHARACTERS = re.compile("(.)([\ufe00-\ufe0d\U000e0100-\U000e01ef]?)", re.DOTALL)
# Line ends, tab, and what is never drawn: soft hyphen, joiners, text or emoji presentation.
_WITHOUT_SHAPE = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f")


class NoFontsError(RuntimeError):
    """No Japanese font is at hand; the message says what to install or set."""


class FontSet:
    """The fonts of the directories given, or those of the noto-cjk wheel, in that order of families."""

    def __init__(self, directories: Sequence[str] = ()) -> None:
        """Open the fonts. Raises NoFontsError where none of them can show Japanese."""
        self.fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=list(directories) or _wheel_directories(),
        )
        self.families = list(dict.fromkeys(font.family for font in self.fonts.fonts()))
        self._characters: set[str] = set()
        self._variants: set[str] = set()
        for font in self.fonts.fonts():
            if font.path is not None:
                self._read(Path(font.path), font.index)
        if "あ" not in self._characters:
            raise NoFontsError(
                f"FONT_DIRS に日本語のフォントが見つかりません：{', '.join(directories)}"
            )

    def missing(self, text: str) -> list[str]:
        """The characters of `text` that cannot be shown, each once, in the order of the text.

        A character whose variant form is asked for but not held counts too, with its selector: the
        fonts would print the common form, which in a name is another spelling.
        """
        found: dict[str, None] = {}
        for character, selector in _CHARACTERS.findall(text):
            if character in _WITHOUT_SHAPE:
                continue
            has_variant = not selector or character + selector in self._variants
            if character not in self._characters or not has_variant:
                found[character + selector] = None
        return list(found)

    def _read(self, path: Path, index: int) -> None:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            table = font["cmap"]
            self._characters.update(map(chr, table.getBestCmap() or ()))
            for subtable in table.tables:
                for selector, pairs in getattr(subtable, "uvsDict", {}).items():
                    self._variants.update(chr(base) + chr(selector) for base, _glyph in pairs)


def code_point(character: str) -> str:
    """「﨑（U+FA11）」: a character that may not show, named so that it can be looked up."""
    codes = " ".join(f"U+{ord(part):04X}" for part in character)
    return f"{character}（{codes}）" if character.isprintable() else codes


def _wheel_directories() -> list[str]:
    try:
        paths = [noto_cjk.font_path("sans", "jp", style) for style in _STYLES]
    except noto_cjk.FontNotInstalled as error:
        raise NoFontsError(
            "日本語のフォントがありません。pip install 'noto-cjk[sans-jp]' で入れるか、"
            "FONT_DIRS にフォントのフォルダを指定してください。"
        ) from error
    return [str(path.parent) for path in paths]
