"""期限 of a ward: decisions, caps, papers and windows of its people, whose turn it is, and nothing of the support."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from clients.models import Enrolment
from clients.queries.facts import working_lives
from clients.queries.window import standing_in
from plans.access import kept_decisions
from plans.actions.application import receive_application
from plans.actions.expiry import settle_end
from plans.models import Application, CapPeriod, Certificate, Decision, ExpirySettlement, Proposal
from plans.queries.expiry_list import When
from plans.queries.ward_expiry import WardExpiries
from plans.queries.ward_keeping import ward_parts
from plans.rules.expiry import WardEndKind
from plans.rules.path import Turn
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access.expiry import lapsed_decision, settled_decision
from tests.access.proposals import proposed
from tests.accounts.test_coming_and_going import enter

DAY = timedelta(days=1)


def ends(cast, kind="", key="officer", **when):
    member = cast.members[key]
    turn = when.pop("turn", None)
    asked = When(**{"months": 12, **when})
    return WardExpiries(
        kept_decisions(member), member.municipality, cast.today, asked, kind, turn=turn
    )


def own(cast, **facts):
    """The ward's decision, changed."""
    Decision.objects.filter(pk=cast.decision.pk).update(**facts)
    return Decision.objects.get(pk=cast.decision.pk)


def apply(cast, **facts):
    told = {"municipality": cast.wards[2], "by": cast.members["officer"], **facts}
    return receive_application(
        client=cast.decision.client, kind="renewal", received_on=cast.today,
        received_place="ward_office", at=at_noon(cast.today), **told,
    )  # fmt: skip


def test_a_decision_waits_until_it_is_renewed_and_says_whose_turn_it_is(cast):
    own(cast, ends_on=cast.today + 30 * DAY)
    row = ends(cast, "decision")[0]
    assert (row.on, row.name, row.step.turn) == (cast.today + 30 * DAY, "申請 花子", Turn.PERSON)
    assert row.may_renew
    assert not row.wants_cap
    apply(cast)
    row = ends(cast, "decision")[0]
    assert (row.step.turn, row.may_renew, row.links_application) == (Turn.WARD, False, True)
    assert "聞き取り調査" in row.step.words


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_the_end_of_the_right_is_no_renewal(cast, days):
    row = own(cast, ends_on=cast.today + 10 * DAY)
    Enrolment.objects.filter(client=row.client).update(
        use_starts_on=row.starts_on, window_ends_on=row.ends_on + days * DAY
    )
    found = ends(cast, "decision")[0]
    assert (found.step.turn == Turn.NONE) is (days <= 0)
    # Once it has passed nothing follows it: it waits for nobody.
    own(cast, ends_on=cast.today - DAY)
    Enrolment.objects.filter(client=row.client).update(window_ends_on=cast.today - DAY + days * DAY)
    assert bool(ends(cast, "decision")[:]) is (days > 0)


@pytest.mark.parametrize("turn", list(Turn))
def test_asked_by_turn_the_list_holds_those_whose_turn_it_is(cast, turn):
    own(cast, ends_on=cast.today + 30 * DAY)
    lapsed_decision(cast)
    row = proposed(cast)
    CapPeriod.objects.filter(client=cast.decision.client).update(
        last_month=Month.of(cast.today).first_day
    )
    for step in ("", "asked back", "applied"):
        if step == "asked back":
            Proposal.objects.filter(pk=row.pk).update(state=Proposal.State.OFFICE)
        if step == "applied":
            apply(cast)
        every = ends(cast)[:]
        assert [each for each in every if each.step.turn == turn] == ends(cast, turn=turn)[:]


def test_a_cap_and_the_paper_that_a_new_one_needs(cast):
    person, month = cast.decision.client, Month.of(cast.today)
    CapPeriod.objects.filter(client=person).update(last_month=month.first_day)
    assert [row.on for row in ends(cast, "cap")[:]] == [month.last_day]
    by = {"recorded_by": cast.members["officer"], "recorded_at": at_noon(cast.today)}
    cap = CapPeriod.objects.create(
        client=person, municipality=cast.wards[2], first_month=(month + 1).first_day,
        category="low_income", cap_yen=0, **by,
    )  # fmt: skip
    assert ends(cast, "cap")[:] == []
    # Set on the day of the paper it stands on it; on a later day the paper is an old one.
    assert ends(cast, "certificate")[:] == []
    CapPeriod.objects.filter(pk=cap.pk).update(recorded_at=at_noon(cast.today + DAY))
    assert [row.on for row in ends(cast, "certificate")[:]] == [cap.first_month]
    Certificate.objects.filter(decision=cast.decision).update(recorded_at=at_noon(cast.today + DAY))
    assert ends(cast, "certificate")[:] == []


