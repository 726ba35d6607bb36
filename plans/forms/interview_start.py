"""What the form of a contact begins with: a record to correct or to carry over, the last time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from plans.forms.interview import GOAL, OF_CLOSED, PHRASES, InterviewForm, goal_field
from plans.models import Interview
from teikyaku.era import DateInputError, parse_date


class InterviewSource(forms.Form):
    """The record that an address names to begin with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.UUIDField(required=False)


class DraftForm(forms.Form):
    """Which draft a page goes on with, the version that it has seen, and which page it is."""

    draft = forms.UUIDField(required=False)
    version = forms.IntegerField(required=False, min_value=1)
    written_page = forms.UUIDField(required=False)
    written_turn = forms.IntegerField(required=False, min_value=0, max_value=2**53)
    written_from = forms.UUIDField(required=False)


def initial_of(interview: Interview) -> dict[str, Any]:
    """The stored values, for a correction."""
    names = [
        name
        for name in InterviewForm.base_fields
        if name != "met_by" and not name.startswith(PHRASES)
    ]
    values = {name: getattr(interview, name) for name in names}
    ratings = interview.goal_ratings.select_related("goal")
    values |= {goal_field(row.goal): row.rating for row in ratings}
    return {**values, "met_by": str(interview.met_by.public_id)}


def says_the_same(interview: Interview, data: Mapping[str, Any]) -> bool:
    """Whether the cleaned answers of a form are what this record holds."""
    facts = {name: value for name, value in data.items() if name not in ("met_by", "goal_ratings")}
    told = {row.goal_id: row.rating for row in interview.goal_ratings.all()}
    return (
        all(getattr(interview, name) == value for name, value in facts.items())
        and interview.met_by.user_id == data["met_by"].user_id
        and told == {goal.pk: rating for goal, rating in data.get("goal_ratings", {}).items()}
    )


def to_another(interview: Interview) -> dict[str, Any]:
    """A record that was written for the wrong person, as the right one's form begins.

    Goals are another's, and so is what was said of the workplace.
    """
    values = initial_of(interview)
    return {
        name: value
        for name, value in values.items()
        if not name.startswith(GOAL) and name not in OF_CLOSED
        and name not in ("replaces", "correction_reason")
    }  # fmt: skip


def typed_day(text: str | None, near: date) -> date | None:
    """The day that stands in a form, where it can be read."""
    try:
        return parse_date(text, near) if text else None
    except DateInputError:
        return None


COPIED = ("way", "place", "participants", "topics", "agreed")


def copied_from(interview: Interview) -> dict[str, Any]:
    """What a meeting has in common with the last one: where, how, with whom, on what was agreed."""
    return {name: getattr(interview, name) for name in COPIED}
