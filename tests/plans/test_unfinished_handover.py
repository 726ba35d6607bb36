"""引き継ぎの続き: a needed hand-over stays in sight after the end of the use, until it reached the new place."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.actions import handover as actions
from plans.actions import life_change
from plans.actions.expiry import settle_end
from plans.models import Handover
from plans.queries.expiry import Expiries
from plans.rules.expiry import EndKind
from plans.rules.handover import HandoverStep as S
from teikyaku.clock import at_noon
from teikyaku.desk.queries.home import worker_desk
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_centre

DAY = timedelta(days=1)


@pytest.fixture
def who(cast):
    return {"by": cast.members["worker"], "at": at_noon(cast.today)}


@pytest.fixture
def row(cast, who):
    """Needed, shared with a centre that has not answered."""
    found = actions.judge_need(
        enrolment=cast.enrolment, judged_on=cast.today - 20 * DAY, is_needed=True,
        judgement="生活", **who,
    )  # fmt: skip
    step = {"handover": found, **who}
    actions.record_step(step=S.CENTRE, centre=make_centre(), **step)
    actions.record_step(step=S.CONSENT, consented_on=cast.today - 15 * DAY, **step)
    return actions.record_step(step=S.SHARING, shared_on=cast.today - 12 * DAY, **step)


def end(cast, who, reason="expired"):
    life_change.end_use(
        enrolment=cast.enrolment, ends_on=cast.today - DAY, reason=reason, note="", **who
    )


def on_board(cast, on=None):
    return list(Expiries(cast.office, on or cast.today, 12, "handover_open", is_late=True)[:9])


def things(client, cast):
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    return [each.text for each in page.context["page"].next]


def home_counts(cast):
    return {
        item.label: item for item in worker_desk(cast.members["worker"], cast.today).counts.some
    }


def test_before_the_end_it_stands_at_the_last_day(cast, row):
    (found,) = Expiries(cast.office, cast.today, 60, "handover_open")[:9]
    assert found.on == cast.enrolment.window_ends_on


def test_before_the_sharing_its_own_row_stands_for_it(cast, who):
    actions.judge_need(
        enrolment=cast.enrolment, judged_on=cast.today, is_needed=True, judgement="生活", **who
    )
    assert len(Expiries(cast.office, cast.today, 60, "handover_open")) == 0
    end(cast, who)
    (found,) = on_board(cast)
    assert found.step.words == "引き継ぎ先を選ぶ"


def test_after_the_end_board_person_and_home_say_it_until_it_reached_the_new_place(
    client, cast, who, row
):
    assert EndKind.HANDOVER_OPEN.label not in home_counts(cast)
    end(cast, who)
    (found,) = on_board(cast)
    assert (found.on, found.staff) == (cast.today - DAY, cast.user("worker").name)
    assert on_board(cast, cast.today + 150 * DAY)
    assert things(client, cast) == ["引き継ぎ：引き継ぎ会議"]
    page = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    assert "1日過ぎ" in page.content.decode()
    item = home_counts(cast)[EndKind.HANDOVER_OPEN.label]
    assert item.count == 1
    assert client.get(item.url).context["page"].paginator.count == 1
    step = {"handover": row, **who}
    actions.record_step(step=S.ANSWER, accepted_on=cast.today, **step)
    assert on_board(cast)[0].step.words == "引き継ぎ先での最初の相談を確かめる"
    actions.record_step(step=S.CONTACT, first_contact_on=cast.today, **step)
    assert on_board(cast) == []
    assert EndKind.HANDOVER_OPEN.label not in home_counts(cast)
    assert len(Expiries(cast.office, cast.today, 12, "handover_look")) == 1


def test_it_is_laid_aside_with_a_reason(client, cast, who, row):
    end(cast, who)
    late = Expiries(cast.office, cast.today, 12, "handover_open", is_late=True)
    found, on_file = late.one("handover_open", row.public_id)
    settle_end(
        kind=EndKind.HANDOVER_OPEN, ends_on=found[0], subject_id=found[3], on_file=on_file,
        reason="連絡がつかない", client=cast.enrolment.client, **who,
    )  # fmt: skip
    assert on_board(cast) == []
    assert things(client, cast) == []
    assert EndKind.HANDOVER_OPEN.label not in home_counts(cast)


@pytest.mark.parametrize("reason", ["other_office", "died"])
def test_where_nobody_waits_for_the_person_nothing_stands(client, cast, who, row, reason):
    end(cast, who, reason)
    assert on_board(cast) == []
    assert things(client, cast) == []


def test_who_did_not_want_it_is_not_asked_again(client, cast, who, row):
    Handover.objects.filter(pk=row.pk).update(
        shared_on=None, consented_on=None, not_consented_on=cast.today
    )
    end(cast, who)
    assert on_board(cast) == []
    assert things(client, cast) == []
