"""`make phone`: the main pages on an old phone: 390 px wide, a processor slowed down four times.

Of each page, cold (nothing kept yet, the median of three browsers) and warm (opened again): when its text
stands and when it is ready, in milliseconds from the tap with what the server takes; how long the phone
could not answer a tap meanwhile (what each long task takes beyond 50 ms, summed); and the bytes that came.
Of the interview form also how long a tap and a letter keep the phone. Figures as JSON on the standard
output; the machine should be idle.
"""

from __future__ import annotations

import json
import statistics
import sys
from typing import Any

from benchmarks.__main__ import say
from tests.browser.browser import PATIENCE, PHONE, running_chromium, sign_in
from tests.shots import PASSWORD, served_city

SLOWER = 4
TURNS = 3
# Who opens what; a link is followed where an address hangs on a person.
PAGES = (
    ("worker", "home", "/", ""),
    ("worker", "clients", "/clients/", ""),
    ("worker", "client", "/clients/", "main table a"),
    ("worker", "interview", "/clients/", "main table a | main a[href$='/interviews/new/']"),
    ("manager", "home_lead", "/", ""),
    ("manager", "expiry", "/expiry/", ""),
    ("billing", "month", "/months/", ""),
    ("billing", "home_billing", "/", ""),
    ("chuo", "home_ward", "/", ""),
)  # fmt: skip
GOALS = {"bytes": 150 * 1024, "ready_ms": 3_000, "blocked_ms": 600, "answer_ms": 200}
_WATCH = """
window.tasks = [];
new PerformanceObserver(list => list.getEntries().forEach(each => window.tasks.push(each.duration)))
  .observe({type: 'longtask', buffered: true});
"""
_TOLD = """() => {
  const page = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return {
    text_ms: paint ? paint.startTime : null,
    ready_ms: page.loadEventEnd,
    server_ms: page.responseEnd - page.requestStart,
    blocked_ms: window.tasks.reduce((sum, each) => sum + Math.max(0, each - 50), 0),
  };
}"""


def address_of(page: Any, base: str, path: str, way: str) -> str:
    """The address at the end of the way: links followed from `path`, each by its selector."""
    page.goto(base + path)
    for step in filter(None, (each.strip() for each in way.split("|"))):
        page.goto(base + page.locator(step).first.get_attribute("href"))
    return str(page.url)


def opened(context: Any, url: str) -> dict[str, float]:
    """One visit on the slowed phone."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.add_init_script(_WATCH)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    told = {name: round(value) for name, value in page.evaluate(_TOLD).items() if value is not None}
    if url.endswith("/interviews/new/"):
        told["answer_ms"] = _answers(page)
    page.close()
    return {**told, "bytes": round(sum(sizes))}


def _answers(page: Any) -> int:
    """How long the slowest tap or letter keeps the phone before it paints again."""
    page.evaluate(
        """() => { window.answers = [];
        new PerformanceObserver(list => list.getEntries().forEach(each => window.answers.push(each.duration)))
          .observe({type: 'event', durationThreshold: 16, buffered: false}); }"""
    )
    page.locator("main input[type=radio]").nth(1).click(force=True)
    page.locator("main textarea").first.press_sequentially("話せました")
    page.wait_for_timeout(500)
    return round(max(page.evaluate("() => window.answers") or [0]))


def measured(browser: Any, base: str, who: str, path: str, way: str) -> dict[str, Any]:
    """Cold and warm figures of one page."""
    cold, warm = [], []
    for _turn in range(TURNS):
        context = browser.new_context(
            viewport=PHONE, locale="ja-JP", is_mobile=True, has_touch=True
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        sign_in(page, base, f"{who}@example.jp", PASSWORD)
        url = address_of(page, base, path, way)
        session = context.new_cdp_session(page)
        session.send("Network.clearBrowserCache")
        page.close()
        cold.append(opened(context, url))
        warm.append(opened(context, url))
        context.close()
    return {"cold": _medians(cold), "warm": _medians(warm)}


def _medians(turns: list[dict[str, float]]) -> dict[str, int]:
    return {name: round(statistics.median(each[name] for each in turns)) for name in turns[0]}


def main() -> int:
    """Serve a demo city and visit each page; 1 where a goal is missed."""
    with served_city() as base, running_chromium() as browser:
        found = {}
        for who, name, path, way in PAGES:
            found[name] = measured(browser, base, who, path, way)
            say(f"{name}: {found[name]}")
    missed = [
        f"{name} {turn} {goal}"
        for name, turns in found.items()
        for turn, figures in turns.items()
        for goal, most in GOALS.items()
        if figures.get(goal, 0) > most
    ]
    print(
        json.dumps({"slower": SLOWER, "pages": found, "goals": GOALS, "missed": missed}, indent=1)
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
