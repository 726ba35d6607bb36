"""Who had ended before the office moved in takes all former values along, as everybody else does."""

from datetime import timedelta

import pytest

from clients.actions.facts import correct_fact
from clients.models import ClientName, Employment, PriorService
from teikyaku.clock import at_noon
from teikyaku.desk.takeout.rows import OfficeRows
from tests.move_in.conftest import mover  # noqa: F401  (a fixture)
from tests.sheets import person


def former(office, model, on):
    """The former values of a model in the file of an office, oldest first."""
    rows = OfficeRows(office, on)
    rows.choose()
    return sorted(rows.of(model.history.model), key=lambda row: row["history_date"])


@pytest.fixture
def ended(mover):  # noqa: F811
    """Somebody whose use and job were over months before the first file."""
    month = mover.on.replace(day=1)
    last = month - timedelta(days=40)
    mover.run(
        person(
            mover.on,
            1,
            ended_on=last,
            end_reason="離職",
            left_on=last,
            left_reason="体調",
            last_met_on="",
            plan_made_on="",
        )
    )
    (enrolment,) = mover.people()
    assert enrolment.ends_on == last
    return enrolment


@pytest.mark.django_db
def test_former_values_of_somebody_who_had_ended_go_along(mover, ended):  # noqa: F811
    job = Employment.objects.get(client=ended.client)
    correct_fact(
        job, changes={"starts_on": job.starts_on + timedelta(days=1)}, reason="書き誤り",
        by=mover.head, at=at_noon(mover.on) + timedelta(minutes=5),
    )  # fmt: skip
    rows = former(mover.office, Employment, mover.on)
    told = [row for row in rows if row["id"] == job.pk]
    assert [row["starts_on"] for row in told][-2:] == [
        job.starts_on - timedelta(days=1),
        job.starts_on,
    ]
    assert told[-1]["history_change_reason"] == "書き誤り"
    for model in (ClientName, PriorService):
        wanted = set(
            model.history.filter(client_id=ended.client_id).values_list("history_id", flat=True)
        )
        assert (
            wanted <= {row["history_id"] for row in former(mover.office, model, mover.on)} != set()
        )


@pytest.mark.django_db
def test_what_somebody_writes_for_another_office_after_the_end_stays_there(mover, ended, cast):  # noqa: F811
    job = Employment.objects.get(client=ended.client)
    other = cast.members["head"]
    correct_fact(
        job, changes={"starts_on": job.starts_on + timedelta(days=1)}, reason="別の事業所",
        by=other, at=at_noon(mover.on) + timedelta(minutes=5),
    )  # fmt: skip
    type(other).objects.filter(pk=mover.head.pk).update(
        user=other.user
    )  # the same person, working for both
    told = [row for row in former(mover.office, Employment, mover.on) if row["id"] == job.pk]
    assert "別の事業所" not in {row["history_change_reason"] for row in told}
