"""移行の取込: the jobs of a person, their ends and leave, by the actions of their pages."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.actions.employment import employer_named
from clients.models import Employment, Leave
from clients.rules.names import search_key
from plans.actions import life_change
from plans.actions.move_in_desk import Desk, at_fields
from plans.move_in_kept import differs
from plans.move_in_row import PersonRow
from teikyaku.era import both


def job(desk: Desk) -> None:
    """The job, beside those on file where it is another one, with its end and its leave."""
    row = desk.row
    if not row.employer or row.employed_on is None:
        return
    known = [] if desk.is_new else list(desk.client.employments.select_related("employer"))
    same = [each for each in known if _is_same(each, row)]
    if same:
        _tell_known(desk, same[0])
        return
    alike = [each for each in known if _may_be_same(each, row)]
    if alike:
        desk.told.differs.append(_otherwise(row, alike[-1]))
        return
    added = _add(desk)
    desk.told.stored |= {"employer_address", "weekly_minutes", "must_not_contact"}
    text = _("もう一つの就労 %(where)s（%(on)sから）") if known else _("就労（%(on)sから）")
    desk.told.added.append(text % {"where": row.employer, "on": both(row.employed_on)})
    _end(desk, added)
    _leave(desk, added)


def _is_same(held: Employment, row: PersonRow) -> bool:
    wanted = (search_key(row.employer), row.employed_on)
    return (search_key(held.employer.name), held.starts_on) == wanted


def _may_be_same(held: Employment, row: PersonRow) -> bool:
    """The company or the first day agrees: more likely one job written in two ways than two jobs."""
    is_company = search_key(held.employer.name) == search_key(row.employer)
    return is_company or held.starts_on == row.employed_on


def _otherwise(row: PersonRow, held: Employment) -> str:
    text = f"{row.employer} {both(row.employed_on)}" if row.employed_on else row.employer
    on_file = f"{held.employer.name} {both(held.starts_on)}"
    return differs(_("就労"), text, on_file) + _(
        "。別の仕事なら、その方のページで「就労」に足してください。"
    )


def _tell_known(desk: Desk, held: Employment) -> None:
    """A job on file keeps its dates: its end is recorded on the person's page."""
    left_on = desk.row.left_on
    if left_on is not None and held.ends_on != left_on:
        on_file = both(held.ends_on) if held.ends_on else _("いまも働いている")
        desk.told.differs.append(differs(_("離職日"), both(left_on), on_file))


def _add(desk: Desk) -> Employment:
    row = desk.row
    with at_fields(Employment, rest="employed_on", starts_on="employed_on"):
        return life_change.add_employment(
            client=desk.client,
            employer=employer_named(name=row.employer, address=row.employer_address),
            starts_on=row.employed_on, weekly_minutes=row.weekly_minutes,
            must_not_contact=row.must_not_contact, **desk.who,
        )  # fmt: skip


def _end(desk: Desk, added: Employment) -> None:
    row = desk.row
    if row.left_on is None:
        return
    with at_fields(Employment, rest="left_on", ends_on="left_on", changes_to_improve="improves"):
        life_change.end_employment(
            employment=added, ends_on=row.left_on, reason=row.left_reason,
            changes_to_improve=row.improves, **desk.who,
        )  # fmt: skip
    desk.told.added.append(_("離職（%(on)s）") % {"on": both(row.left_on)})


def _leave(desk: Desk, added: Employment) -> None:
    row = desk.row
    if row.leave_from is None:
        return
    until = row.leave_until or row.left_on
    if until is not None and row.left_on is not None and until > row.left_on:
        raise ValidationError({"leave_until": _("離職日までの日にしてください。")})
    with at_fields(Leave, rest="leave_from", starts_on="leave_from", ends_on="leave_until"):
        leave = life_change.start_leave(
            employment=added, starts_on=row.leave_from, reason=row.leave_reason, **desk.who
        )
        if until is not None and until <= desk.on:
            life_change.end_leave(leave=leave, ends_on=until, **desk.who)
    if until is None:
        desk.told.added.append(_("休職中（%(on)sから）") % {"on": both(row.leave_from)})
        return
    span = {"first": both(row.leave_from), "last": both(until)}
    if until <= desk.on:
        desk.told.added.append(_("休職（%(first)s〜%(last)s）") % span)
        return
    desk.told.added.append(_("休職中（%(on)sから）") % {"on": both(row.leave_from)})
    text = _(
        "休職の終わり（%(last)s）は、まだ先の日です。復職したら、その方のページで記録してください。"
    )
    desk.told.warns.append(text % span)
