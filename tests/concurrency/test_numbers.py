"""Two officers at once: each newcomer gets a number of the range, nobody the same; one paper is made."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from clients.models import RecipientNumber
from plans.actions.number_range import add_number_range, number_for
from plans.actions.ward_papers import issue_certificate_copy
from plans.models import Decision, NumberRange, WardPaper
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon, today
from tests.cast import cast_of, make_member, take_in
from tests.concurrency.test_races import at_once
from tests.ward.conftest import Counter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def people(cast, many):
    worker = cast.members["worker"]
    return [
        take_in(cast.office, worker, cast.today.replace(day=1), name=f"人 {index}",
                kana=f"ひと {index}").client
        for index in range(many)
    ]  # fmt: skip


def test_four_at_once_get_the_three_numbers_there_are_and_one_message():
    cast = cast_of(today())
    officer, at = cast.members["officer"], at_noon(cast.today)
    add_number_range(
        municipality=cast.wards[2], first_number="4400000001", last_number="4400000003",
        by=officer, at=at,
    )  # fmt: skip

    def take(client):
        return number_for(
            client=client, municipality=cast.wards[2], number="", by=officer, at=at
        ).number

    newcomers = people(cast, 4)
    results = at_once(*[lambda client=client: take(client) for client in newcomers])
    taken = sorted(result for result in results if isinstance(result, str))
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert taken == ["4400000001", "4400000002", "4400000003"], results
    assert len(refused) == 1, results
    assert "使い切りました" in refused[0].message_dict["number"][0]
    assert RecipientNumber.objects.filter(number__startswith="44").count() == 3
    assert NumberRange.objects.get().next_number == 4400000004


def test_two_officers_grant_at_once_through_the_page():
    cast = cast_of(today())
    cast.members["officer2"] = make_member(
        "officer2", Role.WARD_OFFICER, municipality=cast.wards[2]
    )
    counter = Counter(Client(), cast)
    rows = [counter.heard(kana=f"ひと{index}", name=f"人 {index}") for index in range(2)]
    add_number_range(
        municipality=cast.wards[2], first_number="4400000001", last_number="4400000009",
        **counter.who,
    )  # fmt: skip

    def post(key, row):
        browser = Client()
        browser.force_login(cast.user(key), backend="teikyaku.accounts.backends.EmailBackend")
        url = reverse("admin:decision_grant", args=[row.public_id])
        return browser.post(url, counter.grant_data(number=""))

    answers = at_once(lambda: post("officer", rows[0]), lambda: post("officer2", rows[1]))
    assert [answer.status_code for answer in answers] == [302, 302], answers
    for row in rows:
        row.refresh_from_db()
    numbers = {row.decision.certificates.get().recipient_number.number for row in rows}
    assert numbers == {"4400000001", "4400000002"}


def test_two_who_print_at_once_get_the_same_paper():
    cast = cast_of(today())
    officer, at = cast.members["officer"], at_noon(cast.today)
    certificate = cast.decision.certificates.get()

    def make():
        return issue_certificate_copy(certificate=certificate, by=officer, at=at)

    results = at_once(make, make)
    assert {type(result) for result in results} == {WardPaper}, results
    assert results[0].pk == results[1].pk
    assert WardPaper.objects.count() == 1


def test_two_who_confirm_at_once_make_one_decision():
    cast = cast_of(today())
    ward = cast.wards[2]
    ward.needs_second_officer = True
    ward.save()
    for key in ("second", "third"):
        cast.members[key] = make_member(key, Role.WARD_OFFICER, municipality=ward)
    counter = Counter(Client(), cast)
    row = counter.heard()
    assert counter.post("decision_grant", row, counter.grant_data()).status_code == 302

    def confirm(key):
        browser = Client()
        browser.force_login(cast.user(key), backend="teikyaku.accounts.backends.EmailBackend")
        url = reverse("admin:decision_confirm", args=[row.public_id])
        return browser.post(url, follow=True).content.decode()

    answers = at_once(lambda: confirm("second"), lambda: confirm("third"))
    assert sum("支給決定をしました" in answer for answer in answers) == 1, answers
    late = ("もう「確認した」になっています", "確認を待っている案はありません")
    assert sum(any(word in answer for word in late) for answer in answers) == 1, answers
    assert Decision.objects.filter(application=row).count() == 1
