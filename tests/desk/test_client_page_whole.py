"""The client page of whoever has everything: its budget of queries, and whom it says to speak to again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import TariffConfirmation
from clients.models import Enrolment, Referral
from clients.queries.dossier import client_dossier
from plans.actions.referral import refer
from plans.models import PaceSetting
from plans.queries.dossier import support_dossier
from plans.queries.referral import ReferralAsk, referral_ask_q, referrals_for
from teikyaku.clock import at_noon
from teikyaku.desk.queries.referral_things import referral_things
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.fees import confirm, read_table

# Two more than of others (test_client_page.py), of whoever has all of it at once.
WITH_EVERYTHING = 24


def own_queries(client, url):
    """What the page asks beside the session, who is signed in, and the line that says who looked."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    assert page.status_code == 200
    around = [
        row["sql"] for row in queries if "INSERT" in row["sql"] or "django_session" in row["sql"]
    ]
    return page.content.decode(), len(queries) - len(around) - 1


def test_who_has_everything_stays_in_the_budget_too(client, cast):
    """A つなぎ, consents given and taken back, no plan that holds, a fee table read in, no own settings."""
    row, on = cast.enrolment, cast.today
    who = {"by": cast.members["worker"], "at": at_noon(on)}
    led = refer(client=row.client, centre="core_support", referred_on=on - timedelta(days=9), **who)
    type(led).objects.filter(pk=led.pk).update(
        eligible_from=on - timedelta(days=1), eligible_until=on + timedelta(days=1)
    )
    row.support_plans.update(review_by=Month.of(on).first_day - timedelta(days=1))
    PaceSetting.objects.all().delete()
    TariffConfirmation.objects.all().delete()
    month = Month.of(on)
    confirm(cast, read_table(cast, month.first_day, (month + 2).first_day))
    enter(client, cast.members["manager"])
    url = reverse("client_page", args=[row.client.public_id])
    client.get(url)
    page, asked = own_queries(client, url)
    assert "基本報酬が×0." in page
    assert "つなぎ" in page
    assert asked <= WITH_EVERYTHING


REFERRED = {
    "asked": {},
    "not yet": {"eligible_from": 1},
    "over": {"eligible_until": -1},
    "spoken to": {"follow_up": "not_now", "follow_up_on": 0},
    "withdrawn": {"withdrawn": True},
    "in use": {"in_use": True},
    "died": {"died": True},
    "led again": {"again": True},
    "led again, and that withdrawn": {"again": True, "again_withdrawn": True},
}


@pytest.mark.parametrize("case", list(REFERRED))
def test_whom_to_speak_to_again_is_who_the_list_asks_about(cast, case):
    """The page looks at rows at hand; the list asks the database."""
    facts, on, day = dict(REFERRED[case]), cast.today, timedelta(days=1)
    row = cast.enrolment
    who = {"by": cast.members["worker"], "at": at_noon(on)}
    rows = [refer(client=row.client, centre="core_support", referred_on=on - 9 * day, **who)]
    if facts.pop("again", False):
        rows.append(refer(client=row.client, centre="core_support", referred_on=on, **who))
    taken = {"withdrawn_at": at_noon(on), "withdrawn_by": who["by"], "withdrawn_reason": "誤り"}
    days = {"eligible_from": on, "eligible_until": on}
    all_of_them = Referral.objects.filter(pk__in=[each.pk for each in rows])
    all_of_them.update(**days)
    if facts.pop("again_withdrawn", False):
        Referral.objects.filter(pk=rows[1].pk).update(**taken)
    if not facts.pop("in_use", False):
        Enrolment.objects.filter(pk=row.pk).update(ends_on=on - day, end_reason="own_wish")
    if facts.pop("died", False):
        type(row.client).objects.filter(pk=row.client.pk).update(died_on=on)
    changes = taken if facts.pop("withdrawn", False) else {}
    changes |= {k: on + v * day if isinstance(v, int) else v for k, v in facts.items()}
    if "eligible_until" in facts:
        changes["eligible_from"] = on - 2 * day
    if "eligible_from" in facts:
        changes["eligible_until"] = on + 2 * day
    if changes:
        all_of_them.update(**changes)
    fresh = Enrolment.objects.select_related("client").get(pk=row.pk)
    dossier = support_dossier(client_dossier(fresh, on))
    shown = [each.pk for each in dossier.person.referrals]
    listed = referrals_for(who["by"]).filter(referral_ask_q(ReferralAsk.ELIGIBLE, on), pk__in=shown)
    found = [thing.url for thing in referral_things(dossier, who["by"], on)]
    assert found == [reverse("referral_follow", args=[each.public_id]) for each in listed]
    # What was led after the end is not told here, and asks in place of what was before.
    assert len(found) == (case in ("asked", "led again, and that withdrawn"))
