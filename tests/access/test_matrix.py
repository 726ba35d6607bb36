"""Every URL, asked by the whole cast. A URL that is not classified here fails."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin import site
from django.db import connection
from django.urls import NoReverseMatch, reverse

from teikyaku.accounts.models import AuditEvent, SecondFactorReset
from teikyaku.accounts.scoped_admin import ScopedAdmin
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from teikyaku.printing import Printer
from tests.access.table import EVERYBODY, OFFICE, OWN, POSTS, PUBLIC, TABLE
from tests.access.urls import names, url_of
from tests.cast import Cast


def is_classified(name: str) -> bool:
    return name in TABLE or name in POSTS or name in PUBLIC or name.startswith(OWN)


def test_every_url_is_classified():
    assert [name for name in names() if not is_classified(name)] == []
    assert not is_classified("admin:forgotten")


def test_nothing_is_classified_that_is_not_there():
    assert [name for name in (*TABLE, *POSTS, *PUBLIC) if name not in names()] == []


def sign_in(client: Any, cast: Cast, key: str) -> None:
    client.force_login(cast.user(key), backend="teikyaku.accounts.backends.EmailBackend")


def asked_by(key: str) -> list[str]:
    """Every page; on the second database those that nobody before may open, for who may is the same."""
    if connection.vendor == "sqlite":
        return list(TABLE)
    return [name for name, allowed in TABLE.items() if key == next(iter(allowed), "")]


@pytest.mark.timeout(300)
def test_the_matrix(client, cast, monkeypatch):
    # The same data give the same bytes: a paper is set once, not for each who may open it.
    monkeypatch.setattr(Printer, "_compile", cache(Printer._compile))
    urls = {name: url_of(cast, name) for name in TABLE}
    wrong = []
    for name, url in urls.items():
        answer = client.get(url)
        if answer.status_code != 302 or "/accounts/login/" not in answer["Location"]:
            wrong.append(f"stranger {name}: {answer.status_code}")
    for key in EVERYBODY:
        sign_in(client, cast, key)
        for name in asked_by(key):
            allowed, answer = TABLE[name], client.get(urls[name])
            status = answer.status_code
            expected = (200, 302) if key in allowed else (403, 404)
            if status not in expected:
                wrong.append(f"{key} {name}: {status}")
            # Here, where every page is asked for anyway.
            if key == next(iter(allowed), "") and lacks_way(name, answer):
                wrong.append(f"{name}: no way to it")
            if key == next(iter(allowed), ""):
                wrong += [f"{name}: no end to {field}" for field in endless(answer)]
        assert is_signed_in(client, cast, key)
    assert wrong == [], "\n".join(wrong)


# Homes, and what stands beside all pages.
WITHOUT_WAY = {"home", "system_home", "admin:index", "components"}


# Of text in a form that is asked by GET.
GET_FORM = re.compile(r'<form\b[^>]*method="get".*?</form>', re.DOTALL)
INPUT = re.compile(r"<(?:input|textarea)\b[^>]*>")
MOST_LETTERS = 120


def lacks_way(name: str, answer: Any) -> bool:
    """Whether a page does not say how one gets to it, or which one it is; homes and files need not."""
    if name in WITHOUT_WAY or answer.status_code != 200 or answer.streaming:
        return False
    text = answer.content.decode() if "html" in answer["Content-Type"] else ""
    way = text.partition('class="breadcrumbs"')[2].partition("</nav>")[0]
    return "<main" in text and (not way or "このページ" in way)


def endless(answer: Any) -> list[str]:
    """The texts of forms asked by GET that could make an address longer than servers read."""
    if answer.streaming or "html" not in answer.get("Content-Type", ""):
        return []
    forms = GET_FORM.findall(answer.content.decode())
    texts = [text for form in forms for text in INPUT.findall(form) if is_free(text)]
    return [text for text in texts if not 0 < length_of(text) <= MOST_LETTERS]


def is_free(text: str) -> bool:
    """Whether anything may be typed into it."""
    kind = re.search(r'type="(\w+)"', text)
    return kind is None or kind[1] in ("text", "search", "tel", "email", "url")


def length_of(text: str) -> int:
    """The letters at which the browser ends; 0 without an end."""
    return int((re.search(r'maxlength="(\d+)"', text) or [0, 0])[1])


def is_signed_in(client: Any, cast: Cast, key: str) -> bool:
    """Whether the pages were asked by whom they were meant to be asked by."""
    return client.session.get("_auth_user_id") == str(cast.user(key).pk)


READ_BY_ALL = ("home", "components", "my_account", "own_kana", "role_table", "switch_membership")


@pytest.mark.once
@pytest.mark.timeout(300)
def test_who_may_not_read_may_not_write_either(client, cast):
    table = {name: may for name, may in {**TABLE, **POSTS}.items() if name not in READ_BY_ALL}
    urls = {name: url_of(cast, name) for name in table}
    wrong = []
    for key in EVERYBODY:
        sign_in(client, cast, key)
        for name in (name for name, allowed in table.items() if key not in allowed):
            status = client.post(urls[name], {}).status_code
            if status not in (403, 404):
                wrong.append(f"{key} {name}: {status}")
        assert is_signed_in(client, cast, key)
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
            reverse("attachment_list", args=[foreign.client.public_id]),
            reverse("attachment_new", args=[foreign.public_id]),
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
    # Contacts of the days before the end may still be written up.
    assert client.get(reverse("interview_new", args=[cast.enrolment.public_id])).status_code == 200
    for name in (
        "appointment_change",
        "attempt_new",
        "contract_new",
        "enrolment_end",
        "attachment_new",
    ):
        assert client.get(reverse(name, args=[cast.enrolment.public_id])).status_code == 404


def test_public_pages_answer_strangers(client, cast):
    assert client.get(reverse("healthz")).json() == {"status": "ok"}
    answer = client.get(reverse("invitation", args=[cast.user("worker").public_id, "x"]))
    assert answer.status_code == 410
    assert client.get(reverse("calendar_feed", args=["nonsense"])).status_code == 404


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
    ("employment_new", "client", {"employer": "店", "kind": "ordinary", "starts_on": "today", "is_second": "on"}),
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
