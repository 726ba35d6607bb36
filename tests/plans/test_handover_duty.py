"""引き継ぎの義務: to the person, as of a day; guideline and appointed person dated."""

from datetime import date as d
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Enrolment
from plans.actions import handover as actions
from plans.actions import life_change
from plans.actions.handover_duty import set_handover_system
from plans.queries.handover_duty import office_duty
from plans.rules.handover import HandoverStep as S
from plans.rules.handover_duty import DutyFacts, DutyState, duty_answer
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon
from teikyaku.periods import fiscal_year, months_later
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_centre, ready_person, window_until

BY = d(2026, 11, 30)
NEEDED = {"judged_on": d(2026, 9, 1), "is_needed": True}


@pytest.mark.parametrize(
    ("facts", "on", "state"),
    [
        pytest.param({}, BY, DutyState.WAITING, id="the-last-day"),
        pytest.param({}, d(2026, 12, 1), DutyState.UNJUDGED, id="the-day-after"),
        pytest.param(NEEDED, BY, DutyState.WAITING, id="needed-last-day"),
        pytest.param(NEEDED, d(2026, 12, 1), DutyState.LATE, id="needed-day-after"),
        pytest.param({**NEEDED, "first_shared_on": BY}, d(2027, 3, 1), DutyState.MET, id="met"),
        pytest.param({**NEEDED, "first_shared_on": d(2026, 12, 1)}, d(2027, 3, 1), DutyState.LATE, id="late"),
        pytest.param({**NEEDED, "first_shared_on": BY}, d(2026, 11, 29), DutyState.WAITING, id="as-of-before"),
        pytest.param({"judged_on": d(2026, 9, 1)}, d(2027, 3, 1), DutyState.NOT_NEEDED, id="not-needed"),
        pytest.param({"has_duty": False}, d(2027, 3, 1), DutyState.SUDDEN, id="sudden"),
        pytest.param({"has_duty": None}, d(2027, 3, 1), DutyState.ASK, id="own-wish"),
        pytest.param({"has_duty": None}, d(2026, 10, 1), DutyState.ASK, id="own-wish-early"),
        pytest.param({**NEEDED, "not_consented_on": BY}, d(2027, 3, 1), DutyState.ASK, id="no-consent"),
        pytest.param({"use_starts_on": d(2026, 12, 1)}, d(2027, 1, 1), DutyState.ASK, id="began-late"),
    ],
)  # fmt: skip
def test_the_state_of_one_person(facts, on, state):
    known = {"share_by": BY, "use_starts_on": d(2024, 3, 1), "has_duty": True, **facts}
    assert duty_answer(DutyFacts(**known), on).state == state


@pytest.fixture
def who(cast):
    return {"by": cast.members["manager"], "at": at_noon(cast.today)}


@pytest.fixture
def ending(cast):
    """The person's last usable day lies two months ahead: sharing is late."""
    window_until(Enrolment.objects.filter(pk=cast.enrolment.pk), months_later(cast.today, 2))
    cast.enrolment.refresh_from_db()
    return cast.enrolment


def duty_of(cast):
    return office_duty(cast.office, fiscal_year(months_later(cast.today, 2)), cast.today)


def test_the_office_without_guideline_and_the_late_person(cast, who, ending):
    duty = duty_of(cast)
    assert duty.missing == ("指針", "引き継ぎの責任者")
    assert [row.enrolment_id for row in duty.threatening] == [ending.public_id]
    set_handover_system(
        office=cast.office, starts_on=cast.today, guideline="引き継ぎ指針（棚A）",
        appointed=cast.members["manager"], **who,
    )  # fmt: skip
    assert duty_of(cast).missing == ()
    assert duty_of(cast).threatens


