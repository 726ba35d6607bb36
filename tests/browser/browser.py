"""A real chromium for tests and screenshots: Debian's, with the wheel's Japanese fonts."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# A machine under load is no reason to fail: milliseconds.
PATIENCE = 90_000


def _fontconfig(folder: Path) -> Path:
    import noto_cjk_sans_jp_bold
    import noto_cjk_sans_jp_regular

    places = [
        Path(module.__path__[0]) for module in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)
    ]
    dirs = "".join(f"<dir>{place}</dir>" for place in places)
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"{dirs}<dir>/usr/share/fonts</dir><cachedir>{folder}/cache</cachedir>"
        "<alias><family>sans-serif</family><prefer><family>Noto Sans CJK JP</family></prefer></alias>"
        "</fontconfig>",
        encoding="utf-8",
    )
    return config


@contextmanager
def running_chromium() -> Iterator[Any]:
    """A browser that ends with the block."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="teikyaku-browser-") as folder:
        environment = {**os.environ, "FONTCONFIG_FILE": str(_fontconfig(Path(folder)))}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=FLAGS, env=environment
            )
            try:
                yield browser
            finally:
                browser.close()


def sign_in(page: Any, base: str, email: str, password: str) -> None:
    """Sign in through the page."""
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
