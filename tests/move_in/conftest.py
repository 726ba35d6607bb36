"""A manager at the desk, whose office has told its first month here."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients.models import Client, Enrolment
from plans.models import MoveIn, MoveInRow
from teikyaku.clock import at_noon
from teikyaku.desk.actions.office_start import set_first_month
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import Cast
from tests.sheets import workbook_of


class Mover:
    """The manager of the cast's other office, signed in."""

    def __init__(self, client: Any, cast: Cast) -> None:
        self.client, self.cast = client, cast
        self.head, self.office = cast.members["outsider"], cast.other_office
        self.on: date = cast.today
        self.who: dict[str, Any] = {"by": self.head, "at": at_noon(cast.today)}
        set_first_month(office=self.office, first_month=Month.of(self.on), **self.who)
        enter(client, self.head)

    def hand_in(self, body: bytes, name: str = "名簿.xlsx") -> Any:
        """The file, as the page sends it."""
        file = SimpleUploadedFile(name, body)
        return self.client.post(reverse("move_ins"), {"file": file}, follow=True)

    @property
    def move_in(self) -> MoveIn:
        """The file that was handed in last."""
        return MoveIn.objects.latest("pk")

    def post(self, name: str, *more: Any, **data: Any) -> Any:
        """One of its buttons."""
        url = reverse(name, args=[self.move_in.public_id, *more])
        return self.client.post(url, data, follow=True)

    def tell_columns(self, **changes: str) -> Any:
        """The columns as the page has guessed them, with changes by column name."""
        url = reverse("move_in_columns", args=[self.move_in.public_id])
        form = self.client.get(url).context["form"]
        data = {name: field.initial for name, field in form.fields.items()} | changes
        return self.client.post(url, data, follow=True)

    def look(self, *people: dict[str, Any]) -> list[MoveInRow]:
        """The workbook with these people, looked at to its end."""
        answer = self.hand_in(workbook_of(*people))
        assert answer.status_code == 200, answer.content.decode()
        self.tell_columns()
        while self.move_in.rows.filter(state="unread").exists():
            self.post("move_in_look")
        return list(self.move_in.people.order_by("line"))

    def run(self, *people: dict[str, Any]) -> MoveIn:
        """The same, imported."""
        self.look(*people)
        self.post("move_in_import")
        return self.move_in

    def people(self) -> list[Enrolment]:
        """Whom the office has beside the cast's own."""
        rows = Enrolment.objects.filter(office=self.office).exclude(pk=self.cast.foreign.pk)
        return list(rows.order_by("pk"))


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A request of these tests does the whole file, however busy the machine: the tests of the limit set their own."""
    monkeypatch.setattr("plans.actions.move_in.SECONDS", 600.0)
    monkeypatch.setattr("teikyaku.sheet_parts.CLOCK_SECONDS", 600.0)


@pytest.fixture
def mover(client: Any, cast: Cast) -> Mover:
    """The office before its first file."""
    return Mover(client, cast)


def everybody() -> set[int]:
    """Every person on file."""
    return set(Client.objects.values_list("pk", flat=True))
