"""Every page says where it stands: the way back to it, and the entry of the menu that it belongs to."""

import pytest
from django.urls import get_resolver, reverse

from teikyaku.desk.navigation import BELOW
from tests.access.urls import url_of, walk
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db

# Who, the page, and the page that its way leads over; "" where only the menu is looked at.
PAGES = [
    ("manager", "handover_duty", "expiry", "expiry"),
    ("manager", "handover_system_new", "handover_duty", "expiry"),
    ("worker", "phrase_list", "interview_choose", "interview_choose"),
    ("worker", "phrase_new", "phrase_list", "interview_choose"),
    ("worker", "note_search", "client_list", "client_list"),
    ("manager", "work_checks", "client_list", "client_list"),
    ("head", "escalations", "notices", None),
    ("head", "notices", "home", None),
    ("head", "billing_home", "home", "month_latest"),
    ("head", "case_move", "caseload", "caseload"),
    ("head", "case_moves", "caseload", "caseload"),
    ("head", "retention_forecast", "retention_latest", "retention_latest"),
    ("admin", "membership_end", "people", "people"),
    ("admin", "organisation_new", "organisation_list", "organisation_list"),
    ("admin", "organisation_edit", "organisation_list", "organisation_list"),
    ("officer", "admin:number_range_new", "admin:paper_settings", "admin:paper_settings"),
    ("officer", "admin:paper_settings_edit", "admin:paper_settings", "admin:paper_settings"),
    ("worker", "interview_new", "", "client_list"),
    ("worker", "attempt_new", "", "client_list"),
    ("manager", "report_write", "", "client_list"),
    ("manager", "cap_new", "", "client_list"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "name", "above", "entry"), PAGES)
def test_a_page_says_where_it_stands(client, cast, who, name, above, entry):
    enter(client, cast.members[who])
    answer = client.get(url_of(cast, name))
    assert answer.status_code == 200, answer
    if above:
        page = answer.content.decode()
        way = page[page.index('class="breadcrumbs"') :].partition("</nav>")[0]
        assert f'href="{reverse(above)}"' in way
        assert 'aria-current="page"' in way
    marked = [item.url for item in answer.context["nav"] if item.current]
    assert marked == ([reverse(entry)] if entry else [])


def test_the_menu_knows_only_addresses_that_there_are():
    every = {f"/{pattern.pattern}" for _name, pattern in walk(get_resolver().url_patterns)}
    for prefix, entry in BELOW.items():
        assert any(address.startswith(prefix) for address in every), prefix
        assert reverse(entry)
