"""Two people of the demo whose time of keeping is over: one waits for a decision, one is held."""

from __future__ import annotations

from datetime import date, timedelta

from clients.actions.employment import employer_named
from clients.actions.keeping import hold_file
from clients.enums import EndReason, ServiceKind
from plans.actions import life_change
from plans.actions.application import end_application
from plans.actions.receive import receive_from_person
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import months_later

NAMES = (("関　ふみ", "せき　ふみ"), ("柳　こうじ", "やなぎ　こうじ"))
PEOPLE = len(NAMES)
# The service ended so long ago, and began so long before.
ENDED_MONTHS_AGO = (63, 71)
SERVED_MONTHS = 20
WHY = "事故の賠償の話し合いが続いているため。"


def leave_long_ago(city: City) -> None:
    """Both came to an office and asked the ward, which is a file of its own."""
    worker, head, officer = (city.staff[key] for key in ("worker", "head", "chuo"))
    ward = officer.municipality
    assert ward is not None  # noqa: S101  (a ward's officer)
    for index, (name, kana) in enumerate(NAMES):
        ended_on = months_later(city.today, -ENDED_MONTHS_AGO[index])
        began_on = months_later(ended_on, -SERVED_MONTHS)
        employed_on = months_later(began_on, -8)
        enrolment = life_change.take_in_person(
            office=city.offices[0], starts_on=began_on, name=name, kana=kana,
            birth_date=date(1962, 3, 4 + index), by=worker, at=at_noon(began_on),
            services=[{"kind": ServiceKind.TRANSITION, "office_name": "架空就労移行センター",
                       "starts_on": months_later(employed_on, -18),
                       "ends_on": employed_on - timedelta(days=1)}],
            job={"employer": employer_named(name="こもれび書店"), "starts_on": employed_on},
        )  # fmt: skip
        asked_on = began_on + timedelta(days=10)
        application = receive_from_person(
            known=enrolment.client, name=name, kana=kana, birth_date=enrolment.client.birth_date,
            address="架空町9-9", municipality=ward, kind="new", received_on=asked_on,
            received_place="ward_office", handed_in_by="本人", by=officer, at=at_noon(asked_on),
        )  # fmt: skip
        end_application(
            application=application, outcome="withdrawn", on=asked_on + timedelta(days=20),
            reason="働き方を変えることになったため", by=officer,
            at=at_noon(asked_on + timedelta(days=20)),
        )  # fmt: skip
        life_change.end_use(
            enrolment=enrolment, ends_on=ended_on, reason=EndReason.OWN_WISH, note="本人から申し出",
            by=worker, at=at_noon(ended_on),
        )  # fmt: skip
    held = enrolment.client
    hold_file(client=held, reason=WHY, until=None, by=head, at=at_noon(city.today))
