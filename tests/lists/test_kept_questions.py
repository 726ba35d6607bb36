"""The main pages say their questions once: a further visit puts few queries into SQL anew.

What it costs is Python, not the database: so what is counted is how often a query is compiled,
sub-queries counted each. A page that rises above its number asks something new outside
`teikyaku.prepared`, or something that was kept is built again.
"""

from unittest.mock import patch

import pytest
from django.db.models.sql.compiler import SQLCompiler
from django.urls import reverse

from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db


def compiled(client, url):
    """How many queries a second visit puts into SQL."""
    client.get(url)
    count, as_sql = 0, SQLCompiler.as_sql

    def counted(self, *args, **kwargs):
        nonlocal count
        count += 1
        return as_sql(self, *args, **kwargs)

    with patch.object(SQLCompiler, "as_sql", counted):
        assert client.get(url).status_code == 200
    return count


PAGES = [
    ("worker", "home", 2),
    ("manager", "home", 2),
    ("head", "home", 6),
    ("manager", "expiry", 6),
    ("officer", "admin:index", 2),
]


@pytest.mark.parametrize(("who", "name", "most"), PAGES)
def test_a_further_visit_compiles_little(client, cast, who, name, most):
    enter(client, cast.members[who])
    assert compiled(client, reverse(name)) <= most


def test_the_pages_of_one_person_compile_little(client, cast):
    enter(client, cast.members["worker"])
    person, use = cast.enrolment.client.public_id, cast.enrolment.public_id
    assert compiled(client, reverse("client_page", args=[person])) <= 2
    assert compiled(client, reverse("interview_new", args=[use])) <= 3


def test_the_month_compiles_little(client, cast):
    enter(client, cast.members["billing"])
    url = reverse("month_page", args=[Month.of(cast.today) - 1])
    # Staffing is asked for two or three fiscal years, a question each.
    assert compiled(client, url) <= 12


def test_a_persons_month_and_the_billing_home_compile_little(client, cast):
    enter(client, cast.members["billing"])
    month = reverse("person_month_page", args=[cast.person_month.public_id])
    assert compiled(client, month) <= 3
    assert compiled(client, reverse("billing_home")) <= 6
