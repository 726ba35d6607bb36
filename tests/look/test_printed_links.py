"""Paper: on the pages of a record no link is printed that can only be pressed (print.css)."""

import re
from pathlib import Path

import pytest
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


def test_a_name_that_leads_to_a_page_is_printed():
    known = routes()
    for name in ("client_page", "interview_page", "report_page", "support_plan_page", "month_page",
                 "person_month_page", "attachment_page", "client_history"):  # fmt: skip
        assert not hidden(known[name][0]), name
