"""The audit page speaks Japanese: every verb of the product has its words."""

import ast
from pathlib import Path

import pytest
from django.urls import reverse

from teikyaku.accounts.actions.membership import end_membership
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.queries.audit import has_words, verb_label
from teikyaku.clock import now
from tests.accounts.test_coming_and_going import enter

ROOT = Path(__file__).resolve().parents[2]


def verbs_in_source():
    """Text handed over as `verb`, in a call or as a default."""
    found = set()
    for app in ("teikyaku", "clients", "plans", "billing"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.keyword) and node.arg == "verb":
                    values = [node.value]
                elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "verb":
                    values = list(ast.walk(node.value))
                else:
                    continue
                found |= {
                    value.value
                    for value in values
                    if isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                    and value.value.isascii()
                }
    return found


def test_every_verb_has_words():
    found = verbs_in_source()
    assert len(found) > 40
    assert sorted(verb for verb in found if not has_words(verb)) == []
    assert not has_words("sang_a_song")


def test_what_the_cast_did_has_words(cast):
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs
    assert sorted(verb for verb in verbs if not has_words(verb)) == []


@pytest.mark.parametrize(
    ("verb", "words"), [("interview_logged", "記録"), ("signed_in", "サインイン")]
)
def test_words(verb, words):
    assert verb_label(verb) == words


def test_the_page_names_record_and_field_and_no_code(client, cast):
    enter(client, cast.members["head"])
    page = client.get(reverse("audit_log")).content.decode()
    assert "面談" in page
    assert "interview_logged" not in page
    assert "recorded_at" not in page
    count = AuditEvent.objects.filter(membership__office=cast.office).count()
    assert client.get(reverse("audit_log")).context["page"].paginator.count >= count


def test_a_refused_page_is_said_without_its_route(client, cast):
    enter(client, cast.members["worker"])
    assert client.get(reverse("audit_log")).status_code == 403
    enter(client, cast.members["head"])
    page = client.get(f"{reverse('audit_log')}?outcome=refused").content.decode()
    assert "権限のないページ" in page
    assert "audit_log" not in page.split("<main")[1]


def test_everybody_reads_the_lines_of_their_own_place(client, cast):
    admin, worker = cast.members["admin"], cast.members["worker"]
    end_membership(membership=cast.members["manager"], by=admin, at=now())
    enter(client, worker)
    client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    # The office learns what was done to its memberships; the administrator nothing of its people.
    enter(client, cast.members["head"])
    page = client.get(reverse("audit_log")).content.decode()
    assert admin.user.name in page
    enter(client, admin)
    rows = client.get(reverse("audit_log")).context["rows"]
    assert {row.who for row in rows} & {admin.user.name}
    assert all(row.person_id is None for row in rows)
    assert worker.user.name not in {row.who for row in rows}


def test_a_mark_about_no_record_names_no_page(client, cast):
    AuditEvent.objects.create(
        at=now(), user=cast.user("admin"), verb="demo_city_built", subject_type="demo"
    )
    enter(client, cast.members["admin"])
    text = client.get(reverse("audit_log")).content.decode()
    assert "デモの街の作成" in text
    assert "demo_city_built" not in text
    assert "権限のないページ" not in text
