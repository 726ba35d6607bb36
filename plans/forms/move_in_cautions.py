"""移行の取込: what is said of a cell that comes in otherwise than it stands there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext as _

from clients.actions.client import WORKING_AGE
from plans.forms.move_in_cells import corrected
from plans.forms.move_in_line import LineForm
from plans.move_in_columns import label_of
from plans.rules.move_in_jobs import in_one_line, is_second_job, jobs_in
from plans.rules.move_in_sections import is_over, is_paused, section_of, staff_of
from plans.rules.move_in_services import is_kind, kind_in, parted_days
from plans.rules.move_in_words import bare_digits, bare_name, is_title_a_name, notes_in_name
from teikyaku.era import both
from teikyaku.periods import months_later
from teikyaku.sheet_marks import BETWEEN, COLOURED, NOTE, PART_STRUCK

# The days on which somebody worked, or worked with the office.
_BEGINS = ("employed_on", "signed_on", "use_from", "granted_from")


def failed_words(labels: list[str]) -> str:
    """Of cells whose formula has failed."""
    text = _(
        "%(names)sは、表計算ソフトの計算のエラー（#REF!など）になっています。空欄とします。分かれば入れてください。"
    )
    return text % {"names": "・".join(labels)}


def marked(mark: str) -> list[str]:
    """Of a row that somebody hid or struck out, wholly or in part, and of the notes at its cells.

    Its colour is told once for the whole file (`plans.queries.move_in_left`).
    """
    return [text for each in mark.split(BETWEEN) if (text := _marked(each))]


def _marked(mark: str) -> str:
    if mark in {"", COLOURED}:
        return ""
    if mark.startswith(NOTE):
        text = _(
            "セルのメモ（コメント）は取り込みません。要ることなら、直すか、取り込んだあとで入れてください：%(note)s"
        )
        return text % {"note": mark.removeprefix(NOTE)}
    if mark.startswith(PART_STRUCK):
        text = _(
            "%(columns)s列のセルに、取り消し線があります。終わった方・亡くなった方なら「利用終了日」と理由を入れるか、取り込まないでください。消した内容なら、直してください。"
        )
        return text % {"columns": mark.removeprefix(PART_STRUCK)}
    text = _(
        "表計算ソフトで「%(mark)s」になっている行です。終わった方や取り消した方なら、取り込まないでください。"
    )
    return text % {"mark": mark}


def private_letters(labels: list[str]) -> str:
    """Of letters that exist on one computer alone."""
    text = _("%(names)sに、外字（このパソコンでは出ない字）があります。正しい字に直してください。")
    return text % {"names": "・".join(labels)}


def too_young(born: date, first: date) -> str:
    """Of somebody who would have been a child on the first day at work."""
    text = _(
        "生年月日が %(born)s だと、%(first)s に%(age)d歳です。年号（昭・平・令）と年を確かめてください。"
    )
    age = first.year - born.year - ((first.month, first.day) < (born.month, born.day))
    return text % {"born": both(born), "first": both(first), "age": age}


def taken_elsewhere(told: str, born: date) -> str:
    """Of a birth date that cannot be read here, and can on another sheet of the file."""
    text = _(
        "生年月日「%(told)s」は読めません。同じファイルのほかのシートにある、同じ氏名の方の%(born)sとします。ちがう方なら直してください。"
    )
    return text % {"told": told, "born": both(born)}


def notes_of(told: str) -> list[str]:
    """Of notes in the cell of a name, whether they come in with it."""
    kept, found = bare_name(told)[0], []
    for note in notes_in_name(told):
        text = (
            _("氏名に「%(note)s」が入ります。氏名でないなら、ファイルの氏名から消してください。")
            if note in kept
            else _("氏名の「（%(note)s）」は取り込みません。要るなら、取り込んだあとメモに入れてください。")
        )  # fmt: skip
        found.append(text % {"note": note})
    return found


def titled(told: str, field: str) -> list[str]:
    """Of 「ためし さん」, which comes in as it stands."""
    name = bare_name(told)[0]
    if not is_title_a_name(name):
        return []
    text = _("%(label)sは「%(name)s」として入れます。敬称なら、消してください。")
    return [text % {"label": label_of(field), "name": name}]


def jobs_of(employer: str, hours: str) -> list[str]:
    """Of two jobs in one cell, what comes in and what is to be done about the other one."""
    parts = jobs_in(employer, hours)
    if len(parts) == 1:
        return []
    if is_second_job(parts, employer):
        text = _(
            "就職先に、仕事が二つ書いてあります。「%(first)s」だけを入れます。「%(rest)s」は、取り込んだあと、その人のページの「就労」に足してください。"
        )
        return [text % {"first": parts[0], "rest": "・".join(parts[1:])}]
    text = _(
        "就職先が「%(all)s」と、二つに分かれています。一つの会社として入れます。仕事が二つなら、ここでは一つ目の会社だけにして、二つ目は取り込んだあと、その人のページの「就労」に足してください。"
    )
    return [text % {"all": in_one_line(employer)}]


def ended_above(section: str) -> list[str]:
    """Of a line below 【終了者】 that tells no end: it would come in as somebody in use."""
    if not is_over(section):
        return []
    text = _(
        "表の「%(section)s」より下の行です。利用が終わった方なら「利用終了日」と理由を入れてください。このままでは利用中になります。"
    )
    return [text % {"section": section}]


def paused_above(section: str) -> list[str]:
    """Of a line below 【休止中】 that tells no leave: it would come in as somebody at work."""
    if not is_paused(section):
        return []
    text = _(
        "表の「%(section)s」より下の行です。休職している方なら「休職の開始日」を入れてください。このままでは、休職していない利用中の方になります。"
    )
    return [text % {"section": section}]


def ended_without(assumed: Collection[str]) -> list[tuple[str, list[str]]]:
    """Of who has ended: days of the contract that are taken from the use, a paper that is left out."""
    found: list[tuple[str, list[str]]] = []
    if "signed_on" in assumed:
        text = _("契約日がないので、利用開始日と同じ日とします。分かれば入れてください。")
        found.append((text, ["signed_on"]))
    if "number" in assumed:
        text = _(
            "支給決定期間がないので、受給者証の項目（番号・市町村など）は取り込みません。要るときは、期間を入れてください。"
        )
        found.append((text, ["granted_from", "granted_until"]))
    return found


def ages_of(form: LineForm) -> list[str]:
    """Of somebody whom the birth date makes a child at work: 令2 for 平2."""
    born = form.cleaned_data.get("birth_date")
    begins = (form.cleaned_data.get(field) for field in _BEGINS)
    first = min((day for day in begins if day is not None), default=None)
    if born is None or first is None or months_later(born, 12 * WORKING_AGE) <= first:
        return []
    return [too_young(born, first)]


def guessed_kind_of(office: str, told: str) -> list[str]:
    """Of a kind of service that the name of its office tells: it may be called so only."""
    named = parted_days(office or told)[0]
    kind, _name, is_sure = kind_in(named)
    if not kind or is_sure or is_kind(named) or (office and told):
        return []
    text = _(
        "就職前のサービスは、事業所の名前「%(office)s」から「%(kind)s」としました。ちがうときは直してください。"
    )
    return [text % {"office": named, "kind": kind}]


def filled_up(number: str) -> list[str]:
    """Of a number that is too short: zeros that a program has lost, or a slip of the pen."""
    full = corrected(LineForm.base_fields["number"], number)
    if len(full) == len(bare_digits(number)):
        return []
    text = _(
        "受給者証番号「%(typed)s」は%(n)d桁なので、前に0を足して「%(full)s」とします。書きまちがいなら、10桁の番号に直してください。"
    )
    return [text % {"typed": number, "n": len(bare_digits(number)), "full": full}]


def remark_words(cells: Sequence[str], *, has_staff: bool) -> str:
    """What a line is that is nobody's; `has_staff`: the lines below it are read for their 担当."""
    if not (section := section_of(cells)):
        return _("合計や作成者などの行です。人として数えません。")
    text = _("「%(section)s」：表を区切る見出しの行です。人として数えません。")
    if has_staff and staff_of(section):
        text = _("「%(section)s」：表を区切る見出しの行です。下の行の担当を、ここから読みます。")
    return text % {"section": section}


def numbered(labels: list[str]) -> str:
    """Of days told by five digits, how they are read."""
    text = _(
        "%(names)sの5桁の数字は、令和の年月日として読みました（40401は令和4年4月1日）。ちがうときは直してください。"
    )
    return text % {"names": "・".join(labels)}


def whole_months(firsts: list[str], lasts: list[str]) -> str:
    """Of ends of periods told by months alone, which day of the month each is taken for."""
    texts = (
        (_("%(names)sは月だけなので、月の1日とします。"), firsts),
        (_("%(names)sは月だけなので、月の末日とします。"), lasts),
    )
    told = "".join(str(text % {"names": "・".join(names)}) for text, names in texts if names)
    return told + _("ちがうときは、日まで入れてください。")