def test_a_sudden_end_is_no_failure(cast, who, ending):
    for reason, state in (("left_job", DutyState.SUDDEN), ("moved", DutyState.SUDDEN),
                          ("died", DutyState.SUDDEN), ("own_wish", DutyState.ASK)):  # fmt: skip
        Enrolment.objects.filter(pk=ending.pk).update(ends_on=cast.today, end_reason=reason)
        duty = office_duty(cast.office, fiscal_year(cast.today), cast.today)
        assert [row.answer.state for row in duty.rows] == [state]
        assert not duty.threatening
        (row,) = duty.rows
        # Of a sudden end there is no day; of another it says from which end it counts.
        is_sudden = state == DutyState.SUDDEN
        assert (row.share_by is None) == is_sudden
        assert row.counted_from == (None if is_sudden else ending.window_ends_on)


def test_a_day_that_counts_from_another_end_says_so(client, cast, ending):
    Enrolment.objects.filter(pk=ending.pk).update(ends_on=cast.today, end_reason="own_wish")
    enter(client, cast.members["manager"])
    page = client.get(reverse("handover_duty")).content.decode()
    assert "から数えています" in page
    Enrolment.objects.filter(pk=ending.pk).update(end_reason="died")
    page = client.get(reverse("handover_duty"))
    assert page.context["duty"].rows[0].share_by is None
    assert "から数えています" not in page.content.decode()
    assert client.get(reverse("handover_duty_xlsx")).status_code == 200


def test_a_system_from_before_somebody_worked_there_is_told_at_the_day(client, cast):
    manager = cast.members["manager"]
    enter(client, manager)
    early = manager.starts_on - timedelta(days=1)
    data = {"starts_on": early.isoformat(), "guideline": "棚A", "appointed": manager.pk}
    form = client.post(reverse("handover_system_new"), data).context["form"]
    assert list(form.errors) == ["starts_on"]
    assert "その日以後" in str(form.errors["starts_on"])
    typed = f"{cast.today.month}/{cast.today.day}"
    answer = client.post(reverse("handover_system_new"), {**data, "starts_on": typed})
    assert answer.status_code == 302


def test_shared_with_whoever_declined_counts(cast, who, ending):
    window_until(Enrolment.objects.filter(pk=ending.pk), months_later(cast.today, 4))
    row = actions.judge_need(
        enrolment=ending, judged_on=cast.today, is_needed=True, judgement="生活", **who
    )
    step = {"handover": row, **who}
    actions.record_step(step=S.CENTRE, centre=make_centre(), **step)
    actions.record_step(step=S.CONSENT, consented_on=cast.today, **step)
    actions.record_step(step=S.SHARING, shared_on=cast.today, **step)
    actions.record_step(step=S.ANSWER, declined_on=cast.today, decline_reason="空きなし", **step)
    actions.record_step(step=S.CENTRE, centre=make_centre(), **step)
    year = fiscal_year(months_later(cast.today, 4))
    (found,) = office_duty(cast.office, year, cast.today).rows
    assert found.answer.state == DutyState.MET


def test_what_is_in_place_is_dated(cast, who):
    known = {"office": cast.office, "appointed": cast.members["manager"], **who}
    early = cast.today - timedelta(days=10)
    first = set_handover_system(starts_on=early, guideline="一", **known)
    second = set_handover_system(starts_on=cast.today, guideline="二", **known)
    first.refresh_from_db()
    assert first.ends_on == cast.today - timedelta(days=1)
    assert second.ends_on is None
    for wrong in (early, cast.today, cast.today + timedelta(days=1)):
        with pytest.raises(ValidationError):
            set_handover_system(starts_on=wrong, guideline="三", **known)
    with pytest.raises(ValidationError, match="所属する職員"):
        set_handover_system(
            starts_on=cast.today, guideline="", office=cast.office,
            appointed=cast.members["outsider"], **who,
        )  # fmt: skip


def test_the_number_of_queries_does_not_grow(cast, ending):
    def counted():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            duty_of(cast)
        return len(seen)

    before = counted()
    for index in range(2):
        ready_person(
            cast, cast.office, cast.members["worker"], cast.members["manager"], f"420000000{index}",
            name=f"人 {index}",
        )  # fmt: skip
    window_until(Enrolment.objects.filter(office=cast.office), months_later(cast.today, 2))
    assert len(duty_of(cast).rows) >= 3
    assert counted() == before


