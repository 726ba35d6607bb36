"""What the month's report can be written from: contacts, the 個別支援計画, last month's next steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clients.enums import ReportItem
from clients.models import Enrolment
from plans.enums import ContactOutcome, Topic
from plans.models import GoalRating, Interview, SupportPlan, SupportReport
from plans.queries.appointment import said_last
from plans.report_papers import contacts_of
from teikyaku.era import both
from teikyaku.periods import Month

# Topics that a draft names by itself.
OF_WORK = (Topic.TASKS, Topic.PEOPLE, Topic.HOURS, Topic.COMMUTE, Topic.FUTURE)
# Words that meant another day last month: such a text is offered, and not taken over unread.
RELATIVE = re.compile("来月|来週|次回|今度|明日|お会いします")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One note that can be put into an item of the report."""

    key: str
    label: str
    text: str
    target: ReportItem
    is_drafted: bool = False
    """It stands in the first draft already."""

    @property
    def target_label(self) -> str:
        """The item that it goes into."""
        return str(self.target.label)


@dataclass(frozen=True, slots=True)
class Source:
    """One place where something was noted, with its day."""

    title: str
    lines: tuple[SourceLine, ...]


def report_sources(enrolment: Enrolment, month: Month) -> tuple[Source, ...]:
    """Plan, last month and contacts of the month, each with what it offers (six queries)."""
    contacts = list(contacts_of(enrolment, month).prefetch_related("goal_ratings__goal"))
    talk, day = said_last(contacts), enrolment.appointment_on
    sources = [
        *_plan(enrolment, month), *_before(enrolment, month),
        *(_contact(row, day if row == talk else None) for row in contacts),
    ]  # fmt: skip
    return tuple(source for source in sources if source.lines)


def draft_of(sources: tuple[Source, ...]) -> dict[str, str]:
    """The first text: by item the lines that are drafted."""
    found: dict[str, list[str]] = {}
    for source in sources:
        for line in source.lines:
            if line.is_drafted:
                found.setdefault(line.target.value, []).append(line.text)
    return {item: "\n".join(lines) for item, lines in found.items()}


def _plan(enrolment: Enrolment, month: Month) -> Iterator[Source]:
    plan = SupportPlan.objects.filter(enrolment=enrolment).begun(month.last_day).first()
    if plan is None or plan.starts_on is None:
        return
    lines = [("goals", _("目標"), plan.goals, ReportItem.GOALS, True),
             ("wishes", _("本人の希望"), plan.wishes, ReportItem.GOALS, False),
             ("support", _("支援の内容"), plan.support, ReportItem.ROLES, False)]  # fmt: skip
    title = _("個別支援計画（%(on)sから）") % {"on": both(plan.starts_on)}
    yield Source(title, _lines("plan", lines))


def _before(enrolment: Enrolment, month: Month) -> Iterator[Source]:
    former = SupportReport.objects.filter(enrolment=enrolment, month__lt=month.first_day).first()
    if former is None:
        return
    label = Month.of(former.month).label
    # What was planned is what this month was about.
    is_still_so = not RELATIVE.search(former.next_steps)
    lines = [("next", _("これからのこと"), former.next_steps, ReportItem.GOALS, is_still_so),
             ("roles", _("だれが、何をするか"), former.roles, ReportItem.ROLES, True)]  # fmt: skip
    yield Source(_("%(month)sの支援レポート") % {"month": label}, _lines("before", lines))


def _contact(row: Interview, agreed_on: date | None) -> Source:
    """`agreed_on`: the day of the next meeting, at the talk that it stands on now."""
    day = f"{row.held_on.month}/{row.held_on.day}"
    way, is_met = row.get_way_display(), row.outcome == ContactOutcome.MET
    # A report may go to the workplace, too: that one talked of illness or money is put in on purpose.
    topics = "・".join(str(Topic(each).label) for each in row.topics if each in OF_WORK)
    done = f"{day} {way}" + (f"（{topics}）" if topics else "")
    next_on = f"{agreed_on.month}月{agreed_on.day}日にお会いします。" if agreed_on else ""
    ratings = [
        f"{label}：{said}"
        for label, said in (
            (_("仕事の様子"), row.get_work_rating_display()),
            (_("生活の様子"), row.get_life_rating_display()),
        )
        if said
    ]
    # Drafted is what the person said and agreed to themselves; what others said about them, and
    # what staff thought, is put in on purpose or not at all.
    lines = [
        ("done", _("連絡"), done, ReportItem.DONE, is_met),
        ("notes", _("話したこと"), row.notes, ReportItem.RESULT, is_met),
        ("ratings", _("様子"), "、".join(ratings), ReportItem.RESULT, False),
        ("agreed", _("決めたこと"), row.agreed, ReportItem.NEXT_STEPS, is_met),
        ("next_on", _("次回"), next_on, ReportItem.NEXT_STEPS, is_met),
        ("offered", _("代わりに提案したこと"), row.offered_instead, ReportItem.DONE, False),
    ]
    lines += [
        (f"goal-{place}", _("目標のようす"), _goal_words(rated), ReportItem.RESULT, is_met)
        for place, rated in enumerate(row.goal_ratings.all(), start=1)
    ]
    title = f"{both(row.held_on)}　{way}・{row.get_outcome_display()}　{row.met_by.user.name}"
    return Source(title, _lines(str(row.public_id), lines))


def _goal_words(row: GoalRating) -> str:
    return _("目標「%(goal)s」：%(said)s") % {
        "goal": row.goal.goal, "said": row.get_rating_display()
    }  # fmt: skip


def _lines(
    place: str, lines: list[tuple[str, str, str, ReportItem, bool]]
) -> tuple[SourceLine, ...]:
    return tuple(
        SourceLine(f"{place}:{name}", label, text.strip(), target, is_drafted)
        for name, label, text, target, is_drafted in lines
        if text.strip()
    )
