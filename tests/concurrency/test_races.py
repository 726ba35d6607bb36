"""Two people doing the same thing at once get one result and one clear message."""

import threading
from datetime import date as d

import pytest
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection
from django.test import Client
from django.urls import reverse

from billing.actions.close_run import close_months
from billing.actions.month import close_month
from billing.models import MonthClosing, PersonMonth
from billing.queries.verify import broken_closings
from plans.actions import certificate as certificates
from plans.models import Decision
from teikyaku.clock import at_noon, today
from teikyaku.periods import Month
from tests.billing.corrections import corrected, other_tier, serve_too, who
from tests.cast import cast_of, ready_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

# A machine under load is no reason to fail: seconds.
GATE, WORK = 60, 120


def at_once(*jobs):
    """Run the jobs in threads of their own, from the same moment; what each gave or raised."""
    gate = threading.Barrier(len(jobs))
    results = [None] * len(jobs)

    def run(index, job):
        close_old_connections()
        try:
            gate.wait(timeout=GATE)
            results[index] = job()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=WORK)
    assert not any(thread.is_alive() for thread in threads), f"not done after {WORK} s"
    return results


def test_two_closers_get_one_close_and_one_message():
    cast = cast_of(today())
    month = Month.of(cast.today) - 1

    def close(key):
        member = cast.members[key]
        return close_month(office=cast.office, month=month, by=member, at=at_noon(cast.today))

    results = at_once(lambda: close("head"), lambda: close("billing"))
    closed = [result for result in results if isinstance(result, MonthClosing)]
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert (len(closed), len(refused)) == (1, 1), results
    assert MonthClosing.objects.filter(office=cast.office, month=month.first_day).count() == 1
    assert PersonMonth.objects.filter(month=month.first_day).count() == 1
    message = " ".join(refused[0].messages)
    assert "締め" in message


def test_two_offices_at_once_close_a_shared_person_once():
    """Who loses is told, and closes their other people in the next run."""
    cast = cast_of(today())
    month = Month.of(cast.today) - 1
    serve_too(cast, month)

    def close(office, key):
        member = cast.members[key]
        return close_month(office=office, month=month, by=member, at=at_noon(cast.today))

    results = at_once(
        lambda: close(cast.office, "billing"), lambda: close(cast.other_office, "outsider")
    )
    assert all(isinstance(each, MonthClosing | ValidationError) for each in results), results
    assert any(isinstance(each, MonthClosing) for each in results), results
    shared = PersonMonth.objects.filter(client=cast.enrolment.client, month=month.first_day)
    assert shared.count() == 1
    members = [cast.members["billing"], cast.members["outsider"]]
    runs = list(close_months(month=month, by=members, at=at_noon(cast.today)))
    assert [each.problem for each in runs] == ["", ""]
    assert shared.count() == 1
    assert PersonMonth.objects.filter(client=cast.foreign.client, month=month.first_day).exists()
    assert list(broken_closings()) == []


def test_a_correction_and_a_close_at_once_are_a_run_each_or_one_is_told():
    """Both want the next number of the office's month."""
    cast = cast_of(today())
    month = Month.of(cast.person_month.month)
    late = ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], "1234567892",
        name="おくれ 花", kana="おくれ はな",
    )  # fmt: skip
    other_tier(cast)
    results = at_once(
        lambda: corrected(cast), lambda: close_month(office=cast.office, month=month, **who(cast))
    )
    kinds = (PersonMonth, MonthClosing, ValidationError)
    assert all(isinstance(each, kinds) for each in results), results
    assert sum(isinstance(each, ValidationError) for each in results) < 2, results
    runs = MonthClosing.objects.filter(office=cast.office, month=month.first_day)
    numbers = sorted(runs.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert list(broken_closings()) == []
    # Who was refused tries again, and has it.
    if isinstance(results[0], ValidationError):
        corrected(cast)
    if isinstance(results[1], ValidationError):
        close_month(office=cast.office, month=month, **who(cast))
    rows = PersonMonth.objects.standing().filter(month=month.first_day)
    assert set(rows.values_list("enrolment", "edition")) == {(cast.enrolment.pk, 2), (late.pk, 1)}


def test_two_overlapping_decisions_leave_one_and_a_message_at_the_field():
    cast = cast_of(today())
    client = cast.enrolment.client
    after = client.decisions.latest("ends_on").ends_on
    starts = d(after.year + 1, 1, 1)

    def decide(key, days):
        paper = certificates.Paper("1234567890", starts, starts)
        grant = certificates.Grant(starts, starts.replace(day=days), d(after.year + 1, 6, 30), "月")
        return certificates.transcribe_certificate(
            client=client, municipality=cast.wards[2], grant=grant, paper=paper, cap=None,
            by=cast.members[key], at=at_noon(starts),
        )  # fmt: skip

    def guarded(key, days):
        from teikyaku.constraints import violations_as_validation_errors

        with violations_as_validation_errors(Decision):
            return decide(key, days)

    results = at_once(lambda: guarded("worker", 1), lambda: guarded("manager", 15))
    stored = [result for result in results if isinstance(result, Decision)]
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert (len(stored), len(refused)) == (1, 1), results
    assert "starts_on" in refused[0].message_dict
    assert Decision.objects.filter(client=client, starts_on__gte=starts).count() == 1


def test_two_people_at_the_same_form_get_one_record_and_one_message():
    """Through the pages: the second sees the message at the field, and what was typed."""
    cast = cast_of(today())
    after = cast.enrolment.client.decisions.latest("ends_on").ends_on
    starts = d(after.year + 1, 1, 1)
    data = {
        "municipality": cast.wards[2].pk, "number": "1234567890", "issued_on": cast.today,
        "decided_on": cast.today, "starts_on": starts, "ends_on": d(after.year + 1, 6, 30),
        "amount": "当該月の日数", "category": "low_income", "cap_yen": "0",
        "cap_first_month": f"{starts:%Y-%m}",
    }  # fmt: skip
    url = reverse("certificate_transcribe", args=[cast.enrolment.public_id])

    def post(key):
        browser = Client()
        browser.force_login(cast.user(key), backend="teikyaku.accounts.backends.EmailBackend")
        return browser.post(url, data)

    answers = at_once(lambda: post("worker"), lambda: post("manager"))
    assert sorted(answer.status_code for answer in answers) == [302, 422], answers
    refused = next(answer for answer in answers if answer.status_code == 422)
    assert "重なって" in str(refused.context["form"].errors)
    assert "当該月の日数" in refused.content.decode()
    assert Decision.objects.filter(client=cast.enrolment.client, starts_on=starts).count() == 1
