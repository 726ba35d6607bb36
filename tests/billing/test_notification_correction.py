"""届出の訂正: other months or none, with a reason; closed months that gain or lose it are read first."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.transaction import atomic
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.office import correct_notification, notify_item
from billing.models import OfficeNotification, PersonMonth
from billing.queries.notification_correction import new_touches, notification_touches
from teikyaku.accounts.models import Office
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


@pytest.fixture
def closed(cast):
    return Month.of(cast.person_month.month)


@pytest.fixture
def row(cast, closed):
    """An addition that was notified for the month after the closed one, by a slip."""
    return notify_item(
        office=cast.office, item="special_area", first_month=(closed + 1).first_day,
        last_month=None, notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip


def said(row, **more):
    return {
        "first_month": str(Month.of(row.first_month)), "last_month": "",
        "notified_on": row.notified_on.isoformat(), "reason": "月の書き間違い", **more,
    }  # fmt: skip


def test_a_closed_month_that_gains_it_is_read_first(client, cast, row, closed):
    enter(client, cast.members["head"])
    url = reverse("notification_correct", args=[row.public_id])
    answer = client.post(url, said(row, first_month=str(closed)))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert f"もう締めた月に、この届出がつきます：{closed.label}（1人）" in text
    row.refresh_from_db()
    assert Month.of(row.first_month) == closed + 1
    mark = answer.context["form"]["known_of"].value()
    told = said(row, first_month=str(closed), is_known="on", known_of=mark)
    assert client.post(url, told).status_code == 302
    row.refresh_from_db()
    assert Month.of(row.first_month) == closed
    assert row.history.first().history_change_reason == "月の書き間違い"


def test_never_notified_goes_and_its_history_stays(client, cast, row, closed):
    OfficeNotification.objects.filter(pk=row.pk).update(first_month=closed.first_day)
    enter(client, cast.members["head"])
    url = reverse("notification_correct", args=[row.public_id])
    answer = client.post(url, said(row, first_month=str(closed), is_void="on"))
    assert f"もう締めた月から、この届出がなくなります：{closed.label}" in answer.content.decode()
    mark = answer.context["form"]["known_of"].value()
    told = said(row, first_month=str(closed), is_void="on", is_known="on", known_of=mark)
    assert client.post(url, told).status_code == 302
    assert not OfficeNotification.objects.filter(pk=row.pk).exists()
    last = OfficeNotification.history.filter(id=row.pk).first()
    assert (last.history_type, last.history_change_reason) == ("-", "月の書き間違い")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("is_void", [True, False])
def test_the_office_is_locked_before_its_notifications(cast, row, closed, is_void):
    """As whoever notifies does: two who wait for each other's row would end as a deadlock."""
    last = (closed + 1).first_day
    changes = {"first_month": closed.first_day, "last_month": last, "notified_on": cast.today}
    given = {"by": cast.members["head"], "at": at_noon(cast.today)}
    with CaptureQueriesContext(connection) as asked:
        correct_notification(row=row, changes=changes, is_void=is_void, reason="誤記", **given)
    assert_office_first(asked)
    with CaptureQueriesContext(connection) as asked:
        notify_item(
            office=cast.office, item="special_area", first_month=(closed + 5).first_day,
            last_month=None, notified_on=cast.today, ends_former=True, **given,
        )  # fmt: skip
    assert_office_first(asked)


def assert_office_first(asked):
    told = [each["sql"] for each in asked if each["sql"].startswith("SELECT")]
    assert f'FROM "{Office._meta.db_table}"' in told[0]
    if connection.features.has_select_for_no_key_update:
        assert told[0].endswith("FOR NO KEY UPDATE")
        # No row is held by a lock of its own, before or after.
        assert not any("UPDATE" in sql for sql in told[1:])


def test_what_cannot_be(client, cast, row, closed):
    enter(client, cast.members["head"])
    url = reverse("notification_correct", args=[row.public_id])
    assert client.post(url, said(row)).status_code == 422  # nothing is changed
    unread = client.post(url, said(row, first_month="いつか")).content.decode()
    assert "いつか" in unread
    assert "もう締めた月" not in unread
    answer = client.post(url, said(row, reason="", notified_on="2026-01-05"))
    assert list(answer.context["form"].errors) == ["reason"]
    answer = client.post(url, said(row, last_month=str(closed)))
    assert "last_month" in answer.context["form"].errors
    row.refresh_from_db()
    assert row.last_month is None


def test_what_was_shown_is_what_is_stored(cast, row, closed):
    until = Month.of(cast.today)
    seen = notification_touches(row, closed.first_day, None, until).mark
    OfficeNotification.objects.filter(pk=row.pk).update(first_month=closed.first_day)
    with pytest.raises(ValidationError, match="開いている間に"):
        correct_notification(
            row=row, changes={"first_month": closed.first_day, "last_month": None,
                              "notified_on": cast.today},
            is_void=False, reason="x", seen=seen, by=cast.members["head"], at=at_noon(cast.today),
        )  # fmt: skip


