"""The audit page speaks Japanese: every verb of the product has its words."""

import ast
from functools import cache
from pathlib import Path

import pytest
from django.urls import reverse

from plans.models import Application, ProposalStep
from plans.rules.handover import HandoverStep
from teikyaku.accounts.actions.membership import end_membership
from teikyaku.accounts.models import AuditEvent
from teikyaku.accounts.queries.audit import has_words, verb_label
from teikyaku.clock import now
from tests.accounts.test_coming_and_going import enter

ROOT = Path(__file__).resolve().parents[2]


APPS = ("teikyaku", "clients", "plans", "billing")
# Where a verb ends in what is put in: all that can stand there, by its text before.
FAMILIES = {
    "handover_": HandoverStep,
    "proposal_": ProposalStep.Act,
    "application_": Application.Outcome,
}


def sources():
    """The tree of every module that writes."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield ast.parse(path.read_text())


def constants_of(trees):
    """Text that stands under a name of its own at the top of a module."""
    return {
        node.targets[0].id: node.value.value
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def places_of_verb(tree):
    """The functions of a module that take a `verb` without its name, and at which place."""
    return {
        node.name: [each.arg for each in node.args.args].index("verb")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "verb" in [each.arg for each in node.args.args]
    }


def said_as_verb(tree):
    """Whatever is handed over as a verb, by name or by place, or is called one."""
    places = places_of_verb(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "verb":
            yield node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in places:
            yield from node.args[places[node.func.id] :][:1]
        elif isinstance(node, ast.Assign):
            target = node.targets[0]
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            if any(getattr(each, "id", "").lower() in ("verb", "verbs") for each in names):
                yield node.value


def pieces(node):
    """The texts in an expression; an f-string stays whole."""
    if isinstance(node, ast.JoinedStr | ast.Constant | ast.Name):
        yield node
        return
    # Of a choice the question itself is no verb, of a table its keys are none.
    asked = (getattr(node, "test", None), *getattr(node, "keys", ()))
    for child in ast.iter_child_nodes(node):
        if child not in asked:
            yield from pieces(child)


def family(node):
    """All verbs that an f-string can make; None where it is not known."""
    first, last = node.values[0], node.values[-1]
    if isinstance(last, ast.Constant):
        return [f"any{last.value}"]
    before = first.value if isinstance(first, ast.Constant) else ""
    values = FAMILIES.get(before)
    return None if values is None else [f"{before}{each.value}" for each in values]


@cache
def verbs_in_source():
    """The verbs that the code can write, and the f-strings whose family nobody told."""
    trees = list(sources())
    named, found, untold = constants_of(trees), set(), set()
    for tree in trees:
        for said in said_as_verb(tree):
            for piece in pieces(said):
                if isinstance(piece, ast.JoinedStr):
                    known = family(piece)
                    untold |= {ast.unparse(piece)} if known is None else set()
                    found |= set(known or ())
                    continue
                value = named.get(piece.id) if isinstance(piece, ast.Name) else piece.value
                if isinstance(value, str) and value.isascii():
                    found.add(value)
    return found, untold


def test_every_verb_has_words():
    found, untold = verbs_in_source()
    assert len(found) > 150
    assert untold == set()
    assert sorted(verb for verb in found if not has_words(verb)) == []
    assert not has_words("sang_a_song")


@pytest.mark.parametrize(
    "verb",
    ["demo_city_built", "support_plan_met", "handover_look", "proposal_asked", "handover_texts",
     "file_transfer_declined", "cap_recorded", "decision_transcribed", "binder_exported"],
)  # fmt: skip
def test_every_way_to_write_a_verb_is_seen(verb):
    """By name, by place, from a table, from a choice, as a constant, as an f-string."""
    assert verb in verbs_in_source()[0]


def test_what_the_cast_did_has_words(cast):
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs
    assert sorted(verb for verb in verbs if not has_words(verb)) == []


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("interview_logged", "記録"),
        ("signed_in", "サインイン"),
        ("handover_answer", "引き継ぎ先の返事"),
        ("support_plan_met", "計画の会議"),
        ("paper_completed", "添付の種類と日付の記入"),
    ],
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
