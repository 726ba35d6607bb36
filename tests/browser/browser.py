"""A real chromium for tests and screenshots: Debian's, with the wheel's Japanese fonts."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# A machine under load is no reason to fail: milliseconds.
PATIENCE = 90_000
SECONDS = 30
expect.set_options(timeout=SECONDS * 1000)


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
def _started() -> Iterator[Browser]:
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


# The browser of the file of tests that runs, where it has one (conftest.py): starting it takes longer
# than most tests.
_shared: list[Browser] = []


@contextmanager
def shared_chromium() -> Iterator[None]:
    """Inside the block `running_chromium` hands out one browser again and again."""
    with _started() as browser:
        _shared.append(browser)
        try:
            yield
        finally:
            _shared.remove(browser)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser whose windows end with the block: the one of the file, or one of its own."""
    if not (_shared and _shared[-1].is_connected()):
        with _started() as browser:
            yield browser
        return
    try:
        yield _shared[-1]
    finally:
        for context in _shared[-1].contexts:
            context.close()


def window(browser: Browser, **condition: Any) -> BrowserContext:
    """A window of its own, as patient as a machine under load wants it."""
    context = browser.new_context(locale="ja-JP", **condition)
    context.set_default_timeout(PATIENCE)
    return context


def press(page: Page, target: str | Locator) -> None:
    """Click what leads to another page, and wait until that page is there.

    A click alone returns while the old page still stands: whoever asks then asks the wrong one.
    """
    found = page.locator(target).first if isinstance(target, str) else target
    with page.expect_navigation():
        found.click()


def until(page: Page, is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so that no locator can be asked for. Raises AssertionError.

    Asked from outside: a predicate that polls inside the page is an eval, which the policy refuses.
    """
    end = monotonic() + SECONDS
    while not is_so():
        assert monotonic() < end, f"not so after {SECONDS} s: {what}"
        page.wait_for_timeout(50)


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    """Sign in through the page."""
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    press(page, "main button[type=submit]")
