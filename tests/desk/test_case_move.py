"""The pages of 担当の引き継ぎ: one action for a caseload, and both sides see what they should."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import CaseMove, StaffAssignment
from plans.queries.team import STANDARD
from teikyaku.accounts.actions.figure import override_figure
from teikyaku.clock import at_noon
from teikyaku.form_pages import STORED
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person, take_in

pytestmark = pytest.mark.django_db


def page_of(cast, **query):
    return reverse("case_move") + "?" + "&".join(f"{key}={value}" for key, value in query.items())


def body(cast, **changes):
    key = str(cast.enrolment.public_id)
    return {
        "to_staff": str(cast.members["manager"].public_id), "starts_on": cast.today.isoformat(),
        "note": "家族とは夕方に話す", "people": [key], f"note_{key}": "名刺は机の中", **changes,
    }  # fmt: skip


def test_whose_is_asked_first(client, cast):
    enter(client, cast.members["head"])
    page = client.get(reverse("case_move")).content.decode()
    assert page_of(cast, **{"from": cast.members["worker"].public_id}) in page


def test_a_caseload_goes_in_one_action(client, cast):
    enter(client, cast.members["head"])
    url = page_of(cast, **{"from": cast.members["worker"].public_id})
    form = client.get(url).context["form"]
    # Not to whom they come from, and with what each carries.
    choices = dict(form.fields["to_staff"].choices)
    assert str(cast.members["worker"].public_id) not in choices
    assert choices[str(cast.members["manager"].public_id)].endswith("（いま0人）")
    answer = client.post(url, body(cast), follow=True)
    move = CaseMove.objects.get()
    # Where the page ends, the device forgets what waited there.
    page = reverse("case_move_page", args=[move.public_id])
    assert answer.redirect_chain[-1][0] == f"{page}{STORED}"
    shown = answer.content.decode()
    assert "1人の担当を" in shown
    assert "家族とは夕方に話す" in shown
    assert "名刺は机の中" in shown
    assert StaffAssignment.objects.filter(staff=cast.members["manager"]).count() == 1


@pytest.mark.parametrize(("standard", "is_over"), [(1, True), (2, False)])
def test_more_than_the_standard_is_told(client, cast, standard, is_over):
    override_figure(
        key=STANDARD, first_month=Month.of(cast.today).first_day, last_month=None, value=str(standard),
        source="試験", by=cast.members["admin"], at=at_noon(cast.today),
    )  # fmt: skip
    worker, manager = cast.members["worker"], cast.members["manager"]
    second = ready_person(
        cast, cast.office, worker, manager, "1234567895", name="二番 次郎", kana="にばん じろう"
    )
    enter(client, cast.members["head"])
    both = [str(row.public_id) for row in (cast.enrolment, second)]
    one, two = (row.client.public_id for row in (cast.enrolment, second))
    url = page_of(cast, person=one) + f"&person={two}"
    answer = client.post(url, body(cast, people=both), follow=True)
    assert ("利用中の人だけで2人になります" in answer.content.decode()) == is_over


def test_the_new_one_is_told_at_home_until_confirmed(client, cast):
    enter(client, cast.members["head"])
    client.post(page_of(cast, person=cast.enrolment.client.public_id), body(cast))
    move = CaseMove.objects.get()
    words = f"{cast.members['worker'].user.name}さんから1人を引き継ぎました"
    enter(client, cast.members["worker"])
    assert words not in client.get(reverse("home")).content.decode()
    enter(client, cast.members["manager"])
    assert words in client.get(reverse("home")).content.decode()
    client.post(reverse("case_move_read", args=[move.public_id]))
    assert words not in client.get(reverse("home")).content.decode()
    # The former one sees that it was read.
    enter(client, cast.members["worker"])
    assert "確認ずみ" in client.get(reverse("case_moves")).content.decode()


def test_nothing_typed_is_lost(client, cast):
    enter(client, cast.members["head"])
    url = page_of(cast, person=cast.enrolment.client.public_id)
    answer = client.post(url, body(cast, starts_on="2/30", to_staff=""))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "2/30" in page
    assert "名刺は机の中" in page
    assert {"to_staff", "starts_on"} <= set(answer.context["form"].errors)
    nobody = client.post(url, body(cast, people=[]))
    assert "引き継ぐ人を選んでください" in nobody.content.decode()
    assert not CaseMove.objects.exists()


def test_what_the_action_refuses_stands_at_its_field(client, cast):
    enter(client, cast.members["head"])
    url = page_of(cast, person=cast.enrolment.client.public_id)
    answer = client.post(url, body(cast, to_staff=str(cast.members["worker"].public_id)))
    assert "さんの担当です" in str(answer.context["form"].errors["people"])


def test_people_of_another_office_are_nobody(client, cast):
    enter(client, cast.members["head"])
    url = page_of(cast, person=cast.foreign.client.public_id)
    answer = client.post(url, body(cast, people=[str(cast.foreign.public_id)]))
    assert answer.status_code == 200
    assert cast.foreign.client.names.get().name not in answer.content.decode()
    assert not CaseMove.objects.exists()
    enter(client, cast.members["outsider"])
    assert not client.get(reverse("case_moves")).context["rows"]


def test_taken_back_on_its_page(client, cast):
    enter(client, cast.members["head"])
    client.post(page_of(cast, person=cast.enrolment.client.public_id), body(cast))
    move = CaseMove.objects.get()
    page = reverse("case_move_page", args=[move.public_id])
    assert "この引き継ぎを取り消す" in client.get(page).content.decode()
    asked = client.get(reverse("case_move_undo", args=[move.public_id])).content.decode()
    assert "引き継ぎの記録とメモ" in asked
    assert "名刺は机の中" in asked
    assert StaffAssignment.objects.filter(move=move).exists()
    client.post(reverse("case_move_undo", args=[move.public_id]))
    assert "この引き継ぎを取り消す" not in client.get(page).content.decode()
    (held,) = StaffAssignment.objects.in_charge(cast.today).filter(enrolment=cast.enrolment)
    assert held.staff == cast.members["worker"]


def test_the_form_costs_the_same_for_more_people(client, cast):
    enter(client, cast.members["head"])
    first = cast.enrolment.starts_on
    others = [
        take_in(cast.office, cast.members["worker"], first, name=f"人 {n}", kana=f"ひと {kana}")
        for n, kana in (("一", "いち"), ("二", "に"))
    ]
    one = page_of(cast, person=cast.enrolment.client.public_id)
    three = one + "".join(f"&person={row.client.public_id}" for row in others)
    client.get(one)
    costs = []
    for url in (one, three):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_caseload_that_does_not_fit_says_so(client, cast, monkeypatch):
    enter(client, cast.members["head"])
    url = page_of(cast, **{"from": cast.members["worker"].public_id})
    assert "一度に出せるのは" not in client.get(url).content.decode()
    for module in ("clients.queries.case_move", "teikyaku.desk.views.case_move"):
        monkeypatch.setattr(f"{module}.MOST_CHOSEN", 1)
    assert "一度に出せるのは" in client.get(url).content.decode()


def test_everybody_is_ticked_or_nobody(client, cast):
    enter(client, cast.members["head"])
    url = page_of(cast, **{"from": cast.members["worker"].public_id})
    page = client.get(url)
    assert all(row.is_chosen for row in page.context["form"].rows())
    assert f"{page.context['none_url']}".replace("&", "&amp;") in page.content.decode()
    none = client.get(reverse("case_move") + page.context["none_url"].partition("#")[0])
    assert not any(row.is_chosen for row in none.context["form"].rows())
    # What is sent is what was ticked there, and the way back ticks everybody.
    every = client.get(reverse("case_move") + none.context["all_url"].partition("#")[0])
    assert all(row.is_chosen for row in every.context["form"].rows())


def test_who_waits_is_counted_apart(client, cast):
    enter(client, cast.members["head"])
    url = page_of(cast, **{"from": cast.members["worker"].public_id})
    assert "開始待ち1人" not in client.get(url).content.decode()
    waiting = take_in(
        cast.office, cast.members["worker"], cast.enrolment.starts_on, name="待機 花子",
        kana="たいき はなこ",
    )  # fmt: skip
    assert waiting.use_starts_on is None
    StaffAssignment.objects.create(
        enrolment=waiting, staff=cast.members["worker"], starts_on=waiting.starts_on,
        recorded_by=cast.members["head"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    assert "（利用中1人・開始待ち1人）" in client.get(url).content.decode()


def test_the_day_is_read_without_its_year(client, cast):
    enter(client, cast.members["head"])
    url = page_of(cast, person=cast.enrolment.client.public_id)
    short = f"{cast.today.month}/{cast.today.day}"
    assert client.post(url, body(cast, starts_on=short)).status_code == 302
    assert CaseMove.objects.get().starts_on == cast.today
