"""市町村の回答: a month that the rules leave open, asked about, answered, and answered again (docs/rules.md §2, §6)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from billing.actions.city_answer import record_city_answer, withdraw_city_answer
from billing.actions.month import close_month
from billing.models import CityAnswer
from billing.queries.differences import differing_months
from billing.queries.month import month_board
from plans.models import ReportShare
from plans.rules.city_answer import asked_about
from plans.rules.month import MonthFacts, MonthState, every_reason, verdict
from plans.rules.report_day import report_due_on
from teikyaku.accounts.models import AuditEvent, FigureOverride
from teikyaku.clock import at_noon
from teikyaku.frozen import FrozenRowError
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_split_month import (  # noqa: F401
    codes,
    entry,
    far_city,
    meet_on,
    month,
    move,
    only_meeting_on,
)

OK, ERROR = 302, 422


def due_by(cast, day):
    """The operator says by which day of the next month the reports go out."""
    return FigureOverride.objects.create(
        key="claim.report_day", first_month=date(2018, 4, 1), value=str(day), source="市の回答",
        recorded_by=cast.members["admin"], recorded_at=at_noon(cast.today),
    )  # fmt: skip


def shared_on(cast, month, on):  # noqa: F811
    shares = ReportShare.objects.filter(report__enrolment=cast.enrolment)
    shares.filter(report__month=month.first_day).update(shared_on=on)


@pytest.fixture
def late(cast, month):  # noqa: F811
    """The report of last month was shared a day after the day that was set."""
    due_by(cast, 5)
    shared_on(cast, month, (month + 1).first_day.replace(day=6))
    return month


def said(cast, month, **facts):  # noqa: F811
    given = {
        "codes": ["report_late"], "is_billable": True, "answered_on": cast.today, "way": "phone",
        "respondent": "障がい福祉課", **facts,
    }  # fmt: skip
    return record_city_answer(
        enrolment=cast.enrolment, month=month, by=cast.members["billing"], at=at_noon(cast.today),
        **given,
    )  # fmt: skip


def test_why_it_was_a_no_is_no_reason_of_the_yes_after_it(cast, late):
    no = said(cast, late, is_billable=False, reason="期限のあと")
    yes = said(cast, late, reason="期限のあと", replaces=no, why_again="回答が変わった")
    assert yes.reason == ""
    # What was typed for the yes stays.
    words = said(cast, late, reason="課内で確認", replaces=yes, why_again="詳しく")
    assert words.reason == "課内で確認"


@pytest.mark.parametrize(
    ("served", "day", "due"),
    [
        pytest.param(Month(2026, 5), 0, None, id="nobody-set-one"),
        pytest.param(Month(2026, 5), 10, date(2026, 6, 10), id="tenth"),
        pytest.param(Month(2027, 1), 31, date(2027, 2, 28), id="last-day-of-february"),
        pytest.param(Month(2026, 12), 5, date(2027, 1, 5), id="turn-of-the-year"),
    ],
)
def test_by_when_a_report_is_due(served, day, due):
    assert report_due_on(served, day) == due


def test_nothing_is_late_until_somebody_sets_a_day(cast, month):  # noqa: F811
    shared_on(cast, month, cast.today)
    assert entry(cast, month).state == MonthState.READY


def test_a_report_after_the_day_holds_the_month_and_one_of_the_day_does_not(cast, late):
    found = entry(cast, late)
    assert (found.state, codes(found.reasons)) == (MonthState.HELD, ["report_late"])
    shared_on(cast, late, (late + 1).first_day.replace(day=5))
    assert entry(cast, late).state == MonthState.READY


def test_a_yes_lets_the_month_be_billed_and_the_board_says_so(client, cast, late):
    said(cast, late)
    found = entry(cast, late)
    assert (found.state, found.reasons) == (MonthState.READY, ())
    enter(client, cast.members["billing"])
    page = client.get(reverse("month_page", args=[late])).content.decode()
    assert "市町村の回答：請求できる" in page
    assert "障がい福祉課" in page


def test_a_no_is_told_with_its_reason(client, cast, late):
    said(cast, late, is_billable=False, reason="期限を過ぎたため")
    found = entry(cast, late)
    assert (found.state, codes(found.reasons)) == (MonthState.NOT_BILLABLE, ["city_refused"])
    enter(client, cast.members["billing"])
    page = client.get(reverse("month_page", args=[late]) + "?list=not-billable").content.decode()
    assert "期限を過ぎたため" in page


def test_a_yes_settles_only_what_was_asked(cast, late):
    said(cast, late)
    only_meeting_on(cast, late, 28)
    shared_on(cast, late, late.first_day.replace(day=27))
    assert codes(entry(cast, late).reasons) == ["report_early"]


def test_a_yes_makes_nothing_of_what_is_no_question(cast, late):
    said(cast, late, codes=["report_late", "no_cap", "renewal_late"])
    cast.enrolment.client.cap_periods.all().delete()
    assert codes(entry(cast, late).reasons) == ["no_cap"]


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("employment_pending", {"is_employment_pending": True, "is_employed": False}),
        ("report_died", {"report_shared_on": None, "has_died": True}),
        ("report_early", {"is_report_early": True}),
    ],
)
def test_what_the_municipality_is_asked_about(code, facts):
    asked = MonthFacts(
        month=Month(2026, 5), qualifying_meetings=(date(2026, 5, 8),),
        **{"report_shared_on": date(2026, 5, 8), **facts},
    )  # fmt: skip
    assert codes(asked_about(verdict(asked).reasons)) == [code]
    assert verdict(asked._replace(settled=frozenset({code}))).state is MonthState.READY
    assert every_reason(asked._replace(settled=frozenset({code}))) == ()


def test_a_changed_answer_after_the_close_stands_among_the_differences(cast, late):
    first = said(cast, late)
    close_month(office=cast.office, month=late, by=cast.members["billing"], at=at_noon(cast.today))
    differing = lambda: [  # noqa: E731
        row for row in differing_months(cast.office, late, late, cast.today).rows
        if row.client == cast.enrolment.client.public_id
    ]  # fmt: skip
    assert not differing()
    said(
        cast,
        late,
        is_billable=False,
        reason="あらためて断られた",
        replaces=first,
        why_again="変わった",
    )
    assert "あらためて断られた" in str(differing()[0].found.reasons)


def test_what_was_said_stays_and_is_taken_back_by_a_row(cast, late):
    first = said(cast, late)
    with pytest.raises(FrozenRowError):
        first.save()
    gone = withdraw_city_answer(
        answer=first, reason="別の方の回答", by=cast.members["billing"], at=at_noon(cast.today)
    )
    assert entry(cast, late).state == MonthState.HELD
    said(cast, late, replaces=gone, why_again="電話で確かめた")
    assert entry(cast, late).state == MonthState.READY
    assert CityAnswer.objects.count() == 3
    verbs = AuditEvent.objects.filter(verb__startswith="city_answer")
    assert sorted(verbs.values_list("verb", flat=True)) == [
        "city_answer_recorded", "city_answer_recorded", "city_answer_withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"is_billable": False}, "reason"),
        ({"codes": []}, "is_billable"),
        ({"answered_on": date(2999, 1, 1)}, "answered_on"),
    ],
)
def test_what_an_answer_lacks_is_told_at_its_field(cast, late, facts, field):
    with pytest.raises(ValidationError) as error:
        said(cast, late, **facts)
    assert field in error.value.message_dict


def test_of_two_who_record_one_counts(cast, late):
    first = said(cast, late)
    with pytest.raises(ValidationError, match="たったいま"):
        said(cast, late)
    said(cast, late, replaces=first, why_again="変わった")
    with pytest.raises(ValidationError, match="たったいま"):
        said(cast, late, replaces=first, why_again="変わった")
    with pytest.raises(IntegrityError), transaction.atomic():
        CityAnswer.objects.create(
            enrolment=cast.enrolment, month=late.first_day, codes=[], is_billable=True,
            answered_on=cast.today, way="phone", respondent="係",
            recorded_by=cast.members["billing"], recorded_at=at_noon(cast.today),
        )  # fmt: skip


def test_the_page_asks_records_and_takes_back(client, cast, late):
    enter(client, cast.members["billing"])
    held = client.get(reverse("month_page", args=[late]) + "?list=held").content.decode()
    url = reverse("city_answer", args=[cast.enrolment.public_id, late])
    assert url in held
    assert "期限（" in client.get(url).content.decode()
    sent = {
        "said": "no", "answered_on": cast.today.isoformat(), "way": "letter",
        "respondent": "給付係", "seen": shown(client, url),
    }  # fmt: skip
    assert client.post(url, sent).status_code == ERROR
    assert client.post(url, {**sent, "reason": "遅い"}).status_code == OK
    assert client.post(url, {**sent, "said": "yes", "why_again": "変わった"}).status_code == ERROR
    again = {**sent, "said": "yes", "why_again": "変わった", "seen": shown(client, url)}
    assert client.post(url, again).status_code == OK
    assert entry(cast, late).state == MonthState.READY
    newest = CityAnswer.objects.standing().get()
    assert newest.codes == ["report_late"]
    back = reverse("city_answer_withdraw", args=[cast.enrolment.public_id, newest.public_id])
    assert client.post(back, {"reason": "書き間違い"}).status_code == OK
    assert entry(cast, late).state == MonthState.HELD
    assert "取り消し：" in client.get(url).content.decode()


def shown(client, url):
    """The mark of what the page shows."""
    return client.get(url).context["form"]["seen"].value()


def answer(client, cast, url, **facts):
    given = {
        "said": "yes", "answered_on": cast.today.isoformat(), "way": "phone", "respondent": "係",
        "why_again": "変わった", "seen": shown(client, url), **facts,
    }  # fmt: skip
    return client.post(url, given)


def early(cast, month):  # noqa: F811
    """The report was shared before the meeting: another question than a late one."""
    only_meeting_on(cast, month, 28)
    shared_on(cast, month, month.first_day.replace(day=27))


def test_nothing_of_an_answer_that_was_taken_back_lives_on(client, cast, late):
    enter(client, cast.members["billing"])
    url = reverse("city_answer", args=[cast.enrolment.public_id, late])
    assert answer(client, cast, url).status_code == OK
    back = reverse(
        "city_answer_withdraw", args=[cast.enrolment.public_id, CityAnswer.objects.get().public_id]
    )
    client.post(back, {"reason": "別の方の回答"})
    early(cast, late)
    assert answer(client, cast, url).status_code == OK
    assert CityAnswer.objects.standing().get().codes == ["report_early"]
    only_meeting_on(cast, late, 10)
    shared_on(cast, late, (late + 1).first_day.replace(day=6))
    assert codes(entry(cast, late).reasons) == ["report_late"]


def test_an_answer_is_to_the_question_that_was_shown(client, cast, late):
    enter(client, cast.members["billing"])
    url = reverse("city_answer", args=[cast.enrolment.public_id, late])
    seen = shown(client, url)
    early(cast, late)
    stale = answer(client, cast, url, seen=seen)
    assert stale.status_code == ERROR
    assert "変わりました" in stale.content.decode()
    assert stale.content.decode().count("data-error-summary") == 1
    assert not CityAnswer.objects.exists()


def test_a_yes_about_two_municipalities_is_about_the_one_that_it_was_asked_of(
    client,
    cast,
    month,  # noqa: F811
    far_city,  # noqa: F811
):
    move(cast, month, far_city)
    enter(client, cast.members["billing"])
    url = reverse("city_answer", args=[cast.enrolment.public_id, month])
    seen = shown(client, url)
    assert answer(client, cast, url).status_code == OK
    assert entry(cast, month).warnings == ()
    meet_on(cast, month, 20)  # from now on the other one pays
    assert codes(entry(cast, month).warnings) == ["split_month"]
    stale = answer(client, cast, url, seen=f"{CityAnswer.objects.get().public_id}{seen}")
    assert (stale.status_code, "変わりました" in stale.content.decode()) == (ERROR, True)
    assert answer(client, cast, url).status_code == OK
    assert entry(cast, month).warnings == ()


def test_a_month_without_use_has_no_page(client, cast):
    enter(client, cast.members["billing"])
    long_ago = Month.of(cast.today - timedelta(days=4000))
    assert (
        client.get(reverse("city_answer", args=[cast.enrolment.public_id, long_ago])).status_code
        == 404
    )


def test_the_board_asks_as_many_questions_with_answers_as_without(
    cast, late, django_assert_max_num_queries
):
    with django_assert_max_num_queries(60) as without:
        month_board(cast.office, late, cast.today)
    said(cast, late)
    with django_assert_max_num_queries(len(without)):
        month_board(cast.office, late, cast.today)
