"""A wrong date of a job, leave or service: what it changes is listed, ticked, and then stored."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.queries.closed_months import closed_for
from clients.models import Employment, Leave
from plans.actions.life_correction import correct_life
from plans.queries.life_correction import told_before
from teikyaku.clock import at_noon
from teikyaku.era import both
from teikyaku.periods import Month, months_later
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of

NAMES = [
    "kind", "starts_on", "ends_on", "end_reason", "changes_to_improve", "job_title",
    "weekly_minutes", "contact_name", "contact_phone", "must_not_contact",
]  # fmt: skip


def sent(row, names, **more):
    data = {name: getattr(row, name) for name in names}
    data = {name: value for name, value in data.items() if value not in (None, False, "")}
    return {**data, "reason": "書き間違い", **more}


@pytest.fixture
def page(client, cast):
    """The page of one fact: (answer to a first post, the marks that it shows)."""

    def ask(name, row, who="manager", names=NAMES, **more):
        enter(client, cast.members[who])
        url = reverse(name, args=[cast.enrolment.client.public_id, row.public_id])
        version = client.get(url).context["form"]["version"].value()
        return client.post(url, sent(row, names, version=version, **more))

    return ask


def again(client, answer, **more):
    """The same post once more, with what the page shows now."""
    form = answer.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, False, "")}
    return client.post(answer.request["PATH_INFO"], {**data, **more})


def words_of(answer):
    return answer.context["form"].told.words


def test_an_earlier_job_is_told_with_all_it_moves_and_stored_with_the_tick(client, cast, page):
    job = job_of(cast.enrolment)
    old, right = job.starts_on, months_later(job.starts_on, 2)
    answer = page("employment_correct", job, starts_on=right.isoformat())
    assert answer.status_code == 422
    text = "\n".join(words_of(answer))
    assert "利用できる最初の日：" in text
    assert "利用できる最後の日：" in text
    assert "か月、遅くなります" in text
    assert "引き継ぎの情報を共有する最終日：" in text
    assert "締めた月" not in text or "給付費" in text
    job.refresh_from_db()
    assert job.starts_on == old
    assert again(client, answer, is_known="on").status_code == 302
    job.refresh_from_db()
    assert job.starts_on == right
    kept = job.history.order_by("history_id")
    assert [row.starts_on for row in kept][-2:] == [old, right]
    assert kept.last().history_change_reason == "書き間違い"


def test_a_start_that_takes_the_right_away_names_decision_contract_and_closed_months(cast, page):
    job = job_of(cast.enrolment)
    late = Month.of(cast.today).first_day - timedelta(days=40)
    text = "\n".join(words_of(page("employment_correct", job, starts_on=late.isoformat())))
    decision = cast.enrolment.client.decisions.get()
    assert f"支給決定 {both(decision.starts_on)}" in text
    assert decision.municipality.full_name in text
    assert "受給者証を出し直すか" in text
    assert "利用契約の開始日" in text
    assert "きょうの状態：利用可能 → 開始待ち。" in text
    last = Month.of(cast.person_month.month)
    assert f"もう締めた月の権利が変わります：{last.label}（給付費" in text


def test_what_it_touches_is_read_before_the_form_and_its_button(cast, page):
    job = job_of(cast.enrolment)
    late = Month.of(cast.today).first_day - timedelta(days=40)
    text = page("employment_correct", job, starts_on=late.isoformat()).content.decode()
    main = text[text.index("<main") :]
    places = [
        main.index(word)
        for word in ("この訂正で変わること", "もう締めた月の権利が変わります", 'name="starts_on"',
                     'name="is_known"', "保存する</button>")
    ]  # fmt: skip
    assert places == sorted(places)
    assert main.count("もう締めた月の権利が変わります") == 1
    assert "上の一覧を読んで" in main


def test_who_may_not_read_money_is_told_the_month_alone(cast, page):
    late = Month.of(cast.today).first_day - timedelta(days=40)
    text = "\n".join(
        words_of(page("employment_correct", job_of(cast.enrolment), "worker", starts_on=late))
    )
    last = Month.of(cast.person_month.month)
    assert f"もう締めた月の権利が変わります：{last.label}。" in text
    assert "給付費" not in text


def test_closed_months_of_another_office_are_not_told(cast):
    first = Month.of(cast.today) - 12
    assert closed_for(cast.members["manager"])(cast.enrolment.client, first, None)
    assert not closed_for(cast.members["outsider"])(cast.enrolment.client, first, None)


def test_the_end_of_a_job_moves_right_due_date_and_contract(cast, page):
    left_on = cast.today - timedelta(days=45)
    answer = page(
        "employment_correct", job_of(cast.enrolment), ends_on=left_on.isoformat(),
        end_reason="契約満了", changes_to_improve="false",
    )  # fmt: skip
    text = "\n".join(words_of(answer))
    assert f"→ {both(left_on)}（" in text
    assert "きょうの状態：利用可能 → 離職により終了。" in text
    assert f"続いている利用契約は、遅くとも{both(left_on)}まで" in text


def test_what_moves_nothing_is_stored_at_once(cast, page):
    job = job_of(cast.enrolment)
    assert page("employment_correct", job, job_title="清掃と品出し").status_code == 302
    job.refresh_from_db()
    assert job.job_title == "清掃と品出し"


def test_a_correction_without_a_difference_is_said(cast, page):
    answer = page("employment_correct", job_of(cast.enrolment))
    assert answer.status_code == 422
    assert "いまの記録と同じです" in str(answer.context["form"].errors)


@pytest.mark.parametrize(
    ("name", "field", "days"),
    [("starts_on", "starts_on", 400), ("ends_on", "ends_on", 400), ("ends_on", "ends_on", -9999)],
)
def test_an_impossible_day_is_told_at_its_field_and_nothing_is_lost(cast, page, name, field, days):
    typed = (cast.today + timedelta(days=days)).isoformat()
    answer = page("employment_correct", job_of(cast.enrolment), **{name: typed}, job_title="倉庫")
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert (form[name].value(), form["job_title"].value()) == (typed, "倉庫")


def leave_on(cast, starts_on, ends_on=None):
    return Leave.objects.create(
        employment=job_of(cast.enrolment), starts_on=starts_on, ends_on=ends_on,
        recorded_by=cast.members["worker"], recorded_at=at_noon(cast.today),
    )  # fmt: skip


def test_a_leave_is_put_right_inside_its_job(client, cast, page):
    leave = leave_on(cast, cast.today - timedelta(days=20))
    right = cast.today - timedelta(days=10)
    names = ["starts_on", "ends_on"]
    answer = page("leave_correct", leave, names=names, starts_on=right.isoformat())
    if answer.status_code == 422:
        answer = again(client, answer, is_known="on")
    assert answer.status_code == 302
    leave.refresh_from_db()
    assert leave.starts_on == right
    before = job_of(cast.enrolment).starts_on - timedelta(days=1)
    refused = page("leave_correct", leave, names=names, starts_on=before.isoformat())
    assert list(refused.context["form"].errors) == ["starts_on"]
    ahead = cast.today + timedelta(days=1)
    refused = page("leave_correct", leave, names=names, ends_on=ahead.isoformat())
    assert list(refused.context["form"].errors) == ["ends_on"]


def test_a_job_does_not_leave_its_leave_outside(cast, page):
    leave = leave_on(cast, cast.today - timedelta(days=20), cast.today - timedelta(days=5))
    late = leave.starts_on + timedelta(days=1)
    answer = page("employment_correct", job_of(cast.enrolment), starts_on=late.isoformat())
    assert "休職の記録" in str(answer.context["form"].errors["starts_on"])
    early = leave.ends_on - timedelta(days=1)
    answer = page("employment_correct", job_of(cast.enrolment), ends_on=early.isoformat())
    assert "休職の記録" in str(answer.context["form"].errors["ends_on"])


def test_a_service_during_the_job_moves_the_count(cast, page):
    use = cast.enrolment.client.prior_services.get()
    names = ["kind", "office_name", "starts_on", "ends_on", "is_during_employment"]
    job = job_of(cast.enrolment)
    begun, ended = job.starts_on + timedelta(days=10), job.starts_on + timedelta(days=40)
    answer = page(
        "prior_service_correct", use, names=names, starts_on=begun.isoformat(),
        ends_on=ended.isoformat(), is_during_employment="on",
    )  # fmt: skip
    text = "\n".join(words_of(answer))
    assert "利用できる最初の日：" in text
    assert "（41日・約1か月、遅くなります）" in text


def test_what_changed_meanwhile_is_shown_again(client, cast, page):
    job = job_of(cast.enrolment)
    late = Month.of(cast.today).first_day - timedelta(days=40)
    answer = page("employment_correct", job, starts_on=late.isoformat())
    # A colleague mends the decision: the job is the same, what follows from it is not.
    decision = cast.enrolment.client.decisions.get()
    ends_on = decision.ends_on - timedelta(days=1)
    cast.enrolment.client.decisions.update(ends_on=ends_on)
    shown = words_of(answer)
    answer = again(client, answer, is_known="on")
    assert answer.status_code == 422
    assert words_of(answer) != shown
    assert both(ends_on) in "".join(words_of(answer))
    assert not answer.context["form"]["is_known"].value()
    job.refresh_from_db()
    assert job.starts_on != late
    assert again(client, answer, is_known="on").status_code == 302


def test_a_page_that_is_stale_says_so_and_keeps_what_was_typed(client, cast, page):
    enter(client, cast.members["manager"])
    job = job_of(cast.enrolment)
    url = reverse("employment_correct", args=[cast.enrolment.client.public_id, job.public_id])
    version = client.get(url).context["form"]["version"].value()
    Employment.objects.filter(pk=job.pk).update(job_title="別の人の訂正")
    answer = client.post(url, sent(job, NAMES, version=version, contact_name="田中"))
    assert "別の人が訂正しました" in str(answer.context["form"].non_field_errors())
    assert answer.context["form"]["contact_name"].value() == "田中"
    job.refresh_from_db()
    assert (job.job_title, job.contact_name) == ("別の人の訂正", "")


def test_the_action_refuses_what_was_not_shown(cast):
    job = job_of(cast.enrolment)
    changes = {name: getattr(job, name) for name in NAMES}
    changes["starts_on"] = months_later(job.starts_on, 1)
    who = {"by": cast.members["manager"], "at": at_noon(cast.today)}
    what = {"enrolment": cast.enrolment, "row": job, "changes": changes, "reason": "書き間違い"}
    with pytest.raises(ValidationError, match="もう一度"):
        correct_life(**what, seen="", **who)
    told = told_before(cast.enrolment, job, changes, cast.today, lambda *_months: ())
    correct_life(**what, seen=told.mark, **who)
    with pytest.raises(ValidationError, match="もう一度"):
        correct_life(**what, seen=told.mark, **who)
    cast.enrolment.refresh_from_db()
    assert cast.enrolment.window_starts_on == months_later(changes["starts_on"], 6)


def test_nobody_of_another_office_corrects(client, cast):
    job = job_of(cast.enrolment)
    enter(client, cast.members["outsider"])
    url = reverse("employment_correct", args=[cast.enrolment.client.public_id, job.public_id])
    assert client.post(url, {}).status_code == 404
