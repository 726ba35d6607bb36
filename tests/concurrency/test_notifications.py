"""届出 at once: whoever corrects one and whoever notifies another wait for each other; one holds, one is told."""

import pytest
from django.core.exceptions import ValidationError

from billing.actions.office import correct_notification, notify_item
from billing.models import OfficeNotification
from billing.queries.rival_notifications import standing_rivals
from teikyaku.clock import at_noon, today
from teikyaku.periods import Month
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def test_a_correction_and_another_notification_give_one_result_and_one_message():
    cast = cast_of(today())
    month, head = Month.of(cast.person_month.month) + 1, cast.members["head"]

    def notify(item, first, last=None):
        return notify_item(
            office=cast.office, item=item, first_month=first.first_day,
            last_month=last.first_day if last else None, notified_on=cast.today, by=head,
            at=at_noon(cast.today),
        )  # fmt: skip

    row = notify("treatment_3", month, month + 1)
    changes = {"first_month": row.first_month, "last_month": None, "notified_on": cast.today}
    results = at_once(
        lambda: correct_notification(
            row=row, changes=changes, is_void=False, reason="続いていた", by=head,
            at=at_noon(cast.today),
        ),
        lambda: notify("treatment_1", month + 2),
    )  # fmt: skip
    (refused,) = [each for each in results if isinstance(each, ValidationError)]
    (text,) = refused.message_dict["first_month"]
    assert text.startswith(
        "同じ月にはどちらか一つだけの届出があります：「福祉・介護職員等処遇改善加算"
    )
    rows = OfficeNotification.objects.filter(office=cast.office)
    assert standing_rivals(rows) == ()
    assert rows.filter(last_month=None).count() == 1


def test_two_that_take_the_same_one_back_give_one_result_and_one_message():
    cast = cast_of(today())
    month, head = Month.of(cast.person_month.month) + 1, cast.members["head"]
    row = notify_item(
        office=cast.office, item="special_area", first_month=month.first_day, last_month=None,
        notified_on=cast.today, by=head, at=at_noon(cast.today),
    )  # fmt: skip

    def void():
        correct_notification(
            row=row, changes={"last_month": None}, is_void=True, reason="誤記", by=head,
            at=at_noon(cast.today),
        )  # fmt: skip

    results = at_once(void, void)
    (refused,) = [each for each in results if each is not None]
    assert "開いている間に、記録が変わりました" in " ".join(refused.messages)
    assert not OfficeNotification.objects.filter(office=cast.office).exists()