def test_page_and_workbook(client, cast, ending):
    enter(client, cast.members["worker"])
    year = fiscal_year(months_later(cast.today, 2))
    page = client.get(f"{reverse('handover_duty')}?year={year}").content.decode()
    assert "支援体制構築未実施減算" in page
    assert "市に確認" in page
    assert client.get(f"{reverse('handover_duty')}?year=x").status_code == 200
    book = client.get(f"{reverse('handover_duty_xlsx')}?year={year}")
    assert book["Content-Type"].endswith("sheet")
    enter(client, cast.members["manager"])
    url = reverse("handover_system_new")
    wanted = {"starts_on": cast.today, "guideline": "指針", "appointed": cast.members["manager"].pk}
    assert client.post(url, wanted)["Location"] == reverse("handover_duty")


def test_the_sudden_end_keeps_the_word_of_the_end_rule(cast, who, ending):
    life_change.end_use(enrolment=ending, ends_on=cast.today, reason="left_job", note="", **who)
    (row,) = office_duty(cast.office, fiscal_year(cast.today), cast.today).rows
    assert "義務に反しません" in row.answer.why


def test_the_hand_over_page_says_that_the_sharing_was_late(client, cast, who, ending):
    row = actions.judge_need(
        enrolment=ending, judged_on=cast.today, is_needed=True, judgement="生活", **who
    )
    step, page = {"handover": row, **who}, reverse("handover_page", args=[ending.public_id])
    enter(client, cast.members["manager"])
    assert "減算になるおそれ" in client.get(page).content.decode()
    actions.record_step(step=S.CENTRE, centre=make_centre(), **step)
    actions.record_step(step=S.CONSENT, consented_on=cast.today, **step)
    form = client.get(reverse("handover_step", args=[ending.public_id, "sharing"]))
    assert "最終日は過ぎています" in form.content.decode()
    row = actions.record_step(step=S.SHARING, shared_on=cast.today, **step)
    text = client.get(page).content.decode()
    assert "減算になるおそれ" in text
    assert "日遅れました" in text
    Enrolment.objects.filter(pk=ending.pk).update(ends_on=cast.today, end_reason="moved")
    assert "減算になるおそれ" not in client.get(page).content.decode()


def test_who_ends_early_in_the_next_year_counts_where_the_latest_day_lies(client, cast):
    year = 2027
    people = Enrolment.objects.filter(pk=cast.enrolment.pk)
    for last, is_told in ((d(2028, 6, 9), True), (d(2028, 7, 1), False), (d(2028, 3, 31), False)):
        window_until(people, last)
        duty = office_duty(cast.office, year, d(2028, 3, 20))
        told = cast.enrolment.public_id in {row.enrolment_id for row in duty.later}
        assert told is is_told, last
        assert (cast.enrolment.public_id in {row.enrolment_id for row in duty.rows}) is (
            last <= d(2028, 3, 31)
        )
    # 3 months before 9 June lies on 9 March: that has passed.
    window_until(people, d(2028, 6, 9))
    assert cast.enrolment.public_id in {
        row.enrolment_id for row in office_duty(cast.office, year, d(2028, 3, 20)).threatening
    }
    this_year = fiscal_year(cast.today)
    window_until(people, d(this_year + 1, 5, 31))
    enter(client, cast.members["manager"])
    page = client.get(reverse("handover_duty"))
    assert f"?year={this_year + 1}" in page.content.decode()
    assert "共有の最終日がこの年度にある人が1人" in page.content.decode()


def test_the_export_is_on_the_record(client, cast):
    enter(client, cast.members["manager"])
    client.get(reverse("handover_duty_xlsx"))
    event = AuditEvent.objects.get(verb="handover_duty_exported")
    assert (event.user, event.subject_id) == (cast.user("manager"), cast.office.public_id)
