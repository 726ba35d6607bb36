"""移行の取込: whom a line of a sheet without ふりがな or 生年月日 is about, by the name alone."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.rules.names import search_key
from plans.forms.move_in_cells import Book
from plans.rules.move_in_words import bare_name, day_text
from teikyaku.era import both
from teikyaku.fields import DateField

BY_NAME = ("kana", "birth_date")


def called_so(book: Book, name: str, kana: str, born: str) -> list[tuple[str, date]]:
    """Kana and birth date of who on file has the name, and what else the line tells of who it is."""
    try:
        day = DateField(required=False).clean(day_text(born))
    except ValidationError:
        day = None
    return [
        (held, since)
        for held, since in book.named(bare_name(name)[0])
        if not kana or search_key(bare_name(kana)[0]) == search_key(held)
        if not born or since == day
    ]


def choice_of(person: tuple[str, date]) -> str:
    """By what one of several people of one name is chosen."""
    kana, born = person
    return f"{kana} {born.isoformat()}"


def choices_of(found: list[tuple[str, date]]) -> list[tuple[str, str]]:
    """The people of one name, as somebody chooses among them."""
    return [(choice_of(each), f"{each[0]}（{both(each[1])}）") for each in found]


def on_file(found: list[tuple[str, date]], field: str) -> str:
    """The kana or the birth date of the one person of that name; "" for none, or several."""
    if len(found) != 1:
        return ""
    kana, born = found[0]
    return kana if field == "kana" else born.isoformat()


def unknown_words(found: list[tuple[str, date]]) -> str:
    """Why a line that has only a name is nobody's; "" where it is somebody's."""
    if len(found) == 1:
        return ""
    if found:
        return _(
            "この氏名の方が、この事業所の登録に何人かいます。ここで「どの方か」を選ぶか、ふりがなと生年月日の列を足してください。"
        )
    return _(
        "この氏名の方が、この事業所の登録に見つかりません。登録の氏名に直してください。"
        "新しい方は、ふりがなと生年月日の列を足した表で入れてください。"
    )
