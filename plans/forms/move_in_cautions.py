"""移行の取込: what is said of a cell that comes in otherwise than it stands there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plans.rules.move_in_jobs import in_one_line, is_second_job, jobs_in
from plans.rules.move_in_words import bare_name, notes_in_name


def failed_words(labels: list[str]) -> str:
    """Of cells whose formula has failed."""
    text = _(
        "%(names)sは、表計算ソフトの計算のエラー（#REF!など）になっています。空欄とします。分かれば入れてください。"
    )
    return text % {"names": "・".join(labels)}


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


def jobs_of(employer: str, hours: str) -> list[str]:
    """Of two jobs in one cell, what comes in and what is to be done about the other one."""
    parts = jobs_in(employer, hours)
    if len(parts) == 1:
        return []
    if is_second_job(parts):
        text = _(
            "就職先に、仕事が二つ書いてあります。「%(first)s」だけを入れます。「%(rest)s」は、取り込んだあと、その人のページの「就労」に足してください。"
        )
        return [text % {"first": parts[0], "rest": "・".join(parts[1:])}]
    text = _(
        "就職先が「%(all)s」と、二つに分かれています。一つの会社として入れます。仕事が二つなら、ここでは一つ目の会社だけにして、二つ目は取り込んだあと、その人のページの「就労」に足してください。"
    )
    return [text % {"all": in_one_line(employer)}]
