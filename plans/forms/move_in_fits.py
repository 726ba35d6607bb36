"""移行の取込: whether what stands in a column can be what its heading seems to say."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from plans.forms.move_in_cells import MarkField, PaceField, WordField, corrected
from plans.forms.move_in_line import LineForm
from plans.rules.move_in_words import folded
from teikyaku.fields import DateField, MonthField

# Something like a day or a month, with whatever beside it: how it is to be written is told in the preview.
_DAY = re.compile(r"[0-9元]{1,4}[年./-][0-9]{1,2}|[0-9]{5,8}")
# A code of a program may mean any of the choices: it is asked about.
_CODE = re.compile(r"[0-9a-z]{1,2}", re.IGNORECASE)


def can_hold(field: str, text: str) -> bool:
    """Whether a text may be of the field: a day where days are expected, one of the words where words are."""
    form_field = LineForm.base_fields.get(field)
    match form_field:
        case DateField() | MonthField():
            return bool(_DAY.search(folded(text)))
        case WordField() | MarkField() | PaceField():
            return bool(_CODE.fullmatch(folded(text))) or is_read(field, text)
    return True


def is_read(field: str, text: str) -> bool:
    """Whether a text is one of the words of the field."""
    form_field = LineForm.base_fields[field]
    try:
        form_field.clean(corrected(form_field, text))
    except ValidationError:
        return False
    return True
