"""What is asked of a browser is waited for: no test hangs on how quickly the next page comes.

A click returns while the old page still stands. So the page is asked by `expect`, which waits; what
leads to another page is clicked by `press`, which waits for that page (tests/browser/browser.py).
"""

import ast
from itertools import pairwise

import pytest

from tests.architecture import house

# Questions of Playwright that answer at once, from whatever page stands there.
INSTANT = {
    "is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "is_editable",
    "inner_text", "all_inner_texts", "text_content", "inner_html", "input_value", "get_attribute",
    "content", "count", "query_selector",
}  # fmt: skip
# What may begin something, and what then may not come at once: it would see the page before, or
# break off what is under way.
BEGINS = {"click", "dblclick", "tap", "press"}
TOO_SOON = INSTANT | {
    "evaluate", "goto", "open", "reload", "screenshot", "pdf", "bounding_box", "all", "exists", "get",
}  # fmt: skip


def browser_tests():
    """The tests that drive a browser."""
    for path in sorted((house.ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "tests.browser" in text and path.parent.name != "conventions":
            yield path.name, text


def calls(node):
    """Names of the methods that are called in a piece of code, each with its call."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            yield each.func.attr, each


def asks_a_table(call):
    """A row is counted, not an element: `….objects….count()`, or a list counts one of its values."""
    return bool(call.args) or ".objects." in ast.unparse(call)


def asks_at_once(statement):
    """An assertion that asks the page and does not wait."""
    if not isinstance(statement, ast.Assert):
        return False
    asked = any(
        name in INSTANT and not (name == "count" and asks_a_table(call))
        for name, call in calls(statement)
    )
    return asked or any(
        isinstance(each, ast.Attribute) and ast.unparse(each).endswith("page.url")
        for each in ast.walk(statement)
    )


def comes_too_soon(before, after):
    """What follows a click may be another deed, or something that waits."""
    begun = isinstance(before, ast.Expr) and any(name in BEGINS for name, _ in calls(before))
    waits = "expect" in ast.unparse(after)
    asked = isinstance(after, ast.Assert) or any(name in TOO_SOON for name, _ in calls(after))
    return begun and asked and not waits


def hasty(text):
    """Lines that hang on luck."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and asks_at_once(node):
            found.add(node.lineno)
        body = getattr(node, "body", None)
        for before, after in pairwise(body) if isinstance(body, list) else ():
            if comes_too_soon(before, after):
                found.add(after.lineno)
    return sorted(found)


def test_nothing_is_asked_before_its_page_is_there():
    texts = dict(browser_tests())
    assert len(texts) > 5
    assert {name: lines for name, text in texts.items() if (lines := hasty(text))} == {}


@pytest.mark.parametrize(
    "text",
    [
        'assert page.locator("h2").is_visible()',
        'assert "x" in page.locator("main").inner_text()',
        'assert page.locator("li").count() == 2',
        'assert "?" not in page.url',
        'page.click("a")\nassert Interview.objects.count() == 1',
        'page.keyboard.press("Enter")\npage.goto("/")',
        'page.locator("a").click()\npage.screenshot()',
    ],
)
def test_haste_is_found(text):
    assert len(hasty(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        'page.click("a")\nexpect(page.locator("h2")).to_be_visible()\nassert Interview.objects.count()',
        'press(page, "a")\nassert Interview.objects.filter(pk=1).count() == 1',
        'page.click("a")\npage.fill("#b", "c")',
        'with page.expect_navigation():\n    page.click("a")\nassert [1].count(1) == 1',
    ],
)
def test_patience_is_not_found(text):
    assert hasty(text) == []
