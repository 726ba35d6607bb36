"""もし〜だったら: two clocks, the differences, what else would change; nothing is stored."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Employment
from teikyaku.era import both
from teikyaku.periods import Month, months_later
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of, take_in


@pytest.fixture
def asked(client, cast):
    def ask(who="worker", person=None, **query):
        enter(client, cast.members[who])
        url = reverse("what_if", args=[(person or cast.enrolment).client.public_id])
        return client.get(url, query)

    return ask


def test_the_page_asks_and_answers_nothing_yet(asked):
    answer = asked()
    assert answer.status_code == 200
    assert answer.context["answer"] is None
    assert "何も保存しません" in answer.content.decode()


def test_no_next_job_ends_the_right_with_the_leaving(asked, cast):
    left = cast.today + timedelta(days=10)
    jobs = list(Employment.objects.values_list("pk", "ends_on"))
    found = asked(ask="change", left=left.isoformat(), better="yes").context["answer"]
    now, then = found.sides
    assert now.last_on is not None
    assert now.last_on > left
    assert then.last_on == left
    assert both(left) in found.lead
    assert "次の就職が始まらなければ" in found.lead
    assert then.state == "転職の確認待ち"
    text = "\n".join(found.touched)
    assert "続いている利用契約は" in text
    assert list(Employment.objects.values_list("pk", "ends_on")) == jobs


def test_a_job_in_time_for_better_conditions_changes_nothing(asked, cast):
    left = cast.today + timedelta(days=10)
    query = {"ask": "change", "left": left.isoformat(), "kind": "ordinary"}
    starts = (left + timedelta(days=5)).isoformat()
    found = asked(next=starts, better="yes", **query).context["answer"]
    assert found.lead.startswith("期間は変わりません")
    assert found.differences == ()
    found = asked(next=starts, better="no", **query).context["answer"]
    assert found.sides[1].last_on == left
    assert any("権利が終わる日" in text and "早くなります" in text for text in found.differences)
    found = asked(next=starts, better="unknown", **query).context["answer"]
    assert "まだ決められません" in found.lead
    assert "job_change.purpose_unknown" in [reason.code for reason in found.questions]
    late = (left + timedelta(days=60)).isoformat()
    assert asked(next=late, better="yes", **query).context["answer"].sides[1].last_on == left
    other = {**query, "kind": "continued_a"}
    assert asked(next=starts, better="yes", **other).context["answer"].sides[1].last_on == left


def test_both_clocks_stand_on_one_axis(asked, cast):
    left = cast.today + timedelta(days=10)
    found = asked(ask="change", left=left.isoformat(), better="no").context["answer"]
    now, then = (side.clock for side in found.sides)
    assert (now.start_percent, now.first_percent) == (then.start_percent, then.first_percent)
    assert then.used_percent + then.left_percent < now.used_percent + now.left_percent


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"ask": "change", "left": "1999-01-01"}, "left"),
        ({"ask": "change", "left": "なし"}, "left"),
        ({"ask": "change", "left": ""}, "left"),
        ({"ask": "change", "left": "9999-12-31"}, "left"),
        ({"ask": "start", "starts": "1999-01-01"}, "starts"),
        ({"ask": "start", "starts": "2090-01-01"}, "starts"),
        ({"ask": "leave", "starts": "1999-01-01"}, "starts"),
    ],
)
def test_bad_input_is_told_at_its_field_and_kept(asked, query, field):
    answer = asked(**query)
    form = answer.context["form"]
    assert answer.status_code == 422
    assert list(form.errors) == [field]
    assert form[field].value() == query[field]
    assert answer.context["answer"] is None


def test_a_next_job_before_the_present_one_is_told_at_its_field(asked, cast):
    job = job_of(cast.enrolment)
    answer = asked(ask="change", left=cast.today.isoformat(), next=job.starts_on.isoformat())
    assert list(answer.context["form"].errors) == ["next"]


def test_a_leave_that_ends_before_it_begins(asked, cast):
    ends = (cast.today - timedelta(days=1)).isoformat()
    answer = asked(ask="leave", starts=cast.today.isoformat(), ends=ends)
    assert list(answer.context["form"].errors) == ["ends"]


def test_a_late_start_costs_months_and_moves_what_hangs_on_it(asked, cast):
    employed_on = (Month.of(cast.today) - 5).first_day
    person = take_in(cast.office, cast.members["worker"], employed_on, name="待つ 人")
    first = months_later(employed_on, 6)
    answer = asked(person=person, ask="start", starts=first.isoformat())
    assert "1日も減りません" in answer.context["answer"].lead
    late = months_later(first, 2)
    found = asked(person=person, ask="start", starts=late.isoformat()).context["answer"]
    lines = {line.label: line.value for line in found.lines}
    assert lines["暦の月で数えると"] == "2か月減り、残り34か月"
    assert lines["請求できる最初の月"] == Month.of(late).label
    assert lines["最初の面談の期限"] == both(Month.of(late).last_day)
    assert lines["申請の目安"] == both(late - timedelta(days=60))
    assert lines["支給決定のいちばん長い期間"].endswith(both((Month.of(late) + 11).last_day))
    before = asked(person=person, ask="start", starts=(first - timedelta(days=1)).isoformat())
    assert list(before.context["form"].errors) == ["starts"]


def test_a_leave_keeps_the_window(asked, cast):
    found = asked(ask="leave", starts=cast.today.isoformat()).context["answer"]
    assert found.differences == ()
    assert any("休職中" in reason.text for reason in found.reasons)


def test_links_lead_there(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("what_if", args=[cast.enrolment.client.public_id])
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert url in client.get(page).content.decode()
    waiting = client.get(reverse("waiting")).content.decode()
    assert "/what-if/?ask=start" in waiting


def test_nobody_of_another_office_asks(asked):
    assert asked(who="outsider").status_code == 404


def test_a_ward_asks_of_its_own_people(client, cast):
    enter(client, cast.members["officer"])
    url = reverse("admin:ward_what_if", args=[cast.application.public_id])
    held = cast.application.client.employments.get()
    query = {"ask": "change", "left": (held.starts_on + timedelta(days=20)).isoformat()}
    answer = client.get(url, query)
    assert answer.status_code == 200
    assert answer.context["answer"].sides[1].last_on
    page = reverse("admin:application_page", args=[cast.application.public_id])
    assert url in client.get(page).content.decode()
    enter(client, cast.members["other_officer"])
    assert client.get(url, query).status_code == 404
