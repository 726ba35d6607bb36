"""Paper: on the pages of a record no link is printed that can only be pressed (print.css)."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
PRINT = (ROOT / "teikyaku/static/teikyaku/print.css").read_text()
RECORDS = sorted(
    path
    for pattern in (
        "desk/client_page.html", "desk/client_months.html", "desk/client/*.html",
        "clients/client_facts.html", "plans/*_page.html", "plans/report_version.html",
        "plans/support_plan/plan*.html", "plans/handover/page.html", "plans/referral/page.html",
        "billing/person_month_page.html", "billing/person_additions.html",
    )
    for path in (ROOT / "templates").glob(pattern)
)  # fmt: skip
HOMES = sorted((ROOT / "templates/desk/desks").glob("*.html"))
# What only reads; everything else that a page asks for is there to write.
READS = {"client_read", "interview_read", "month_read", "audit_read", "application_read"}
ANCHOR = re.compile(r"<a\b((?:{%.*?%}|[^>])*)>", re.DOTALL)
NAME = re.compile(r"""{%\s*url\s+['"](\w+)['"]""")
# A paper is called by its number: that is read on paper too.
PAPERS = {"handover_pdf"}
# Not printed wherever they stand.
GONE = re.compile(r"\b(button|no-print)\b")


def routes():
    """Name → (address with a mark for each value, what its view asks for)."""
    found = {}

    def walk(patterns, before):
        for each in patterns:
            route = before + str(each.pattern)
            if isinstance(each, URLResolver):
                walk(each.url_patterns, route)
            elif isinstance(each, URLPattern) and each.name:
                needs = set(getattr(each.callback, "required_permissions", ()))
                found[each.name] = "/" + re.sub(r"<[^>]+>", "0", route), needs

    walk(get_resolver().url_patterns, "")
    return found


def hidden(address):
    """Whether the rule for what can only be pressed takes the address in."""
    ends = re.findall(r"\[href\$='([^']+)'\]", PRINT)
    holds = re.findall(r"\[href\*='([^']+)'\]", PRINT)
    return any(address.endswith(each) for each in ends) or any(each in address for each in holds)


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_what_can_only_be_pressed_is_not_printed(path):
    known, wrong = routes(), []
    for anchor in ANCHOR.findall(path.read_text()):
        name = NAME.search(anchor)
        if name is None or name[1] not in known or GONE.search(anchor):
            continue
        address, needs = known[name[1]]
        if needs - READS and name[1] not in PAPERS and not hidden(address):
            wrong.append(f"{name[1]} {address}")
    assert not wrong, wrong


def weight(selector):
    """How much a selector weighs: ids, classes and the like, elements (none of ours uses an id)."""
    return len(re.findall(r"\.[\w-]+|\[", selector)), len(
        re.findall(r"(?<![\w.\[-])[a-z]\w*", selector)
    )


def test_no_sheet_of_a_page_brings_back_what_can_only_be_pressed():
    rule = re.search(r"main a:is\((.*?)\n\) {", PRINT, re.DOTALL)[1]
    heaviest = max(weight(re.sub(r"'[^']*'", "", each)) for each in rule.split(","))
    hides = heaviest[0], heaviest[1] + len(("main", "a"))
    wrong = []
    for sheet in (ROOT / "teikyaku/static/teikyaku").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        for selectors, body in re.findall(r"([^{}]+){([^{}]*)}", text):
            if "display: inline-block" not in body:
                continue
            wrong += [
                each
                for each in selectors.split(",")
                if each.strip().endswith(" a") and weight(each) >= hides
            ]
    assert not wrong, wrong


@pytest.mark.parametrize("path", HOMES, ids=lambda path: path.name)
def test_a_home_prints_no_why(path):
    for attributes, words in re.findall(r"<a\b([^>]*)>((?:(?!</a>).)*)</a>", path.read_text()):
        assert '"なぜ？"' not in words or "no-print" in attributes, attributes


@pytest.mark.parametrize("name", ["desk/desks/moves.html", "plans/ward/queue.html"])
def test_a_notice_of_a_home_prints_its_words_alone(name):
    template = (ROOT / "templates" / name).read_text()
    found = [
        each for each in re.findall(r"components/notice.html.*?%}", template) if "url_label" in each
    ]
    assert found
    assert all("is_pressed=True" in each for each in found)
    page = render_to_string(
        "components/notice.html", {"text": "x", "url": "/", "url_label": "y", "is_pressed": True}
    )
    assert '<p class="no-print"><a' in page


def test_a_name_that_leads_to_a_page_is_printed():
    known = routes()
    for name in ("client_page", "interview_page", "report_page", "support_plan_page", "month_page",
                 "person_month_page", "attachment_page", "client_history"):  # fmt: skip
        assert not hidden(known[name][0]), name
