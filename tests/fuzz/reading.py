"""The forms of a rendered page: their address, their fields and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

# A button is a field with one value where it has a name.
BUTTONS = ("submit", "button", "reset", "image")


@dataclass
class Control:
    """A field as a browser sees it: its values now, and the values that it offers."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        """Whether somebody types into it, so that it is lost where the page comes back without it."""
        return self.kind in ("text", "textarea", "tel", "search", "date", "number", "email", "url")


@dataclass
class PageForm:
    """One form of a page: whoever sends it sends these fields."""

    action: str
    method: str
    multipart: bool
    controls: dict[str, Control] = field(default_factory=dict)

    def add(self, control: Control) -> None:
        """A field, or one more choice of a known one."""
        known = self.controls.setdefault(control.name, control)
        if known is not control:
            known.values += control.values
            known.choices += control.choices


class _Reader(HTMLParser):
    """Walks a page; fields outside a form that name it by `form=` are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._select: Control | None = None
        self._option: str | None = None
        self._area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        found = getattr(self, f"_{tag}_begins", None)
        if found is not None and (tag == "form" or self._form is not None):
            found(given)

    def _form_begins(self, given: dict[str, str]) -> None:
        self._form = PageForm(
            given.get("action", ""),
            given.get("method", "get").lower(),
            given.get("enctype", "").startswith("multipart"),
        )
        self.forms.append(self._form)

    def _input_begins(self, given: dict[str, str]) -> None:
        name, kind = given.get("name"), given.get("type", "text").lower()
        if not name or self._form is None:
            return
        control, value = Control(name, kind), given.get("value", "")
        if kind in ("radio", "checkbox"):
            value = given.get("value", "on")
            control.choices = [value]
            control.values = [value] if "checked" in given else []
        elif kind in BUTTONS:
            control.choices = [value]
        elif kind != "file":
            control.values = [value]
        self._form.add(control)

    def _button_begins(self, given: dict[str, str]) -> None:
        self._input_begins({"type": "submit", **given})

    def _select_begins(self, given: dict[str, str]) -> None:
        kind = "multiple" if "multiple" in given else "select"
        self._select = Control(given.get("name", ""), kind)

    def _option_begins(self, given: dict[str, str]) -> None:
        if self._select is not None:
            self._select.choices.append(given.get("value", ""))
            if "selected" in given:
                self._select.values.append(given.get("value", ""))

    def _textarea_begins(self, given: dict[str, str]) -> None:
        self._area = Control(given.get("name", ""), "textarea", [""])

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values[0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        ended = {"select": self._select, "textarea": self._area}.get(tag)
        if ended is None:
            return
        if self._form is not None and ended.name:
            self._form.add(ended)
        self._select = self._area = None


def forms_of(html: str) -> list[PageForm]:
    """Every form of the page."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def fields_of(page: Any) -> dict[str, Any]:
    """The form fields that the page was rendered from, by the name under which they are sent."""
    found: dict[str, Any] = {}
    for layer in page.context or ():
        for each in layer.dicts if hasattr(layer, "dicts") else [layer]:
            for value in list(each.values()) if isinstance(each, dict) else ():
                for form in _forms_in(value):
                    found |= {form.add_prefix(name): one for name, one in form.fields.items()}
    return found


def _forms_in(value: Any) -> list[Any]:
    if hasattr(value, "forms") and hasattr(value, "management_form"):
        return list(value.forms)
    return [value] if hasattr(value, "fields") and hasattr(value, "add_prefix") else []
