"""What the offices of the demo have settled for themselves: phrases, and their own intervals."""

from __future__ import annotations

from plans.actions.pace_setting import set_pace
from plans.actions.phrase import write_phrase
from plans.models import Phrase
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month

NOTES, AGREED = Phrase.Field.NOTES, Phrase.Field.AGREED
OF_THE_OFFICE = (
    (NOTES, "仕事のようす：\n生活のようす：\n本人の言葉："),
    (NOTES, "職場の担当の方にも、ようすを聞いた。"),
    (AGREED, "次回までに予定表を使ってみる。"),
    (AGREED, "困ったらメモに書いて見せる。"),
)
OF_ONE = (NOTES, "電話で短く話した。変わりはない。")
# The second office meets more often than the figures ask: at most every second month.
PACE = {
    "monthly_first_months": 6, "monthly_last_months": 6, "settled_meetings": 3,
    "attempts_to_tighten": 2, "longest_months": 2,
}  # fmt: skip


def settle_habits(city: City) -> None:
    """The first office's phrases and one worker's own; the second's intervals from next month."""
    at = at_noon(city.today)
    head, worker = city.staff["head"], city.staff["worker"]
    for field, text in OF_THE_OFFICE:
        write_phrase(text=text, field=field, is_office=True, by=head, at=at)
    write_phrase(text=OF_ONE[1], field=OF_ONE[0], is_office=False, by=worker, at=at)
    lead = city.of_office(1, Role.OFFICE_MANAGER)[0]
    starts_on = (Month.of(city.today) + 1).first_day
    set_pace(office=city.offices[1], starts_on=starts_on, by=lead, at=at, **PACE)
