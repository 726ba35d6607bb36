"""What every template keeps to: strict CSP, one design, a light first load."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
STATIC = ROOT / "teikyaku" / "static" / "teikyaku"
# Extended or rendered by name from Python.
PAGES = {"form_page.html", "confirm_page.html"}
FIRST_LOAD_BYTES = 100 * 1024
# Pages go uncompressed (they carry secrets), style sheets and scripts go compressed.
PAGE_BYTES = 50 * 1024


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_component_is_used(path):
    if path.name in PAGES:
        return
    wanted = f"components/{path.name}"
    assert any(wanted in other.read_text() for other in TEMPLATES if other != path)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_icons_exist(path):
    symbols = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    wanted = set(re.findall(r'components/icon\.html" with name="([^"]+)"', path.read_text()))
    assert wanted <= symbols


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_htmx_is_loaded_where_it_is_used_and_nowhere_else(path):
    text = path.read_text()
    uses = "live_filter.html" in text or "live_url" in text
    if path.parent.name == "components":
        return
    assert ("components/live_head.html" in text) == uses
    assert "htmx" not in text


def test_first_load_is_light():
    kinds = {".css", ".js", ".svg"}
    files = [path for path in STATIC.iterdir() if path.suffix in kinds and "htmx" not in path.name]
    sent = sum(len(gzip.compress(path.read_bytes())) for path in files)
    assert 15 * 1024 < sent < FIRST_LOAD_BYTES - PAGE_BYTES


def test_style_sheets_fetch_nothing():
    for path in STATIC.glob("*.css"):
        assert not re.search(r"@import|url\((?![\"']?data:)", path.read_text()), path.name