def test_a_window_stands_there_once_for_each_person(cast):
    person = cast.decision.client
    last_on = cast.today + 90 * DAY
    uses = Enrolment.objects.filter(client=person)
    uses.update(window_ends_on=last_on)
    use = uses.get()
    use.pk, use._state.adding, use.office = None, True, cast.other_office
    use.public_id = cast.office.public_id
    use.save()
    assert [(row.on, row.step.turn) for row in ends(cast, "window")[:]] == [
        (last_on, Turn.PROVIDER)
    ]


def test_nothing_of_another_ward_or_of_what_an_office_copied(client, cast):
    own(cast, ends_on=cast.today + 30 * DAY)
    assert len(ends(cast)) > 0
    assert len(ends(cast, key="other_officer")) == 0
    Decision.objects.filter(pk=cast.decision.pk).update(passed_to=cast.wards[0])
    assert len(ends(cast)) == 0
    assert [row.kind for row in ends(cast, "decision", key="other_officer")[:]] == ["decision"]
    # A person whose paper an office copied is no work of the ward's.
    copied = Decision.objects.filter(is_transcribed=True)
    assert copied.exists()
    ids = set(copied.values_list("public_id", flat=True))
    assert not ids & {row.subject_id for row in ends(cast, key="officer")[:]}
    enter(client, cast.members["other_officer"])
    text = client.get(f"{reverse('admin:ward_expiry')}?months=12").content.decode()
    assert "申請 花子" in text


