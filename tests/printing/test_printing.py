"""The printer: clear errors, no silent box, fonts of one's own, many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import noto_cjk
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from teikyaku.fonts import NoFontsError
from teikyaku.printing import (
    Printer,
    PrintingError,
    PrintingWarning,
    UnprintableError,
    missing_glyphs,
    pdf,
)
from tests.printing.samples import INVOICE, SUPPORT_REPORT

GAIJI = "\ue000"


@pytest.fixture(scope="module")
def font_dir(tmp_path_factory) -> Path:
    """A font of a few characters, one of them a 外字 in the private area."""
    font = TTFont(noto_cjk.font_path("sans", "jp", "regular"))
    subsetter = subset.Subsetter()
    subsetter.populate(text="あ髙様")
    subsetter.subset(font)
    for table in font["cmap"].tables:
        if ord("髙") in table.cmap:
            table.cmap[ord(GAIJI)] = table.cmap[ord("髙")]
    folder = tmp_path_factory.mktemp("fonts")
    font.save(folder / "gaiji.otf")
    return folder


def printer_of(folder: Path, source: str, font_dirs=()) -> Printer:
    (folder / "paper.typ").write_text(
        '#set document(title: "x", date: datetime(year: 2026, month: 4, day: 1))\n'
        "#set text(font: json(bytes(sys.inputs.fonts)))\n" + source
    )
    return Printer(font_dirs, folder)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("髙橋 﨑子 𠮷田 濵 德 㐂 𣘺", id="name-forms"),
        pytest.param("ｶﾅ ﾊﾞ が か\u3099 ー〜～−", id="kana-and-dashes"),
        pytest.param("①②㋿㈱℡№", id="marks"),
        pytest.param("葛\U000e0100 辻\U000e0100", id="variants-that-the-font-has"),
        pytest.param("一行目\r\n二行目\t\u3000\u00a0終わり", id="spaces-and-line-ends"),
        pytest.param("", id="nothing"),
    ],
)
def test_usual_and_rare_characters_can_be_printed(text):
    assert missing_glyphs(text) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        pytest.param("山田😀太郎😀", ["😀"], id="emoji-once"),
        pytest.param(f"{GAIJI}橋", [GAIJI], id="private-character"),
        pytest.param("辻\U000e0109村", ["辻\U000e0109"], id="variant-that-the-font-lacks"),
        pytest.param("山\u202e田", ["\u202e"], id="direction-mark"),
        pytest.param("山\x07田", ["\x07"], id="control-character"),
        pytest.param("山\ud800田", ["\ud800"], id="half-a-character"),
    ],
)
def test_what_cannot_be_printed_is_named(text, missing):
    assert missing_glyphs(text) == missing


def test_a_paper_with_such_a_character_is_refused_with_its_place():
    data = {**INVOICE, "addressee": {**INVOICE["addressee"], "name": f"{GAIJI}橋 😀"}}
    with pytest.raises(UnprintableError, match=r"U\+E000.*😀（U\+1F600）") as caught:
        pdf("invoice", data)
    assert caught.value.places == {"addressee.name": (GAIJI, "😀")}
    assert caught.value.characters == (GAIJI, "😀")


def test_place_of_a_character_in_a_list_is_named():
    data = {**INVOICE, "lines": [INVOICE["lines"][0], {**INVOICE["lines"][1], "label": "😀"}]}
    with pytest.raises(UnprintableError, match=r"lines\.1\.label"):
        pdf("invoice", data)


def test_fonts_of_ones_own_stand_in_for_the_wheel(font_dir, tmp_path):
    directories = [str(font_dir)]
    assert missing_glyphs(f"髙{GAIJI}", font_dirs=directories) == []
    assert missing_glyphs("山", font_dirs=directories) == ["山"]
    made = printer_of(tmp_path, "#json(bytes(sys.inputs.data)).name", directories).pdf(
        "paper", {"name": f"髙{GAIJI}様"}
    )
    assert made.startswith(b"%PDF")


def test_setting_names_the_fonts(font_dir, settings):
    settings.FONT_DIRS = [font_dir]
    assert missing_glyphs("山") == ["山"]
    settings.FONT_DIRS = []
    assert missing_glyphs("山") == []


def test_no_font_is_said_clearly(tmp_path, monkeypatch):
    with pytest.raises(NoFontsError, match="FONT_DIRS に日本語のフォントが見つかりません"):
        Printer([str(tmp_path)])

    def not_installed(*_wanted):
        raise noto_cjk.FontNotInstalled(noto_cjk.get("sans", "jp", "regular", "otf"))

    monkeypatch.setattr(noto_cjk, "font_path", not_installed)
    with pytest.raises(NoFontsError, match="pip install"):
        Printer()


@pytest.mark.parametrize(
    ("template", "data", "message"),
    [
        pytest.param("no_such", {}, "様式 no_such がありません", id="no-template"),
        pytest.param("../../secret", {}, "がありません", id="outside-the-folder"),
        pytest.param("invoice", {}, 'does not contain key "', id="no-data"),
        pytest.param(
            "invoice", {**INVOICE, "amount_yen": "4150"}, "invoice", id="text-for-a-number"
        ),
        pytest.param("invoice", {**INVOICE, "dated": "5月8日"}, "invoice", id="no-day"),
        pytest.param("invoice", {**INVOICE, "due_on": date(2026, 5, 31)}, "plain JSON", id="date"),
        pytest.param(
            "invoice", {**INVOICE, "amount_yen": float("nan")}, "plain JSON", id="not-a-number"
        ),
    ],
)
def test_what_does_not_fit_is_said_clearly(template, data, message):
    with pytest.raises(PrintingError, match=message) as caught:
        pdf(template, data)
    assert "髙橋" not in str(caught.value), "an error shows no personal data"


def test_broken_template_is_named_with_its_line(tmp_path):
    with pytest.raises(PrintingError, match=r"(?s)様式 paper.*paper\.typ:3"):
        printer_of(tmp_path, "#let x = ").pdf("paper", {})


def test_remarks_on_a_template_are_warnings(tmp_path):
    with pytest.warns(PrintingWarning, match="unknown font family"):
        printer_of(tmp_path, '#text(font: "No Such Font", fallback: true)[あ]').pdf("paper", {})


def test_a_character_that_a_template_itself_cannot_show_is_an_error(tmp_path):
    with pytest.raises(PrintingError, match="could not be displayed"):
        printer_of(tmp_path, "😀").pdf("paper", {})


def test_many_threads_print_each_its_own():
    papers = [{**SUPPORT_REPORT, "number": f"2026-{number:06d}"} for number in range(24)]
    alone = [pdf("support_report", paper) for paper in papers]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda paper: pdf("support_report", paper), papers))
    assert together == alone
