"""担当: every reader says whether it means standing ones; none meets what was taken back by chance."""

import ast

import pytest

from tests.architecture import house

DOORS = {"standing", "in_charge", "with_undone", "in_charge_q"}
HOME = "clients.models.enrolment"


def doors_missed(source: str) -> list[int]:
    """Lines that read assignments past the doors of their queryset."""
    tree = ast.parse(source)
    above = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_rows(node):
            user = above[id(node)]
            if not isinstance(user, ast.Attribute) or user.attr not in DOORS:
                found.append(node.lineno)
        # Over the relation: only where the condition is asked for, too.
        elif _names_relation(node) and "in_charge_q" not in attributes:
            found.append(
                getattr(node, "lineno", getattr(getattr(node, "value", None), "lineno", 0))
            )
    return sorted(found)


def _is_rows(node: ast.Attribute) -> bool:
    if node.attr == "assignments":
        return True
    is_manager = node.attr in ("objects", "_default_manager", "_base_manager")
    return is_manager and isinstance(node.value, ast.Name) and node.value.id == "StaffAssignment"


def _names_relation(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return (node.arg or "").split("__")[0] == "assignments"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.split("__")[0] == "assignments"
    return False


def test_every_reader_comes_in_by_a_door():
    wrong = {
        f"{name}:{line}"
        for name, path in house.modules()
        if name != HOME
        for line in doors_missed(path.read_text(encoding="utf-8"))
    }
    assert not wrong


@pytest.mark.parametrize(
    "source",
    [
        "StaffAssignment.objects.filter(enrolment=row)",
        "StaffAssignment.objects.all()",
        "rows = StaffAssignment.objects",
        "row.assignments.filter(in_force(on))",
        "people.filter(assignments__staff=member)",
        "people.annotate(n=Count('assignments'))",
        "people.prefetch_related('assignments__staff')",
    ],
)
def test_a_forgotten_one_is_found(source):
    assert doors_missed(source) == [1]


def test_a_door_is_one():
    assert not doors_missed("StaffAssignment.objects.in_charge(on).filter(enrolment=row)")
    assert not doors_missed("row.assignments.with_undone().count()")
    assert not doors_missed(
        "people.filter(S.in_charge_q(on, 'assignments__')).values('assignments__staff')"
    )