def test_another_offices_is_not_there(client, cast, row):
    enter(client, cast.members["outsider"])
    assert client.get(reverse("notification_correct", args=[row.public_id])).status_code == 404


def test_a_year_is_one_line(cast, row, closed):
    """Each month of a year as a line of its own would bury what is to be read."""
    for back in (1, 2):
        month = closed - back
        PersonMonth.objects.bulk_create([_copied(cast.person_month, month.first_day)])
    until = Month.of(cast.today)
    told = notification_touches(row, (closed - 2).first_day, None, until)
    years = {(closed - back).fiscal_year for back in range(3)}
    assert len(told.words) == len(years) + 1
    if len(years) == 1:
        assert f"{(closed - 2).label}から{closed.label}までの3か月（のべ3人）" in told.words[0]


def _copied(row, month):
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in ("id", "public_id", "month")
    }
    return PersonMonth(month=month, **values)


def test_a_new_one_over_closed_months_says_so_and_asks(client, cast, closed):
    enter(client, cast.members["head"])
    url = reverse("notification_new")
    new = {
        "item": "no_abuse_prevention", "first_month": str(closed), "last_month": "",
        "notified_on": cast.today.isoformat(),
    }  # fmt: skip
    answer = client.post(url, new)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert f"もう締めた月に、この届出がつきます：{closed.label}（1人）" in text
    assert "締めた月を確かめました" in text
    assert not OfficeNotification.objects.filter(item="no_abuse_prevention").exists()
    # Of months that are open nothing is asked.
    assert client.post(url, new | {"first_month": str(closed + 1)}).status_code == 302
    OfficeNotification.objects.all().delete()
    mark = answer.context["form"]["known_of"].value()
    # The same sentence, but "この届出" is another one.
    other = new | {"item": "special_area", "is_known": "on", "known_of": mark}
    assert client.post(url, other).status_code == 422
    assert client.post(url, new | {"is_known": "on", "known_of": mark}).status_code == 302
    assert OfficeNotification.objects.get().first_month == closed.first_day


def test_the_tick_for_closed_months_alone_ends_nothing(client, cast, closed):
    def notify(item, first, last=None):
        return notify_item(
            office=cast.office, item=item, first_month=first, last_month=last,
            notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
        )  # fmt: skip

    former = notify("treatment_3", (closed - 1).first_day)
    enter(client, cast.members["head"])
    new = {
        "item": "treatment_1", "first_month": str(closed), "last_month": "",
        "notified_on": cast.today.isoformat(),
    }  # fmt: skip
    url = reverse("notification_new")
    # Ticked for closed months; then changed to one that would end another.
    first = client.post(url, new | {"item": "special_area"})
    assert "締めた月を確かめました" in first.content.decode()
    mark = first.context["form"]["known_of"].value()
    asked = client.post(url, new | {"is_known": "on", "known_of": mark})
    assert asked.status_code == 422
    former.refresh_from_db()
    assert former.last_month is None
    assert not asked.context["form"]["is_known"].value()
    text = asked.content.decode()
    assert "前の届出を、その前の月で終える" in text
    assert "もう締めた月に" in text
    lost = "もう締めた月から、「福祉・介護職員等処遇改善加算（Ⅲ）」がなくなります："
    assert f"{lost}{closed.label}（1人）" in text
    mark = asked.context["form"]["known_of"].value()
    assert client.post(url, new | {"is_known": "on", "known_of": mark}).status_code == 302
    former.refresh_from_db()
    assert Month.of(former.last_month) == closed - 1


