"""Generated posts over every form that the cast can open, each rolled back.

What is a fault: an answer of 500, a row that makes no sense, something stored by a request that was
refused, and typed text that does not come back with the errors.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator
from html import escape
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.access.table import EVERYBODY, OWN, POSTS, PUBLIC, TABLE
from tests.access.urls import names, url_of
from tests.cast import Cast
from tests.fuzz.reading import Control, PageForm, fields_of, forms_of
from tests.fuzz.report import Report, Sent, Target
from tests.fuzz.sending import BOUNDARY, form_body, multipart_body
from tests.fuzz.stored import highest_keys, watched
from tests.fuzz.values import FILES, Data, Files, nonsense, valid

# Shows the parts of our pages: what is sent there goes nowhere. And the cast has no correction of a
# month that was claimed: the page of its petition would ask what cannot be.
LEFT_OUT = ("components", "petition_record")
# A photo is kept also where its form is refused: a browser would forget it.
KEPT = ("clients.Attachment",)
# From so many requests on it pays to look longer for what a form takes.
MANY = 10_000
# Posts to one form before the next one has its turn.
IN_A_ROUND = 30
REFUSED = range(400, 500)
BACKEND = "teikyaku.accounts.backends.EmailBackend"


class Fuzz:
    """The forms of the cast's pages, and the requests that are made of them."""

    def __init__(
        self, cast: Cast, say: Callable[[str], None] = lambda _words: None, only: str = ""
    ) -> None:
        self.cast, self.say, self.report, self.only = cast, say, Report(say), only
        self.client, self.is_ended = Client(), False
        self.cookies: dict[str, Any] = {}
        self.urls = {
            name: url
            for name in {**TABLE, **POSTS}
            if (not only or name in only.split(","))
            and (url := _tried(lambda name=name: url_of(cast, name))) is not None
        }
        for key in EVERYBODY:
            client = Client()
            client.force_login(cast.user(key), backend=BACKEND)
            self.cookies[key] = client.cookies
        self.cookies[""] = Client().cookies
        self.highest = highest_keys()
        self.own_ids, self.others = _ids(cast)
        self.targets = list(self._targets())

    def _targets(self) -> Iterator[Target]:
        seen: set[Any] = set()
        for name, key, url in self._pages():
            with rolled_back():
                page = self._as(key).get(url)
                fields = fields_of(page)
                html = page.content.decode() if "html" in page.get("Content-Type", "") else ""
            for form in forms_of(html):
                address = urljoin(url, form.action)
                mark = (urlsplit(address).path, form.method, tuple(form.controls))
                if mark not in seen and form.controls:
                    seen.add(mark)
                    yield Target(name, key, address, form, fields)
        known = {path for path, _method, _names in seen}
        for name, allowed in POSTS.items():
            key = next((key for key in EVERYBODY if key in allowed), None)
            if key and name in self.urls and self.urls[name] not in known:
                form = PageForm(self.urls[name], "post", False)
                yield Target(name, key, self.urls[name], form, {})

    def _pages(self) -> Iterator[tuple[str, str, str]]:
        for name, allowed in TABLE.items():
            for key in [key for key in EVERYBODY if key in allowed and key != "gone"][:2]:
                if name in self.urls and name not in LEFT_OUT:
                    yield name, key, self.urls[name]
        for name in names() if not self.only else ():
            if name.startswith(OWN) or name in PUBLIC:
                url = _tried(lambda name=name: reverse(name))
                yield from [(name, key, url) for key in ("", "worker") if url]

    def _as(self, key: str) -> Client:
        self.client.cookies = self.cookies[key].copy()
        cache.clear()
        return self.client

    # --- What a form takes ------------------------------------------------------------------------

    def warm_up(self, tries: int, chance: random.Random) -> None:
        """Look for what each form takes: what is refused is answered anew, the rest is kept."""
        for target in self.targets:
            if target.form.method != "post":
                continue
            target.good, target.good_files = self._answers(target, chance)
            for _each in range(tries):
                status, errors = self._outcome(target)
                if status in (302, 200) and not errors:
                    target.is_accepted = True
                    break
                if status != 422:
                    break
                for name in errors & set(target.form.controls) or set(target.form.controls):
                    self._answer_anew(target, target.form.controls[name], chance)

    def _answer_anew(self, target: Target, control: Control, chance: random.Random) -> None:
        """Something else; nothing, now and then, where it need not be answered."""
        if control.kind == "file":
            target.good_files[control.name] = chance.choice(FILES[:3])
            return
        is_needed = getattr(target.fields.get(control.name), "required", True)
        if not is_needed and chance.random() < 0.5:
            target.good.pop(control.name, None)
        else:
            target.good |= self._answer(target, control, chance)

    def _outcome(self, target: Target) -> tuple[int, set[str]]:
        with rolled_back():
            try:
                answer = self._send(target, Sent(target.good, target.good_files))
                found = _forms_with_errors(answer)
            except Exception:
                return 500, set()
        if answer.status_code == 422:
            _learn(target, answer)
        return answer.status_code, {form.add_prefix(name) for form in found for name in form.errors}

    def _answers(self, target: Target, chance: random.Random) -> tuple[Data, dict[str, Files]]:
        data: Data = {}
        files: dict[str, Files] = {}
        for control in target.form.controls.values():
            if control.kind == "file":
                files[control.name] = chance.choice(FILES[:3])
            else:
                data |= self._answer(target, control, chance)
        submits = [c.name for c in target.form.controls.values() if c.kind == "submit"]
        for name in submits[1:]:
            data.pop(name, None)
        return data, files

    def _answer(self, target: Target, control: Control, chance: random.Random) -> Data:
        if control.kind == "file":
            return {}
        field = target.fields.get(control.name)
        return {control.name: valid(control, field, self.cast.today, chance)}

    # --- Generated ---------------------------------------------------------------------------------

    def run(self, count: int, number: int) -> Report:
        """So many requests over all forms, the same for the same number."""
        self.warm_up(12 if count > MANY or self.only else 3, random.Random(number))
        # Told before hours of posts: a run that is ended says it as well.
        self.say(f"not taken as they are: {', '.join(self.not_taken)}")
        for wanted, place in self._shares(count):
            if self.is_ended:
                break
            target = self.targets[place % len(self.targets)]
            self._generate(target, wanted, number * 10_000 + place)
            target.posts += wanted
            self.say(f"{self.report.posts:,} {target.page}: {len(self.report.faults)} faults")
        return self.report

    def _shares(self, count: int) -> Iterator[tuple[int, int]]:
        """How many for which form: round after round, so that a run ended by the clock has seen every form."""
        forms = len(self.targets)
        rounds = max(1, count // (forms * IN_A_ROUND))
        each, rest = divmod(count, forms * rounds)
        for place in range(forms * rounds):
            if wanted := each + (place < rest):
                yield wanted, place

    @property
    def not_taken(self) -> list[str]:
        """Pages with a form for which no valid post was found."""
        return sorted(
            {t.page for t in self.targets if t.form.method == "post" and not t.is_accepted}
        )

    def _generate(self, target: Target, count: int, number: int) -> None:
        @seed(number)
        @settings(
            max_examples=count, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(self._requests(target))
        def one(sent: Sent) -> None:
            self.try_one(target, sent)

        one()

    @st.composite
    @staticmethod
    def _drawn(draw: Any, fuzz: Fuzz, target: Target) -> Sent:
        chance = random.Random(draw(st.integers(0, 2**32)))
        data, files = fuzz._answers(target, chance)
        if target.good and draw(st.integers(0, 3)):
            data, files = dict(target.good), dict(target.good_files)
        strange = nonsense(fuzz.own_ids, fuzz.others)
        listed = sorted(target.form.controls)
        for _each in range(draw(st.integers(0, 4)) if listed else 0):
            name = draw(st.sampled_from(listed))
            control = target.form.controls[name]
            if control.kind == "file":
                files[name] = draw(st.sampled_from(FILES))
                continue
            how = draw(st.integers(0, 11))
            if how < 8:
                data[name] = [draw(strange)]
            elif how == 8:
                data.pop(name, None)
            elif how == 9:
                data[name] = [*data.get(name, []), draw(strange), draw(strange)]
            elif control.choices:
                data[name] = [draw(st.sampled_from(control.choices))]
            else:
                data[name] = valid(control, target.fields.get(name), fuzz.cast.today, chance)
        kind = draw(st.sampled_from(("",) * 24 + ("broken", "json", "empty", "surplus")))
        if kind == "surplus" or not listed:
            data[draw(st.sampled_from(("id", "pk", "next", "page", "version", "x")))] = [
                draw(strange)
            ]
        return Sent(data, files, draw(st.integers(0, 5)) == 0, kind)

    def _requests(self, target: Target) -> st.SearchStrategy[Sent]:
        return Fuzz._drawn(self, target)

    def _send(self, target: Target, sent: Sent) -> Any:
        client = self._as(target.role)
        if target.form.method != "post":
            path = urlsplit(target.url).path
            return client.get(path, QUERY_STRING=form_body(sent.data).decode())
        kind, body = "application/x-www-form-urlencoded", form_body(sent.data)
        if target.form.multipart or sent.files:
            kind = f"multipart/form-data; boundary={BOUNDARY}"
            body = multipart_body(sent.data, sent.files)
        if sent.kind == "broken":
            kind, body = f"multipart/form-data; boundary={BOUNDARY}", body[: len(body) // 2]
        elif sent.kind == "json":
            kind, body = "application/json", b'{"a": [1'
        elif sent.kind == "empty":
            body = b""
        return client.generic("POST", target.url, body, content_type=kind)

    def try_one(self, target: Target, sent: Sent) -> None:
        """Send, look at the answer and at what was stored, roll back."""
        self.report.posts += 1
        with rolled_back():
            try:
                with watched(self.highest) as stored:
                    answer = self._send(target, sent)
                self._look(target, sent, answer, stored)
                if sent.twice and answer.status_code in (200, 302):
                    with watched(self.highest) as stored:
                        again = self._send(target, sent)
                    self._look(target, sent, again, stored, "twice: ")
                if connection.vendor == "postgresql" and stored.tables:
                    connection.check_constraints()
            except Exception as error:
                self.report.fault(f"500 {_place(error)}", target, sent, str(error)[:300])
                self.report.answers["500"] += 1

    def _look(self, target: Target, sent: Sent, answer: Any, stored: Any, when: str = "") -> None:
        status = answer.status_code
        self.report.answers[str(status)] += 1
        if status >= 500:
            self.report.fault(f"{when}{status}", target, sent)
        new = stored.new
        self.report.stored += bool(new)
        for words in stored.nonsense():
            self.report.fault(f"{when}stored {words}", target, sent)
        errors = [form for form in _forms_with_errors(answer) if form.is_bound]
        if status in REFUSED or errors:
            for row in [row for row in new if row._meta.label not in KEPT]:
                self.report.fault(f"{when}refused, but stored {row._meta.label}", target, sent)
        if errors and status in (200, 422):
            for name in self._lost(target, sent, answer):
                self.report.fault(f"{when}lost {name}", target, sent)

    def _lost(self, target: Target, sent: Sent, answer: Any) -> Iterator[str]:
        """Fields whose typed text does not stand on the page that says what is wrong."""
        if sent.kind or target.form.method != "post":
            return
        text = answer.content.decode()
        for name, values in sent.data.items():
            control = target.form.controls.get(name)
            if control is None or not control.is_typed or len(values) != 1:
                continue
            typed = values[0].strip()
            if typed.isprintable() and escape(typed).replace("&#x27;", "&#39;") not in text.replace(
                "&#x27;", "&#39;"
            ):
                yield name


class rolled_back:
    """A savepoint that is always taken back."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        # As in a TestCase of Django's: what wants the outermost transaction takes this one for it.
        self.atomic._from_testcase = True  # type: ignore[attr-defined]
        self.atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def _learn(target: Target, answer: Any) -> None:
    """What the same form asks once it refused: a box that says "I have read it". Rows of a file are not asked."""
    fields, known = fields_of(answer), target.form.controls
    for form in forms_of(answer.content.decode()):
        path = urlsplit(urljoin(target.url, form.action)).path
        if path != urlsplit(target.url).path or not form.controls.keys() >= known.keys():
            continue
        for name in form.controls.keys() & fields.keys() - known.keys():
            if form.controls[name].kind in ("checkbox", "radio"):
                known[name], target.fields[name] = form.controls[name], fields[name]


def _tried(find: Callable[[], str]) -> str | None:
    try:
        return find()
    except NoReverseMatch:
        return None


def _forms_with_errors(answer: Any) -> list[Any]:
    found = []
    for layer in answer.context or ():
        for each in layer.dicts if hasattr(layer, "dicts") else [layer]:
            for value in list(each.values()) if isinstance(each, dict) else ():
                is_form = hasattr(value, "is_bound") and hasattr(value, "add_prefix")
                if is_form and value.is_bound and value.errors and value not in found:
                    found.append(value)
    return found


def _place(error: BaseException) -> str:
    """The kind of error, and the last line of ours that it came through."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if any(f"/{app}/" in frame.filename for app in ("teikyaku", "clients", "plans", "billing"))
        and ".venv" not in frame.filename and "/tests/" not in frame.filename
    ]  # fmt: skip
    where = f"{'/'.join(ours[-1].filename.split('/')[-3:])}:{ours[-1].lineno}" if ours else "Django"
    return f"{type(error).__name__} {where}"


def _ids(cast: Cast) -> tuple[list[str], list[str]]:
    """Ids of rows of the own office, and of whatever else there is."""
    own, others = [], []
    for model in apps.get_models():
        if not any(field.name == "public_id" for field in model._meta.fields):
            others += [
                str(pk)
                for pk in model._base_manager.values_list("pk", flat=True)[:2]
                if not isinstance(pk, UUID)
            ]
            continue
        for row in model._base_manager.all()[:8]:
            owner = getattr(row, "office_id", None)
            (own if owner == cast.office.pk else others).append(str(row.public_id))
    return sorted(set(own)), sorted(set(others))
