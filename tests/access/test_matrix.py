"""Every URL, asked by the whole cast. A URL that is not classified here fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin import site
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from billing.models import TariffConfirmation
from clients.models import Consent, Leave
from plans.models import CapPeriod, Contract, Decision
from teikyaku.accounts.models import AuditEvent, FigureOverride, SecondFactorReset
from teikyaku.accounts.scoped_admin import ScopedAdmin
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access import money
from tests.access.table import EVERYBODY, OFFICE, OWN, POSTS, PUBLIC, TABLE
from tests.cast import Cast, job_of


def walk(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name with namespace, pattern) of every URL."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


def names() -> list[str]:
    return sorted({name for name, _pattern in walk(get_resolver().url_patterns)})


def is_classified(name: str) -> bool:
    return name in TABLE or name in POSTS or name in PUBLIC or name.startswith(OWN)


def test_every_url_is_classified():
    assert [name for name in names() if not is_classified(name)] == []
    assert not is_classified("admin:forgotten")


def test_nothing_is_classified_that_is_not_there():
    assert [name for name in (*TABLE, *POSTS, *PUBLIC) if name not in names()] == []


def arguments(cast: Cast, name: str) -> dict[str, Any]:
    """Arguments of a URL with objects of the own office and ward."""
    person = cast.enrolment.client.public_id
    leave = Leave.objects.get_or_create(
        employment=job_of(cast.enrolment), starts_on=cast.today,
        defaults={"recorded_by": cast.members["worker"], "recorded_at": at_noon(cast.today)},
    )[0]  # fmt: skip
    known: dict[str, Any] = {
        "client": person,
        "kind": "residence",
        "fact": cast.enrolment.client.names.get().public_id,
        "enrolment": cast.enrolment.public_id,
        "employment": job_of(cast.enrolment).public_id,
        "leave": leave.public_id,
        "service": cast.enrolment.client.prior_services.get().public_id,
        "interview": cast.interview.public_id,
        "contract": Contract.objects.get(enrolment=cast.enrolment).public_id,
        "consent": Consent.objects.get(enrolment=cast.enrolment).public_id,
        "month": str(Month.of(cast.today) - 1),
        **money.arguments(cast),
        "membership": cast.members["worker"].public_id,
        "user": cast.user("worker").public_id,
        "office": cast.office.public_id,
        "cap": CapPeriod.objects.get(client=cast.enrolment.client).public_id,
        "confirmation": TariffConfirmation.objects.get().public_id,
        "plan": cast.enrolment.support_plans.get().public_id,
        "key": "decision.months",
        "terms": cast.office.terms.first().public_id,
        "municipality": cast.wards[0].public_id,
        "correction": FigureOverride.objects.get_or_create(
            key="decision.months",
            first_month=date(2030, 1, 1),
            last_month=date(2030, 1, 1),
            defaults={
                "value": "12",
                "source": "試し",
                "recorded_by": cast.members["admin"],
                "recorded_at": at_noon(cast.today),
            },
        )[0].public_id,
        "application": cast.application.public_id,
        "decision": cast.decision.public_id,
        "stage": "final",
        "reset": uuid4(),
        "token": "nonsense",
    }
    if name == "decision_correct":
        known["decision"] = Decision.objects.get(client=cast.enrolment.client).public_id
    if name == "admin:city_cap_correct":
        known["cap"] = CapPeriod.objects.get(client=cast.decision.client).public_id
    if name == "fact_correct":
        known["kind"] = "name"
    return known


def url_of(cast: Cast, name: str) -> str:
    known = arguments(cast, name)
    wanted = {
        key
        for found, pattern in walk(get_resolver().url_patterns)
        if found == name
        for key in pattern.pattern.converters
    }
    for keys in (wanted, wanted | {"enrolment"}, wanted | {"client"}, wanted | {"application"},
                 wanted | {"decision"}):  # fmt: skip
        try:
            return reverse(name, kwargs={key: known[key] for key in keys})
        except NoReverseMatch:
            continue
    raise AssertionError(f"no arguments for {name}")


def sign_in(client: Any, cast: Cast, key: str) -> None:
    client.force_login(cast.user(key), backend="teikyaku.accounts.backends.EmailBackend")


@pytest.mark.timeout(300)
def test_the_matrix(client, cast):
    wrong = []
    for name, allowed in TABLE.items():
        url = url_of(cast, name)
        client.logout()
        answer = client.get(url)
        if answer.status_code != 302 or "/accounts/login/" not in answer["Location"]:
            wrong.append(f"stranger {name}: {answer.status_code}")
        for key in EVERYBODY:
            sign_in(client, cast, key)
            status = client.get(url).status_code
            expected = (200, 302) if key in allowed else (403, 404)
            if status not in expected:
                wrong.append(f"{key} {name}: {status}")
    assert wrong == []


@pytest.mark.timeout(300)
def test_who_may_not_read_may_not_write_either(client, cast):
    wrong = []
    for name, allowed in {**TABLE, **POSTS}.items():
        if name in ("home", "components", "my_account", "role_table", "switch_membership"):
            continue
        url = url_of(cast, name)
        for key in EVERYBODY:
            if key in allowed:
                continue
            sign_in(client, cast, key)
            status = client.post(url, {}).status_code
            if status not in (403, 404):
                wrong.append(f"{key} {name}: {status}")
    assert wrong == []


def test_another_offices_person_is_404_for_every_own_page(client, cast):
    foreign = cast.foreign
    wrong = []
    for key in OFFICE:
        sign_in(client, cast, key)
        for url in (
            reverse("client_page", args=[foreign.client.public_id]),
            reverse("fact_new", args=[foreign.client.public_id, "name"]),
            reverse("interview_new", args=[foreign.public_id]),
            reverse("report_page", args=[foreign.public_id, "2026-01"]),
            reverse("contract_new", args=[foreign.public_id]),
        ):
            status = client.get(url).status_code
            if status not in (403, 404):
                wrong.append(f"{key} {url}: {status}")
    assert wrong == []


def test_a_former_clients_file_is_read_only(client, cast):
    cast.enrolment.ends_on = cast.today - timedelta(days=1)
    cast.enrolment.end_reason = "moved"
    cast.enrolment.save()
    sign_in(client, cast, "worker")
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert client.get(page).status_code == 200
    for name in ("interview_new", "contract_new", "enrolment_end"):
        assert client.get(reverse(name, args=[cast.enrolment.public_id])).status_code == 404


def test_public_pages_answer_strangers(client, cast):
    assert client.get(reverse("healthz")).json() == {"status": "ok"}
    answer = client.get(reverse("invitation", args=[cast.user("worker").public_id, "x"]))
    assert answer.status_code == 410


def own_pages() -> list[str]:
    """allauth's pages that take no id: each reader's own."""
    return [name for name in names() if name.startswith(OWN)]


@pytest.mark.timeout(200)
def test_sign_in_pages_answer_everybody_without_a_fault(client, cast):
    assert len(own_pages()) > 15
    wrong = []
    for name in own_pages():
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue  # a key in the address: the next test
        for key in (None, "worker", "officer", "admin", "gone"):
            client.logout()
            if key is not None:
                sign_in(client, cast, key)
            status = client.get(url).status_code
            if status not in (200, 302, 404, 405):
                wrong.append(f"{key} {name}: {status}")
            if key is None and status == 200 and "職員 worker" in client.get(url).content.decode():
                wrong.append(f"{name} tells a stranger a name")
    assert wrong == []


def test_a_second_factor_of_somebody_else_is_404(client, cast):
    theirs = Authenticator.objects.create(
        user=cast.user("billing"), type=Authenticator.Type.WEBAUTHN, data={"name": "鍵"}
    )
    sign_in(client, cast, "worker")
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        url = reverse(name, args=[theirs.pk])
        assert client.get(url, follow=True).status_code in (200, 404)
        assert client.post(url, {"name": "盗"}).status_code in (302, 404)
    theirs.refresh_from_db()
    assert theirs.data["name"] == "鍵"


FOREIGN_WRITES = (
    # a valid body of an allowed role, against another office's rows
    ("interview_new", "enrolment", {"held_on": "today", "way": "face", "outcome": "met"}),
    ("enrolment_end", "enrolment", {"ends_on": "today", "reason": "moved"}),
    ("contract_new", "enrolment", {"explained_on": "today", "signed_on": "today",
                                   "starts_on": "today"}),
    ("cap_new", "enrolment", {"category": "low_income", "cap_yen": "0", "first_month": "month"}),
    ("consent_new", "enrolment", {"recipient": "family", "scope": "report", "starts_on": "today"}),
    ("pace_decide", "enrolment", {"answer": "yes"}),
    ("staff_assign", "enrolment", {"starts_on": "today"}),
    ("employment_new", "client", {"employer": "店", "kind": "ordinary", "starts_on": "today"}),
    ("prior_service_new", "client", {"kind": "transition", "starts_on": "2020-01-01"}),
    ("contact_edit", "client", {"phone": "025-000-0000"}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "about", "body"), FOREIGN_WRITES)
def test_a_valid_body_writes_nothing_at_another_office(client, cast, name, about, body):
    foreign = cast.foreign if about == "enrolment" else cast.foreign.client
    words = {"today": cast.today.isoformat(), "month": str(Month.of(cast.today))}
    data = {key: words.get(value, value) for key, value in body.items()}
    before = AuditEvent.objects.exclude(outcome="refused").count()
    for key in OFFICE:
        sign_in(client, cast, key)
        answer = client.post(reverse(name, args=[foreign.public_id]), data)
        assert answer.status_code in (403, 404), key
    assert AuditEvent.objects.exclude(outcome="refused").count() == before


def test_a_reset_is_confirmed_by_a_second_administrator_only(client, cast):
    row = SecondFactorReset.objects.create(
        user=cast.user("worker"), reason="紛失", requested_by=cast.members["admin"],
        requested_at=at_noon(cast.today),
    )  # fmt: skip
    url = reverse("reset_confirm", args=[row.public_id])
    sign_in(client, cast, "admin")
    client.post(url)
    row.refresh_from_db()
    assert row.confirmed_at is None
    sign_in(client, cast, "admin2")
    client.post(url)
    row.refresh_from_db()
    assert row.confirmed_by == cast.members["admin2"]


def test_every_registered_admin_is_scoped():
    assert site._registry
    assert all(isinstance(admin, ScopedAdmin) for admin in site._registry.values())
