"""The ward's lists as workbooks: the rows of the page, the own ward's alone, and on the record."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from plans.models import Application, Decision
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import today
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of
from tests.kept import kept
from tests.ward.conftest import Counter

SHEETS = ("application_list_xlsx", "queue_xlsx", "decision_list_xlsx", "renewals_xlsx")


def rows_of(client, name, query=""):
    answer = client.get(reverse(f"admin:{name}") + query)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    sheet = load_workbook(BytesIO(answer.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def names_in(client, name, query=""):
    return [row[0] for row in rows_of(client, name, query)[1:]]


def make_ward(today):
    """Somebody at every step, and another ward's person."""
    counter = Counter(Client(), cast_of(today))
    counter.received(kana="うけつけ", name="=受付 一")
    counter.heard(kana="ちょうさ", name="調査 二")
    granted = counter.granted("1234567811", kana="けってい", name="決定 三")
    decision = Application.objects.get(pk=granted.pk).decision
    Decision.objects.filter(pk=decision.pk).update(ends_on=counter.on + timedelta(days=30))
    refused = counter.received(kana="きゃっか", name="却下 四")
    end = {"outcome": "refused", "outcome_on": counter.on.isoformat(), "reason": "対象外のため"}
    assert counter.post("application_end", refused, end).status_code == 302
    elsewhere = counter.cast.wards[0]
    counter.received(kana="よそ", name="よその 区", municipality=elsewhere)
    return counter.cast


@pytest.fixture
def ward(client, db):
    return Counter(client, kept(make_ward, today()))


@pytest.mark.parametrize(
    "query", ["", "?outcome=open", "?outcome=refused", "?q=けってい", "?q=1234567811"]
)
def test_applications_as_on_the_page(client, ward, query):
    page = client.get(reverse("admin:application_list") + query).context["rows"]
    assert names_in(client, "application_list_xlsx", query) == [
        name.name for _row, name, _number in page
    ]


def test_text_is_never_a_formula_and_dates_are_dates(client, ward):
    rows = rows_of(client, "application_list_xlsx", "?outcome=open")
    assert "=受付 一" in [row[0] for row in rows]
    assert rows[1][2].date() == ward.on - timedelta(days=20)
    refused = rows_of(client, "application_list_xlsx", "?outcome=refused")[1]
    assert refused[5:8] == ["却下", refused[6], "対象外のため"]


@pytest.mark.parametrize(
    "query", ["", "?turn=all", "?turn=ward", "?turn=consultation", "?turn=provider"]
)
def test_the_queue_as_on_the_page(client, ward, query):
    page = client.get(reverse("admin:index") + query).context["page"]
    assert names_in(client, "queue_xlsx", query) == [row.name for row in page.object_list]


@pytest.mark.parametrize(
    "query", ["", "?state=running", "?state=ending", "?state=ahead", "?state=ended", "?state=revoked",
              "?q=決定", "?q=1234567811", "?state=nonsense"]
)  # fmt: skip
def test_decisions_as_on_the_page(client, ward, query):
    page = client.get(reverse("admin:decision_list") + query).context["rows"]
    assert names_in(client, "decision_list_xlsx", query) == [row.name for row, _label in page]


def test_the_states_of_decisions(client, ward):
    def found(state):
        return names_in(client, "decision_list_xlsx", f"?state={state}")

    assert "決定 三" in found("running")
    assert found("ending") == ["決定 三"]
    assert found("ahead") == found("ended") == found("revoked") == []
    decision = Decision.objects.get(application__client__names__name="決定 三")
    Decision.objects.filter(pk=decision.pk).update(
        revoked_on=ward.on, revocation_reason="転出", ends_on=ward.on
    )
    assert found("revoked") == ["決定 三"]
    assert found("ending") == []
    row = rows_of(client, "decision_list_xlsx", "?state=revoked")[1]
    assert (row[2], row[7]) == ("1234567811", "取消")


def test_renewals_as_on_the_home(client, ward):
    ending = client.get(reverse("admin:index")).context["ending"]
    rows = rows_of(client, "renewals_xlsx")[1:]
    assert [row[0] for row in rows] == [row.name for row in ending]
    mine = next(row for row in rows if row[0] == "決定 三")
    assert mine[2:] == ["1234567811", mine[3], 30, "まだ", None]


@pytest.mark.parametrize("name", SHEETS)
def test_another_ward_gets_its_own_and_nothing_of_this(client, ward, name):
    enter(client, ward.cast.members["other_officer"])
    text = str(rows_of(client, name))
    for theirs in ("受付 一", "調査 二", "決定 三", "却下 四", "1234567811"):
        assert theirs not in text
    for key in ("city", "worker", "head", "admin"):
        enter(client, ward.cast.members[key])
        assert client.get(reverse(f"admin:{name}")).status_code == 403


@pytest.mark.parametrize("name", [*SHEETS, "figures_xlsx"])
def test_every_sheet_is_on_the_record(client, counter, name):
    member = counter.cast.members["city" if name == "figures_xlsx" else "officer"]
    enter(client, member)
    before = AuditEvent.objects.filter(verb__endswith="_exported").count()
    assert client.get(reverse(f"admin:{name}")).status_code == 200
    found = AuditEvent.objects.filter(verb__endswith="_exported")
    assert found.count() == before + 1
    line = found.latest("pk")
    assert (line.user, line.subject_id) == (member.user, member.municipality.public_id)


@pytest.mark.parametrize("name", ["decision_list", *SHEETS])
def test_three_people_cost_no_more_queries_than_one(
    client, counter, name, django_assert_max_num_queries
):
    counter.granted("1234567811", kana="ひとり", name="一人")
    Decision.objects.update(ends_on=counter.on + timedelta(days=30))
    url = reverse(f"admin:{name}")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    few = len(one)
    for index in range(3):
        counter.granted(f"123456782{index}", kana=f"かな{index}", name=f"人 {index}")
    Decision.objects.update(ends_on=counter.on + timedelta(days=30))
    with django_assert_max_num_queries(few):
        client.get(url)


@pytest.mark.parametrize(
    ("days", "due", "is_there"),
    [(30, "soon", True), (31, "soon", False), (0, "soon", True), (-1, "soon", False),
     (-1, "past", True), (0, "past", False), (31, "", True), (31, "nonsense", True)],
)  # fmt: skip
def test_what_runs_out_by_its_days(client, ward, days, due, is_there):
    mine = Decision.objects.get(client__names__name="決定 三")
    began, ends = (ward.cast.today + timedelta(days=n) for n in (-200, days))
    Decision.objects.filter(pk=mine.pk).update(starts_on=began, ends_on=ends)
    page = client.get(reverse("admin:index") + f"?turn=ward&due={due}")
    assert ("決定 三" in [row.name for row in page.context["ending"]]) == is_there
    counts = {item["url"].rpartition("due=")[2]: item["count"] for item in page.context["dues"][1:]}
    assert set(counts) == {"soon", "past"}
    if due in counts:
        assert counts[due] == len(page.context["ending"])
    rows = rows_of(client, "renewals_xlsx", f"?due={due}")[1:]
    assert [row[0] for row in rows] == [row.name for row in page.context["ending"]]
    # Each filter keeps the other one.
    assert all("turn=ward" in item["url"] for item in page.context["dues"])
