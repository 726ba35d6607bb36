"""Lines of a core system's file about a decision that was changed, or that a change is asked for."""

from datetime import timedelta

import pytest

from plans.models import Certificate, Decision
from teikyaku.periods import Month, day_after
from tests.ward.test_core_upload import confirm, faults, known, line, looked_at
from tests.ward.test_decision_change import asks_for_change

__all__ = ["known"]

NO_CAP = {"cap_yen": "", "cap_first_month": "", "cap_last_month": "", "category": ""}


def renewed(known, **changes):
    """The next decision, granted already: it lies ahead of what is changed."""
    starts_on = day_after(known.decision.ends_on)
    again = known.heard(known=known.person, kind="renewal")
    data = known.grant_data(
        starts_on=starts_on.isoformat(), ends_on=(starts_on + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(starts_on)), is_known="on", **changes,
    )  # fmt: skip
    answer = known.post("decision_grant", again, data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Decision.objects.get(application=again)


def test_a_change_before_a_renewal_takes_over_from_what_it_changes(known):
    Decision.objects.filter(pk=known.decision.pk).update(amount="月10日")
    Certificate.objects.filter(decision=known.decision).update(remarks="送迎なし")
    renewed(known, amount="月23日", remarks="更新後の注記")
    application = asks_for_change(known, known.person)
    day = known.on + timedelta(days=14)
    (row,) = looked_at(known, line(known, starts_on=day.isoformat(), **NO_CAP))
    assert row.state == "new", row.faults
    assert "支給量 月10日" in row.words[0]
    _answer, upload = confirm(known)
    assert upload.new_count == 1, upload.refusals
    new = Decision.objects.get(application=application)
    assert (new.amount, new.certificates.get().remarks) == ("月10日", "送迎なし")
