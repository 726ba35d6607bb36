"""`python -m tests.migrating`: `manage.py migrate`, with half of the work.

A migration looks at the models as they were, and Django makes them anew for each of its steps, some
thirty thousand times; to make one, it takes every field apart into its arguments and builds it again
from them. A copy of the field is the same field. What is written to the database is not touched, and
`tests/release` goes the way that every installation goes.
"""

from __future__ import annotations

import os
from functools import cached_property as of_python
from typing import Any

import django
from django.core.management import call_command
from django.db.models import Field
from django.utils.functional import cached_property as of_django

taken_apart = Field.clone


def copied(field: Any) -> Any:
    """Another field like this one, which no model has yet; the last of its model, as a new one is."""
    if hasattr(field, "model"):  # it bears the marks of its model
        return taken_apart(field)
    other = field.__deepcopy__({})
    for each in (other, other.remote_field):
        forget_answers(each)
    if field.auto_created:
        other.creation_counter = Field.auto_creation_counter
        Field.auto_creation_counter -= 1
    else:
        other.creation_counter = Field.creation_counter
        Field.creation_counter += 1
    return other


def forget_answers(each: Any) -> None:
    """What was found out before the field had a model is asked anew."""
    for name in list(getattr(each, "__dict__", ())):
        if isinstance(getattr(type(each), name, None), of_python | of_django):
            del each.__dict__[name]


def main() -> None:
    """Every migration, on the database of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teikyaku.settings")
    django.setup()
    Field.clone = copied
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
