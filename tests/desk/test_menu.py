"""The menu: few words to read, grouped by work, the place marked, on every page of every role."""

import re

import pytest
from django.urls import reverse

from teikyaku.accounts.roles import Role
from teikyaku.desk.menu import menu_of
from tests.access.urls import url_of
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member

pytestmark = pytest.mark.django_db

ROLES = ("worker", "manager", "head", "billing", "officer", "city", "admin")
# As many as one takes in at a look, and as fit beside each other at 1024 px.
MOST = 8
GROUPS = {
    "worker": ["", "毎月", "計画と期限"],
    "manager": ["", "毎月", "計画と期限", "請求", "事業所"],
    "head": ["", "毎月", "計画と期限", "請求", "事業所", "記録"],
    "billing": ["", "計画と期限", "請求", "事業所"],
    "officer": ["", "事業所から", "区の設定"],
    "city": [""],
    "admin": ["", "事業所と自治体", "制度"],
}


def side(page, opening):
    """One of the two menus of the header: what a desk and what a phone shows."""
    return page.partition(opening)[2].partition("</nav>")[0]


@pytest.mark.parametrize("who", ROLES)
def test_a_role_reads_few_words_grouped_by_work(cast, who):
    groups = menu_of(cast.members[who])
    assert [str(group.label) for group in groups] == GROUPS[who]
    assert len(groups[0].items) + len(groups) - 1 <= MOST
    assert all(len(group.items) > 1 for group in groups if group.label)
    urls = [item.url for group in groups for item in group.items]
    assert len(urls) == len(set(urls))


def test_who_holds_every_role_reads_as_few(cast):
    roles = (Role.SUPPORT_WORKER, Role.SERVICE_MANAGER, Role.OFFICE_MANAGER, Role.BILLING)
    groups = menu_of(make_member("all-roles", *roles, office=cast.office))
    assert sum(len(group.items) for group in groups) >= 15
    assert len(groups[0].items) + len(groups) - 1 <= MOST


@pytest.mark.parametrize("who", ROLES)
def test_a_desk_and_a_phone_hold_the_same_entries_without_scripts(client, cast, who):
    enter(client, cast.members[who])
    home = menu_of(cast.members[who])[0].items[0].url
    page = client.get(home).content.decode()
    wanted = [item.url for group in menu_of(cast.members[who]) for item in group.items]
    for opening in ('<nav class="site-nav"', '<nav aria-label="メニュー"'):
        assert re.findall(r'href="([^"]+)"', side(page, opening)) == wanted


@pytest.mark.parametrize(
    ("who", "name", "group"),
    [("manager", "expiry", "計画と期限"), ("billing", "payments", "請求"), ("head", "audit_log", "記録"),
     ("officer", "admin:ward_proposals", "事業所から"), ("admin", "figures", "制度")],
)  # fmt: skip
def test_the_group_of_the_place_is_marked(client, cast, who, name, group):
    enter(client, cast.members[who])
    nav = side(client.get(reverse(name)).content.decode(), '<nav class="site-nav"')
    marked = re.findall(r'<summary aria-current="true">(.*?)</summary>', nav)
    assert marked == [group]
    assert nav.count('aria-current="page"') == 1


@pytest.mark.parametrize("name", ["client_page", "components", "interview_new"])
def test_no_page_takes_the_words_of_the_menu_for_its_own(client, cast, name):
    enter(client, cast.members["worker"])
    nav = side(client.get(url_of(cast, name)).content.decode(), '<nav class="site-nav"')
    assert f'href="{reverse("caseload")}"' in nav
    assert "毎月" in nav


def test_the_key_is_told_only_where_there_is_one(client, cast):
    words = "<kbd>n</kbd>"
    for who, told in (("worker", True), ("billing", False), ("officer", False)):
        enter(client, cast.members[who])
        page = client.get(reverse("home"), follow=True).content.decode()
        assert (words in page) is told, who
