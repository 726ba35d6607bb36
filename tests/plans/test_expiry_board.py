"""The board of ends: contracts, consents and qualifications beside the rest; steps, groups, sheet, laying aside."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from clients.models import ClientName, Consent, Enrolment
from plans.actions.expiry import settle_end, undo_settlement
from plans.actions.report import give_consent, withdraw_consent
from plans.models import Contract, Decision, ExpirySettlement
from plans.queries.expiry import Expiries, ends_of
from plans.queries.expiry_rows import names_here
from plans.rules.expiry import EndKind, ExpiryStage, stage_of
from teikyaku.accounts.actions.qualification import add_qualification
from teikyaku.accounts.models import AuditEvent, Membership
from teikyaku.clock import at_noon
from tests.access.expiry import lapsed_consent, qualification, settled_consent
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person, window_until

DAY = timedelta(days=1)


def ends(cast, kind, **more):
    found = Expiries(cast.office, cast.today, 12, kind, **more)
    return found[0 : len(found)]


def who(cast, key="worker"):
    return {"by": cast.members[key], "at": at_noon(cast.today)}


def consent(cast, days, **facts):
    """Given long ago, for some days more."""
    told = {"recipient": "medical", "scope": "contact", "starts_on": cast.today - 50 * DAY, **facts}
    return give_consent(
        enrolment=cast.enrolment, ends_on=cast.today + days * DAY, **told, **who(cast)
    )


@pytest.mark.parametrize("days", [-1, 0, 30])
def test_a_consent_with_an_end_stands_there_until_it_is_renewed(cast, days):
    row = consent(cast, days)
    assert [(each.on, each.subject_id) for each in ends(cast, "consent")] == [
        (row.ends_on, row.public_id)
    ]
    assert ends(cast, "consent")[0].detail == "医療機関・連絡・相談"
    consent(cast, 40, starts_on=cast.today)
    assert [each.on for each in ends(cast, "consent")] == [cast.today + 40 * DAY]


def test_a_consent_for_somebody_else_renews_nothing(cast):
    consent(cast, 5)
    consent(cast, 40, recipient_name="別の医院")
    assert len(ends(cast, "consent")) == 2


def test_a_consent_that_was_withdrawn_or_has_no_end_does_not_stand_there(cast):
    assert Consent.objects.filter(enrolment=cast.enrolment, ends_on=None).exists()
    row = consent(cast, 5)
    withdraw_consent(consent=row, on=cast.today, words="", **who(cast))
    assert ends(cast, "consent") == []


@pytest.mark.parametrize(("days", "shows"), [(30, True), (-1, True), (400, False)])
def test_a_contract_that_ends_while_the_use_goes_on(cast, days, shows):
    Contract.objects.filter(enrolment=cast.enrolment).update(ends_on=cast.today + days * DAY)
    assert bool(ends(cast, "contract")) is shows
    # With the use its contract ends: that is no end to be looked after.
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        ends_on=cast.today + days * DAY, end_reason="moved"
    )
    assert ends(cast, "contract") == []


def test_a_qualification_stands_there_with_its_owner_until_it_is_renewed(cast):
    row = qualification(cast)
    found = ends(cast, "qualification")
    assert [(each.on, each.name, each.owner, each.detail, each.client_id) for each in found] == [
        (row.valid_until, "職員 manager", "職員 manager", row.kind, None)
    ]
    assert ends(cast, "qualification", user_id=cast.members["manager"].user_id)
    assert not ends(cast, "qualification", user_id=cast.members["worker"].user_id)
    renewed = add_qualification(
        membership=row.membership, kind=row.kind, obtained_on=cast.today,
        valid_until=row.valid_until + 300 * DAY, **who(cast, "head"),
    )  # fmt: skip
    assert [each.subject_id for each in ends(cast, "qualification")] == [renewed.public_id]


def test_a_qualification_of_who_has_left_or_of_another_office_does_not(cast):
    row = qualification(cast)
    assert len(Expiries(cast.other_office, cast.today, 12, "qualification")) == 0
    Membership.objects.filter(pk=row.membership_id).update(ends_on=cast.today - DAY)
    assert ends(cast, "qualification") == []


def test_nothing_waits_after_a_death(cast):
    consent(cast, 5)
    Contract.objects.filter(enrolment=cast.enrolment).update(ends_on=cast.today + 5 * DAY)
    person = cast.enrolment.client
    person.died_on = cast.today
    person.save()
    assert not any(ends(cast, kind) for kind in EndKind if kind != EndKind.QUALIFICATION)


# --- Steps, filters, groups ---


def test_a_stage_asks_for_the_ends_that_are_at_it(cast):
    for days in (-2, 0, 3, 14, 20, 45, 80, 150, 250):
        consent(cast, days, recipient_name=f"医院 {days}")
    every = ends(cast, "consent")
    for stage in ExpiryStage:
        told = ends(cast, "consent", stage=stage)
        assert told == [row for row in every if stage_of(row.on, cast.today) == stage]
        assert all(row.stage == stage for row in told)
    assert len({row.stage for row in every}) == 8


def test_count_without_a_query_says_the_same(cast, django_assert_num_queries):
    consent(cast, 5)
    whole = Expiries(cast.office, cast.today, 12)
    tally = whole.tally()
    for more in ({}, {"stage": ExpiryStage.MONTH_1}, {"is_late": True}):
        for months in (1, 3, 12):
            asked = Expiries(cast.office, cast.today, months, tally=tally, **more)
            with django_assert_num_queries(0):
                count = len(asked)
            assert count == len(Expiries(cast.office, cast.today, months, **more)) == len(asked[:])


def test_by_person_holds_the_same_ends_and_staff_apart(client, cast):
    worker, manager = cast.members["worker"], cast.members["manager"]
    ready_person(cast, cast.office, worker, manager, "4200000001", name="人 二", kana="ひと に")
    consent(cast, 5)
    qualification(cast)
    found = Expiries(cast.office, cast.today, 12)
    groups = found.by_person()
    told = [row for group in groups[0 : len(groups)] for row in group.rows]
    key = lambda row: (row.on, row.kind, row.subject_id)  # noqa: E731
    assert sorted(map(key, told)) == sorted(map(key, found[:]))
    for group in groups[:]:
        assert len({(row.client_id, row.name) for row in group.rows}) == 1
        assert [row.on for row in group.rows] == sorted(row.on for row in group.rows)
    firsts = [group.head.on for group in groups[:]]
    assert firsts == sorted(firsts)
    enter(client, cast.members["worker"])
    page = client.get(f"{reverse('expiry')}?months=12&by=person")
    assert page.context["page"].paginator.count == len(groups) == 3
    assert page.content.decode().count("rowgroup") == 3


def test_conditions_go_together_in_the_address(client, cast):
    consent(cast, 5)
    consent(cast, 100, recipient_name="あと")
    enter(client, cast.members["head"])
    staff = cast.members["worker"].public_id
    url = f"{reverse('expiry')}?months=1&kind=consent&staff={staff}&stage=2w&by=person"
    page = client.get(url)
    # How near is asked over the whole year, whatever the months said.
    assert page.context["conditions"] == f"months=12&kind=consent&staff={staff}&stage=2w&by=person"
    assert [len(group.rows) for group in page.context["page"].object_list] == [1]
    assert "2週間以内・同意の最終日（職員 worker）・人ごと" in page.content.decode()
    for link in page.context["kinds"]:
        assert all(part in link["url"] for part in (f"staff={staff}", "stage=2w", "by=person"))
    # Other months ask anew how near.
    assert all("stage" not in link["url"] for link in page.context["spans"])
    late = client.get(f"{reverse('expiry')}?stage=late&month=2026-01")
    assert late.context["conditions"] == "late=1"
    assert client.get(f"{reverse('expiry')}?stage=x&by=x").context["conditions"] == "months=3"


def test_a_row_says_what_comes_next_and_whose_step_it_is(client, cast):
    Decision.objects.filter(client=cast.enrolment.client).update(ends_on=cast.today + 20 * DAY)
    enter(client, cast.members["worker"])
    text = client.get(f"{reverse('expiry')}?kind=decision").content.decode()
    assert "更新を本人と確かめ、区に申請する" in text
    assert "1か月以内" in text
    row = ends(cast, "decision")[0]
    assert (row.owner, row.staff) == ("職員 worker", "職員 worker")
    assert ends(cast, "support_plan")[0].owner == "サービス管理責任者"


def test_who_has_left_is_called_as_on_the_last_day(cast):
    person, left = cast.enrolment.client, cast.today - 10 * DAY
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(ends_on=left, end_reason="moved")
    name = ClientName.objects.get(client=person)
    ClientName.objects.filter(pk=name.pk).update(ends_on=left + DAY)
    ClientName.objects.create(
        client=person, name="新姓 太郎", kana="しんせい", starts_on=left + 2 * DAY,
        search_text="しんせい ", recorded_by=cast.members["worker"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    assert names_here(cast.office, {person.pk}, cast.today)[person.pk].name == name.name


# --- Sheet ---


def test_the_sheet_holds_all_that_match_and_is_on_the_record(client, cast):
    for number in range(60):
        consent(cast, 5, recipient_name=f"医院 {number}")
    qualification(cast)
    enter(client, cast.members["billing"])
    answer = client.get(f"{reverse('expiry_xlsx')}?months=12&kind=consent&stage=2w")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 61
    told = dict(zip(rows[0], rows[1], strict=True))
    assert told["終わる日"].date() == cast.today + 5 * DAY
    assert (told["残りの日数"], told["段階"], told["担当"]) == (5, "2週間以内", "職員 worker")
    assert told["次にすること"] == "同意を続けるか、本人に確かめる"
    event = AuditEvent.objects.get(verb="expiry_exported")
    assert (event.user, event.subject_id) == (cast.user("billing"), cast.office.public_id)


@pytest.mark.parametrize("query", ["?months=12", "?months=12&by=person", "xlsx"])
def test_more_people_cost_no_more_queries(client, cast, query):
    consent(cast, 5)
    lapsed_consent(cast)
    qualification(cast)
    url = reverse("expiry_xlsx") if query == "xlsx" else reverse("expiry") + query
    enter(client, cast.members["head"])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(5):
        ready_person(
            cast, cast.office, cast.members["worker"], cast.members["manager"],
            f"43000000{number:02d}", name=f"人 {number}",
        )  # fmt: skip
        consent(cast, number, recipient_name=f"医院 {number}")
    with CaptureQueriesContext(connection) as more:
        client.get(url)
    assert len(more) == len(few)


def test_many_people_are_asked_for_by_their_office(cast, monkeypatch):
    consent(cast, 5)
    before = ends(cast, "")
    monkeypatch.setattr("plans.queries.expiry_rows.MANY", 0)
    assert ends(cast, "") == before


# --- Laying aside ---


def settle(cast, row, **changes):
    facts = {
        "kind": EndKind.CONSENT, "ends_on": row.ends_on, "subject_id": row.public_id,
        "on_file": row.ends_on, "reason": "もう続けない", "client": cast.enrolment.client,
    }  # fmt: skip
    return settle_end(**{**facts, **changes}, **who(cast))


def test_what_was_laid_aside_is_gone_until_it_is_taken_back(client, cast):
    row = lapsed_consent(cast)
    enter(client, cast.members["worker"])
    board = client.get(f"{reverse('expiry')}?late=1").content.decode()
    url = reverse("expiry_settle", args=["consent", row.public_id])
    assert url in board
    empty = client.post(url, {"reason": "  "})
    assert empty.status_code == 422
    assert "済みにする理由を入れてください。" in empty.content.decode()
    assert client.post(url, {"reason": "通院が終わった"}).status_code == 302
    assert ends(cast, "consent") == []
    settlement = ExpirySettlement.objects.get()
    assert (settlement.reason, settlement.recorded_by) == ("通院が終わった", cast.members["worker"])
    page = client.get(reverse("expiry_settled")).content.decode()
    assert "通院が終わった" in page
    undo = reverse("expiry_undo", args=[settlement.public_id])
    assert undo in page
    client.post(undo)
    settlement.refresh_from_db()
    assert settlement.undone_by == cast.members["worker"]
    assert len(ends(cast, "consent")) == 1
    assert "取り消し" in client.get(reverse("expiry_settled")).content.decode()
    # Laid aside anew, it stands beside the one that was taken back.
    client.post(url, {"reason": "やはり終わり"})
    assert ExpirySettlement.objects.count() == 2
    verbs = AuditEvent.objects.filter(person_id=cast.enrolment.client.public_id)
    assert verbs.filter(verb="expiry_settled").count() == 2
    assert verbs.filter(verb="expiry_settlement_undone").count() == 1


def test_another_day_on_the_row_shows_it_again(cast):
    row = lapsed_consent(cast)
    settle(cast, row)
    assert ends(cast, "consent") == []
    Consent.objects.filter(pk=row.pk).update(ends_on=row.ends_on + DAY)
    assert len(ends(cast, "consent")) == 1


def test_a_hand_over_laid_aside_leaves_reminders_too(cast):
    people = Enrolment.objects.filter(pk=cast.enrolment.pk)
    window_until(people, cast.today + 60 * DAY)
    late = Expiries(cast.office, cast.today, 12, "handover", is_late=True)
    found, on_file = late.one("handover", cast.enrolment.public_id)
    assert found[0] < cast.today
    assert [kind for _row, _day, kind in ends_of(people, cast.today, {"handover": DAY})] == [
        "handover"
    ]
    settle_end(
        kind=EndKind.HANDOVER, ends_on=found[0], subject_id=found[3], on_file=on_file,
        reason="本人が転居する", client=cast.enrolment.client, **who(cast),
    )  # fmt: skip
    assert list(ends_of(people, cast.today, {"handover": DAY})) == []
    assert len(late) == 0


def test_nothing_is_laid_aside_before_it_has_passed_or_that_a_fact_settles(client, cast):
    ahead = consent(cast, 0)
    with pytest.raises(ValidationError):
        settle(cast, ahead)
    with pytest.raises(ValidationError):
        settle(cast, lapsed_consent(cast), kind=EndKind.DECISION)
    enter(client, cast.members["worker"])
    decision = Decision.objects.filter(client=cast.enrolment.client)
    decision.update(ends_on=cast.today - DAY)
    for kind, subject in (
        ("consent", ahead.public_id), ("decision", decision.get().public_id),
        ("nonsense", ahead.public_id),
    ):  # fmt: skip
        assert client.get(reverse("expiry_settle", args=[kind, subject])).status_code == 404


def test_a_qualification_is_laid_aside_by_the_manager_alone(client, cast):
    row = add_qualification(
        membership=cast.members["manager"], kind="更新研修", obtained_on=None,
        valid_until=cast.today - DAY, **who(cast, "head"),
    )  # fmt: skip
    url = reverse("expiry_settle", args=["qualification", row.public_id])
    enter(client, cast.members["worker"])
    assert client.get(url).status_code == 403
    assert url not in client.get(f"{reverse('expiry')}?late=1").content.decode()
    enter(client, cast.members["head"])
    assert url in client.get(f"{reverse('expiry')}?late=1").content.decode()
    client.post(url, {"reason": "更新しない"})
    assert ends(cast, "qualification") == []
    undo = reverse("expiry_undo", args=[ExpirySettlement.objects.get().public_id])
    enter(client, cast.members["worker"])
    assert client.post(undo).status_code == 403
    assert "更新しない" in client.get(reverse("expiry_settled")).content.decode()


def test_another_office_finds_nothing_to_lay_aside_or_to_take_back(client, cast):
    row, done = lapsed_consent(cast), settled_consent(cast)
    enter(client, cast.members["outsider"])
    for name, args in (
        ("expiry_settle", ["consent", row.public_id]), ("expiry_undo", [done.public_id]),
    ):  # fmt: skip
        url = reverse(name, args=args)
        assert client.get(url).status_code == 404
        assert client.post(url, {"reason": "よそから"}).status_code == 404
    assert done.reason not in client.get(reverse("expiry_settled")).content.decode()
    assert ExpirySettlement.objects.get().undone_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""}, {"office": None}, {"client": None}, {"undone_at": "now"},
        {"municipality": "ward"},
    ],
    ids=["no reason", "no board", "nobody", "taken back by nobody", "two boards"],
)  # fmt: skip
def test_the_database_keeps_who_and_why(cast, wrong):
    known = {"now": at_noon(cast.today), "ward": cast.wards[2]}
    facts = {
        "office": cast.office, "client": cast.enrolment.client, "kind": "consent",
        "subject_id": cast.enrolment.public_id, "on_file": cast.today, "reason": "済み",
        "recorded_by": cast.members["worker"], "recorded_at": known["now"],
        **{name: known.get(value, value) for name, value in wrong.items()},
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpirySettlement.objects.create(**facts)


def test_laid_aside_by_two_at_once_it_stands_once(cast):
    row = lapsed_consent(cast)
    settle(cast, row)
    with pytest.raises(ValidationError, match="たったいま"):
        settle(cast, row)


def test_taken_back_twice_it_is_taken_back_once(cast):
    done = settled_consent(cast)
    first = undo_settlement(settlement=done, **who(cast))
    again = undo_settlement(settlement=done, **who(cast, "manager"))
    assert again.undone_by == first.undone_by == cast.members["worker"]
