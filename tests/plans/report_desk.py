"""The worker at the report of last month: what tests of reports begin with."""

from __future__ import annotations

from django.urls import reverse

from plans.actions.report import (
    give_consent,
    share_report,
    write_report,
)
from teikyaku.clock import at_noon
from teikyaku.periods import Month

SECRET = "通院のことは職場に言わない。"
TEXTS = {
    "goals": "朝の支度をする。", "done": "4/10 対面", "result": SECRET, "next_steps": "続ける。",
    "roles": "本人：表を見る。", "to_share": "", "plain": "佐藤《さとう》さんと 面談しました。",
}  # fmt: skip


class Desk:
    """The worker at the report of last month, which the person has."""

    def __init__(self, cast):
        self.cast = cast
        self.month = Month.of(cast.today)
        self.who = {"by": cast.members["worker"], "at": at_noon(cast.today)}

    def write(self, **facts):
        return write_report(
            enrolment=self.cast.enrolment, month=self.month.first_day,
            **{**TEXTS, **facts}, **self.who,
        )  # fmt: skip

    def consent(self, recipient="employer", **facts):
        return give_consent(
            enrolment=self.cast.enrolment, recipient=recipient, scope="report",
            **{"starts_on": self.cast.enrolment.starts_on, **facts}, **self.who,
        )  # fmt: skip

    def share(self, report, recipient="person", **facts):
        base = {"shared_on": self.cast.today, "way": "handed"}
        return share_report(
            report=report, recipient=recipient, **{**base, **facts}, **self.who
        )  # fmt: skip

    def url(self, name, *more):
        return reverse(name, args=[self.cast.enrolment.public_id, self.month, *more])
