"""What was closed stays as it was closed, whatever becomes of the facts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.actions.office import notify_item
from billing.models import MonthClosing, PersonMonth
from clients.models import Enrolment
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


def closed_page(client, cast):
    enter(client, cast.members["billing"])
    month = Month.of(cast.person_month.month)
    return client.get(f"{reverse('month_page', args=[month])}?list=closed")


def test_the_list_shows_the_frozen_sums(client, cast):
    month = cast.person_month.month
    notify_item(
        office=cast.office, item="treatment_1", first_month=month, last_month=None,
        notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    (shown,) = closed_page(client, cast).context["rows"]
    row = shown["entry"]
    frozen = PersonMonth.objects.get(pk=cast.person_month.pk)
    assert (row.units, row.copayment_yen) == (frozen.units, frozen.copayment_yen)


def test_who_has_left_since_is_still_in_the_list(client, cast):
    before = cast.person_month.month - timedelta(days=1)
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        use_starts_on=before, ends_on=before, end_reason="moved"
    )
    page = closed_page(client, cast)
    assert reverse("person_month_page", args=[cast.person_month.public_id]) in page.content.decode()


@pytest.mark.parametrize(
    ("month", "status"),
    [("2026-13", 404), ("0000-00", 404), ("26-1", 404), ("1868-01", 200), ("2199-12", 200),
     ("9999-12", 404)],
)  # fmt: skip
def test_any_month_in_the_address_is_answered(client, cast, month, status):
    enter(client, cast.members["billing"])
    assert client.get(f"/months/{month}/").status_code == status


def test_the_close_is_asked_once_with_its_sums(client, cast):
    enter(client, cast.members["billing"])
    month = Month.of(cast.today) - 1
    url = reverse("month_close", args=[month])
    page = client.get(url).content.decode()
    assert "1人分を締める" in page
    assert "変えられません" in page
    assert not MonthClosing.objects.filter(month=month.first_day).exists()
    done = client.post(url, follow=True).content.decode()
    assert "1人分を締め" in done
    again = client.get(url, follow=True).content.decode()
    assert "締められる方はいません" in again
    running = reverse("month_close", args=[month + 1])
    assert "締められる方はいません" in client.get(running, follow=True).content.decode()
