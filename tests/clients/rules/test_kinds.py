"""The kinds of the rules and the choices of the models are the same words."""

import inspect

import pytest

from clients.rules import kinds

PAIRED = [
    "ServiceKind",
    "EmploymentKind",
    "JobRoute",
    "Category",
    "EndReason",
    "ReportItem",
    "CheckOutcome",
    "CheckSource",
]


@pytest.mark.parametrize("name", PAIRED)
def test_choices_equal_their_kinds(name):
    from clients import enums

    pairs = [(member.value, member.label) for member in getattr(kinds, name)]

    assert [(value, str(label)) for value, label in getattr(enums, name).choices] == pairs


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for _, kind in inspect.getmembers(kinds, inspect.isclass)
        if issubclass(kind, kinds.Labelled) and kind is not kinds.Labelled
    ],
)
def test_every_kind_is_labelled_and_found_by_its_value(kind):
    for member in kind:
        assert member.label
        assert kind(member.value) is member
        assert str(member) == member.value