def test_an_application_or_proposal_to_another_ward_is_not_told(cast):
    own(cast, ends_on=cast.today + 30 * DAY)
    Application.objects.create(
        client=cast.decision.client, municipality=cast.wards[0], kind="renewal",
        received_on=cast.today, received_place="ward_office",
        recorded_by=cast.members["other_officer"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    row = ends(cast, "decision")[0]
    assert (row.application_id, row.step.turn) == (None, Turn.PERSON)


def test_the_page_tells_nothing_of_the_support(client, cast):
    own(cast, ends_on=cast.today + 30 * DAY)
    enter(client, cast.members["officer"])
    for query in ("", "?months=12&by=person", "?late=1", "?stage=2m&turn=person", "?turn=x&kind=x"):
        text = client.get(reverse("admin:ward_expiry") + query).content.decode()
        for word in (
            "個別支援計画",
            "同意の最終日",
            "面談",
            "情報共有",
            "資格・研修",
            "職員 worker",
        ):
            assert word not in text.split("<main", 1)[1]


def test_the_sheet_is_the_list_as_filtered_and_on_the_record(client, cast):
    own(cast, ends_on=cast.today + 30 * DAY)
    lapsed_decision(cast)
    enter(client, cast.members["officer"])
    url = reverse("admin:ward_expiry_xlsx")
    answer = client.get(f"{url}?months=12&kind=decision&stage=late")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["過ぎた 3"]
    assert dict(zip(rows[0], rows[1], strict=True))["だれの番"] == "本人"
    event = AuditEvent.objects.get(verb="ward_expiry_exported")
    assert event.subject_id == cast.wards[2].public_id


def test_a_lapsed_decision_stays_until_it_is_laid_aside(client, cast):
    row = lapsed_decision(cast, 400)
    enter(client, cast.members["officer"])
    url = reverse("admin:ward_expiry_settle", args=["decision", row.public_id])
    assert url in client.get(f"{reverse('admin:ward_expiry')}?late=1").content.decode()
    assert client.post(url, {"reason": "更新を希望しない"}).status_code == 302
    assert len(ends(cast, "decision", is_late=True)) == 0
    done = ExpirySettlement.objects.get()
    assert (done.municipality, done.office) == (cast.wards[2], None)
    assert "更新を希望しない" in client.get(reverse("admin:ward_expiry_settled")).content.decode()
    client.post(reverse("admin:ward_expiry_undo", args=[done.public_id]))
    assert len(ends(cast, "decision", is_late=True)) == 1


def test_another_ward_lays_nothing_aside_and_takes_nothing_back(client, cast):
    row, done = lapsed_decision(cast), settled_decision(cast)
    enter(client, cast.members["other_officer"])
    for name, args in (
        ("admin:ward_expiry_settle", ["decision", row.public_id]),
        ("admin:ward_expiry_undo", [done.public_id]),
    ):  # fmt: skip
        url = reverse(name, args=args)
        assert client.get(url).status_code == client.post(url, {"reason": "x"}).status_code == 404
    page = client.get(reverse("admin:ward_expiry_settled")).content.decode()
    assert done.reason not in page


def test_the_conditions_can_be_kept(client, cast):
    enter(client, cast.members["officer"])
    query = "months=12&kind=decision&turn=person&stage=2m"
    page = client.get(f"{reverse('admin:ward_expiry')}?{query}").content.decode()
    url = f"{reverse('saved_view_new', args=['admin:ward_expiry'])}?{query}"
    assert url.replace("&", "&amp;") in page
    assert client.post(url, {"name": "本人の番"}).status_code == 302
    kept = client.get(reverse("admin:ward_expiry")).content.decode()
    assert "本人の番" in kept


def test_more_people_cost_no_more_queries(client, cast):
    enter(client, cast.members["officer"])
    lapsed_decision(cast, 1)
    for name, query in (("admin:ward_expiry", "?months=12"), ("admin:ward_expiry_xlsx", "")):
        url = reverse(name) + query
        client.get(url)
        with CaptureQueriesContext(connection) as few:
            client.get(url)
        for days in range(2, 6):
            lapsed_decision(cast, days)
        with CaptureQueriesContext(connection) as more:
            client.get(url)
        assert len(more) == len(few)


def test_what_was_laid_aside_goes_with_the_wards_file(cast):
    done = settled_decision(cast)
    parts = ward_parts(done.client, cast.wards[2])
    assert any(part.model is ExpirySettlement and done.pk in part.keys for part in parts)


# --- What has passed stays in sight once the decision is over, until it is settled ---


def later(cast, days):
    """The ward's board some days after today."""
    member = cast.members["officer"]
    on = cast.today + days * DAY
    return WardExpiries(kept_decisions(member), member.municipality, on, When(12, is_late=True))


def kinds(found):
    return [row.kind for row in found[:]]


def next_cap(cast, first_month, **facts):
    facts = {"recorded_at": at_noon(cast.today), **facts}
    return CapPeriod.objects.create(
        client=cast.decision.client, municipality=cast.wards[2], first_month=first_month.first_day,
        category="low_income", cap_yen=0, recorded_by=cast.members["officer"], **facts,
    )  # fmt: skip


def test_months_without_a_cap_stay_in_sight_after_the_decision(client, cast):
    month = Month.of(cast.today) - 2
    caps = CapPeriod.objects.filter(client=cast.decision.client)
    caps.update(first_month=(month - 6).first_day, last_month=month.first_day)
    own(cast, starts_on=cast.today - 200 * DAY, ends_on=cast.today + 5 * DAY)
    here, after = later(cast, 1), later(cast, 200)
    assert [kinds(found).count("cap") for found in (here, after)] == [1, 1]
    one = {row.kind: row for row in after[:]}["cap"]
    assert (one.on, one.may_be_settled) == (month.last_day, True)
    # While a decision holds them only the next cap settles it, afterwards somebody may as well.
    assert not {row.kind: row for row in here[:]}["cap"].may_be_settled
    with pytest.raises(ValidationError):
        lay_aside(cast, one, month.first_day, 1)
    lay_aside(cast, one, month.first_day, 200)
    assert "cap" not in kinds(later(cast, 201))
    # A decision given late makes months that lack a cap again.
    own(cast, ends_on=cast.today + 400 * DAY)
    assert "cap" in kinds(later(cast, 201))
    next_cap(cast, month + 1)
    assert "cap" not in kinds(later(cast, 201))


def lay_aside(cast, row, on_file, days):
    settle_end(
        kind=WardEndKind(row.kind), ends_on=row.on, subject_id=row.subject_id, on_file=on_file,
        reason="使わずに終わった", client=cast.decision.client, by=cast.members["officer"],
        at=at_noon(cast.today + days * DAY),
    )  # fmt: skip


def test_a_cap_that_ended_with_its_decision_lacks_no_month(cast):
    month = Month.of(cast.today) - 1
    CapPeriod.objects.filter(client=cast.decision.client).update(
        first_month=month.first_day, last_month=month.first_day
    )
    own(cast, starts_on=cast.today - 200 * DAY, ends_on=month.last_day)
    assert kinds(later(cast, 0)) == ["decision"]


def test_a_paper_that_was_never_made_stays_in_sight_after_the_decision(cast):
    month = Month.of(cast.today)
    CapPeriod.objects.filter(client=cast.decision.client).update(last_month=month.first_day)
    own(cast, ends_on=cast.today + 90 * DAY)
    cap = next_cap(cast, month + 1, recorded_at=at_noon(cast.today + DAY))
    assert kinds(later(cast, 60)).count("certificate") == 1
    row = {row.kind: row for row in later(cast, 200)[:]}["certificate"]
    assert row.subject_id == cap.public_id
    lay_aside(cast, row, cap.first_month, 200)
    assert "certificate" not in kinds(later(cast, 200))


def test_a_right_that_ended_waits_for_the_end_of_the_use(cast):
    last_on = cast.today + 10 * DAY
    row = own(cast, ends_on=last_on)
    uses = Enrolment.objects.filter(client=row.client)
    uses.update(use_starts_on=row.starts_on, window_ends_on=last_on)
    assert "window" not in kinds(later(cast, 10))
    found = {each.kind: each for each in later(cast, 11)[:]}
    assert "利用の終了を記録する" in found["window"].step.words
    assert (found["window"].step.turn, found["window"].may_be_settled) == (Turn.PROVIDER, True)
    uses.update(ends_on=last_on, end_reason="period_over")
    assert "window" not in kinds(later(cast, 11))


def test_another_wards_lapsed_caps_are_not_told(cast):
    month = Month.of(cast.today) - 2
    CapPeriod.objects.filter(client=cast.decision.client).update(
        first_month=month.first_day, last_month=month.first_day
    )
    own(cast, starts_on=cast.today - 200 * DAY, ends_on=cast.today - 5 * DAY)
    assert "cap" in kinds(later(cast, 0))
    assert len(ends(cast, key="other_officer")) == 0


# --- Who has no use yet ---------------------------------------------------------------------------


def test_who_has_a_decision_and_no_use_yet_shows_window_and_decision(client, cast):
    row = own(cast, ends_on=cast.today + 60 * DAY)
    uses = Enrolment.objects.filter(client=row.client)
    day = uses.latest("pk").window_ends_on or standing_of(row.client, cast.today)
    asked = {"months": 60}
    (stored,) = [each for each in ends(cast, "window", **asked)[:] if each.name == "申請 花子"]
    uses.update(ends_on=cast.today - DAY, end_reason="own_wish")
    board = ends(cast, "window", **asked)
    (found,) = [each for each in board[:] if each.name == "申請 花子"]
    assert found.on == stored.on == day
    assert "利用の開始を待つ" in found.step.words
    assert found.step.turn == Turn.PROVIDER
    assert not found.may_be_settled
    assert len(board) == len(board[:])
    kinds = {each.kind for each in ends(cast, **asked)[:] if each.name == "申請 花子"}
    assert kinds >= {"decision", "window"}
    assert "申請 花子" not in {
        each.name for each in ends(cast, "window", "other_officer", **asked)[:]
    }
    # Inside the span alone, and nothing of what nobody used once it is over.
    assert not [each for each in ends(cast, "window", months=1)[:] if each.name == "申請 花子"]


def standing_of(person, on):
    return standing_in(working_lives([person.pk])[person.pk], on).right_ends_on