def test_what_is_ended_lacks_also_in_closed_months_after_the_new_one(cast, closed):
    def touched(first, last):
        until = Month.of(cast.today)
        return new_touches(cast.office.pk, "treatment_1", first.first_day, last.first_day, until)

    before = closed - 1
    assert touched(before, before) == ()
    notify_item(
        office=cast.office, item="treatment_3", first_month=(closed - 2).first_day,
        last_month=None, notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    lost, _stays = touched(before, before)
    assert lost.startswith(
        "もう締めた月から、「福祉・介護職員等処遇改善加算（Ⅲ）」がなくなります："
    )
    assert closed.label in lost
    assert touched(closed + 1, closed + 1) == ()


def test_what_ended_for_one_that_never_was_stays_ended_and_that_is_said(client, cast, closed):
    who = {"notified_on": cast.today, "by": cast.members["head"], "at": at_noon(cast.today)}
    first = (closed + 1).first_day
    notify_item(office=cast.office, item="treatment_3", first_month=first, last_month=None, **who)
    row = notify_item(
        office=cast.office, item="treatment_1", first_month=(closed + 2).first_day,
        last_month=None, ends_former=True, **who,
    )  # fmt: skip
    told = notification_touches(row, None, None, closed + 2)
    (text,) = told.words
    assert text.startswith("「福祉・介護職員等処遇改善加算（Ⅲ）」は")
    assert f"{(closed + 1).label}で終わったままです" in text
    # Where it only ends elsewhere, nothing is left open before it.
    assert notification_touches(row, row.first_month, row.first_month, closed + 2).words == ()
    enter(client, cast.members["head"])
    url = reverse("notification_correct", args=[row.public_id])
    answer = client.post(url, said(row, is_void="on"))
    assert answer.status_code == 422
    assert text in answer.content.decode()


@pytest.fixture
def follower(cast, closed):
    """処遇改善 Ⅰ from the closed month on; the tick ended Ⅲ the month before."""
    who = {"notified_on": cast.today, "by": cast.members["head"], "at": at_noon(cast.today)}
    first = (closed - 1).first_day
    notify_item(office=cast.office, item="treatment_3", first_month=first, last_month=None, **who)
    return notify_item(
        office=cast.office, item="treatment_1", first_month=closed.first_day,
        last_month=None, ends_former=True, **who,
    )  # fmt: skip


def former(cast):
    return OfficeNotification.objects.get(office=cast.office, item="treatment_3")


def test_what_ended_for_one_that_never_was_goes_on(client, cast, closed, follower):
    enter(client, cast.members["head"])
    url = reverse("notification_correct", args=[follower.public_id])
    assert "を、終えずに続いていたことにする" in client.get(url).content.decode()
    asked = said(follower, is_void="on", reopens="on")
    answer = client.post(url, asked)
    assert answer.status_code == 422
    text = answer.content.decode()
    name = "福祉・介護職員等処遇改善加算（Ⅲ）"
    assert f"もう締めた月に、「{name}」がつきます：{closed.label}（1人）" in text
    assert f"「{name}」は、{(closed - 1).label}で終わらず、いまも続いていることになります" in text
    mark = answer.context["form"]["known_of"].value()
    # What was read is what is stored: without it, another question.
    assert (
        client.post(url, said(follower, is_void="on", is_known="on", known_of=mark)).status_code
        == 422
    )
    assert client.post(url, asked | {"is_known": "on", "known_of": mark}).status_code == 302
    row = former(cast)
    assert row.last_month is None
    assert row.history.first().history_change_reason == "月の書き間違い"
    assert not OfficeNotification.objects.filter(pk=follower.pk).exists()


def test_it_goes_on_up_to_what_follows(cast, closed, follower):
    given = {"by": cast.members["head"], "at": at_noon(cast.today)}
    last = (closed + 2).first_day
    changes = {"first_month": follower.first_month, "last_month": last, "notified_on": cast.today}
    correct_notification(row=follower, changes=changes, is_void=False, reason="終わり", **given)
    notify_item(
        office=cast.office, item="treatment_4", first_month=(closed + 5).first_day,
        last_month=None, notified_on=cast.today, **given,
    )  # fmt: skip
    correct_notification(
        row=follower, changes=changes, is_void=True, reason="誤記", reopens=True, **given
    )
    assert Month.of(former(cast).last_month) == closed + 4


def test_it_goes_on_up_to_a_later_first_month(client, cast, closed, follower):
    enter(client, cast.members["head"])
    url = reverse("notification_correct", args=[follower.public_id])
    answer = client.post(url, said(follower, reopens="on", notified_on="2026-01-05"))
    assert "reopens" in answer.context["form"].errors
    asked = said(follower, reopens="on", first_month=str(closed + 2))
    answer = client.post(url, asked)
    assert f"{(closed + 1).label}まで続いていたことになります" in answer.content.decode()
    mark = answer.context["form"]["known_of"].value()
    assert client.post(url, asked | {"is_known": "on", "known_of": mark}).status_code == 302
    follower.refresh_from_db()
    assert Month.of(former(cast).last_month) == closed + 1
    assert Month.of(follower.first_month) == closed + 2


@pytest.mark.parametrize("runs_on", [True, False], ids=["beside_what_runs", "two_ended_at_once"])
def test_nothing_goes_on_beside_another_from_before_the_database_refused_that(
    client, cast, closed, follower, runs_on
):
    before = former(cast)
    old = OfficeNotification(
        office=cast.office, item="treatment_4", first_month=(closed - 1).first_day, family="",
        last_month=None if runs_on else before.last_month, notified_on=cast.today,
        recorded_by=cast.members["head"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    OfficeNotification.objects.bulk_create([old])
    given = {"by": cast.members["head"], "at": at_noon(cast.today)}
    with pytest.raises(ValidationError, match="二つの届出が並びます") as refused, atomic():
        correct_notification(
            row=follower, changes={"last_month": None}, is_void=True, reason="誤記", reopens=True,
            **given,
        )  # fmt: skip
    assert set(refused.value.message_dict) == {"reopens"}
    assert former(cast).last_month == before.last_month
    assert OfficeNotification.objects.filter(pk=follower.pk).exists()


def test_without_a_former_nothing_is_offered(client, cast, row):
    enter(client, cast.members["head"])
    url = reverse("notification_correct", args=[row.public_id])
    assert "続いていたことにする" not in client.get(url).content.decode()
    given = {"by": cast.members["head"], "at": at_noon(cast.today)}
    with pytest.raises(ValidationError, match="もうありません"):
        correct_notification(
            row=row, changes={"last_month": None}, is_void=True, reason="x", reopens=True, **given
        )
    assert OfficeNotification.objects.filter(pk=row.pk).exists()
