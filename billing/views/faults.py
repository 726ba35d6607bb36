"""A file that was written wrongly by the product itself, told on the page that asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.actions.written_file import FaultyFile

SHOWN = 3


@contextmanager
def told_faults() -> Iterator[None]:
    """What the check finds in a file is an error of the form; nothing was kept."""
    try:
        yield
    except FaultyFile as error:
        found = "、".join(str(each) for each in error.findings[:SHOWN])
        words = _("作ったファイルに、このソフトの間違いが見つかりました：%(found)s")
        raise ValidationError(words % {"found": found}) from error
