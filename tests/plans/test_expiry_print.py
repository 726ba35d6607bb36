"""What is printed and saved of a board: all that match in one go, what is left out, and the conditions."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clients.models import Enrolment
from plans.models import Decision
from plans.queries.expiry import Expiries
from teikyaku.era import both
from teikyaku.ids import new_public_id
from tests.access.expiry import lapsed_consent, lapsed_decision
from tests.accounts.test_coming_and_going import enter

SIDES = [
    ("expiry", "consent", lapsed_consent, "worker"),
    ("admin:ward_expiry", "decision", lapsed_decision, "officer"),
]
OFFICE, WARD = SIDES


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    """Pages of two, on paper of five (of three people)."""
    for name, n in (("ROWS", 2), ("PEOPLE", 1), ("PRINT_ROWS", 5), ("PRINT_PEOPLE", 3)):
        monkeypatch.setattr(f"plans.views.expiry_board.{name}", n)


def board(client, cast, side, query, n):
    """The board of a side with `n` ends that have passed."""
    name, kind, lapsed, key = side
    for days in range(2, n + 2):
        row = lapsed(cast, days)
        if kind == "consent":
            # For the same recipient a later one would have renewed it.
            type(row).objects.filter(pk=row.pk).update(recipient_name=f"医院 {days}")
    enter(client, cast.members[key])
    return client.get(f"{reverse(name)}?late=1&kind={kind}{query}")


@pytest.mark.parametrize("side", SIDES, ids=["office", "ward"])
def test_a_link_prints_all_that_match(client, cast, side):
    page = board(client, cast, side, "", 4)
    text = page.content.decode()
    assert len(page.context["page"].object_list) == 2
    assert "4件のうち 1〜2 番目を載せています。" in text
    assert "ほかに 2件が、この紙には載っていません。" in text
    assert "印刷用（4件）" in text
    assert "data-print" not in text
    whole = client.get(reverse(side[0]) + page.context["listed"].print_url)
    assert [row.on for row in whole.context["page"].object_list] == [
        cast.today - timedelta(days=days) for days in (5, 4, 3, 2)
    ]
    text = whole.content.decode()
    assert "載っていません" not in text
    assert "data-print" in text
    # The conditions go on without it: a kept filter is not one for paper.
    assert "print" not in whole.context["conditions"]


@pytest.mark.parametrize("side", SIDES, ids=["office", "ward"])
def test_more_than_a_paper_holds_is_counted_and_stands_on_the_next(client, cast, side):
    text = board(client, cast, side, "&print=1", 7).content.decode()
    assert "7件のうち 1〜5 番目を載せています。" in text
    assert "ほかに 2件が、この紙には載っていません。" in text
    assert "一度に印刷できるのは 5件まで" in text
    assert "print=1&amp;page=2" in text
    rest = client.get(f"{reverse(side[0])}?late=1&kind={side[1]}&print=1&page=2")
    assert len(rest.context["page"].object_list) == 2


def test_by_person_people_are_counted(client, cast):
    page = board(client, cast, WARD, "&by=person", 4)
    text = page.content.decode()
    assert "4人のうち 1〜1 番目" in text
    assert "印刷用（4人）" in text
    text = client.get(reverse("admin:ward_expiry") + page.context["listed"].print_url)
    assert "ほかに 1人が、この紙には載っていません。" in text.content.decode()


def test_what_stands_on_one_page_is_printed_as_it_is(client, cast):
    text = board(client, cast, OFFICE, "", 2).content.decode()
    assert "data-print" in text
    assert "印刷用" not in text
    assert "載って" not in text


@pytest.mark.parametrize(
    ("side", "query", "whose", "said"),
    [
        (OFFICE, "late=1&kind=consent", "office", "期限が過ぎた・同意の最終日（全員）"),
        (WARD, "months=6&turn=person", "ward", "6か月以内・すべて（本人の番）"),
    ],
    ids=["office", "ward"],
)
def test_a_sheet_names_whose_it_is_its_day_and_its_conditions(
    client, cast, side, query, whose, said
):
    enter(client, cast.members[side[3]])
    book = load_workbook(BytesIO(client.get(f"{reverse(side[0] + '_xlsx')}?{query}").content))
    assert book.sheetnames == ["期限", "条件"]
    name = cast.office.name if whose == "office" else cast.wards[2].full_name
    values = [row[1] for row in book["条件"].iter_rows(values_only=True)]
    assert values == ["値", name, both(cast.today), said]


@pytest.mark.parametrize("days", [-1, 0])
def test_a_decision_that_runs_on_after_a_leaving_is_told_to_the_ward(cast, days):
    row = Decision.objects.get(client=cast.enrolment.client)
    Decision.objects.filter(pk=row.pk).update(ends_on=cast.today + timedelta(days=90))
    last = cast.today + timedelta(days=90 + days)
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(window_ends_on=last)
    step = Expiries(cast.office, cast.today, 12, "decision")[0].step
    assert ("区に伝える" in step.words) is (days < 0)
    assert (both(last) in step.words) is (days < 0)


def test_a_few_more_stand_on_the_last_page_of_the_screen(client, cast, monkeypatch):
    monkeypatch.setattr("plans.views.expiry_board.ROWS", 3)
    enter(client, cast.members["worker"])
    row = lapsed_consent(cast)

    def page(more):
        for n in range(more):
            row.pk, row.public_id, row.recipient_name = None, new_public_id(), f"医院{more}-{n}"
            row._state.adding = True
            row.save()
        return client.get(f"{reverse('expiry')}?kind=consent&late=1").context["page"]

    found = page(3)
    assert (len(found.object_list), found.has_next()) == (4, False)
    assert page(1).has_next()
