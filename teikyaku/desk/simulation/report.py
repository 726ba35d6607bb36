"""What a run came to, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from teikyaku.desk.simulation.lost import Lost
from teikyaku.desk.simulation.staff import Staff
from teikyaku.desk.simulation.watch import INTERVIEW, KINDS, Fault, Finding, Watch
from teikyaku.desk.simulation.world import World

SHOWN = 40
_MAILS = {
    "digest": "月曜の知らせ",
    "end_steps": "期限の段階の知らせ",
    "escalation": "期限を大きく過ぎた報告",
}


@dataclass(frozen=True, slots=True)
class Report:
    """The result; two runs of one seed are equal."""

    seed: int
    first: date
    last: date
    people: int
    letters: Mapping[str, int]
    lapsed: Mapping[str, int]
    findings: tuple[Finding, ...]
    claimed: int
    not_billable: Mapping[str, int]
    held: Mapping[str, int]
    reasons: Mapping[str, str]
    refused_acts: tuple[str, ...]
    """What the staff tried and the product refused, with its words."""
    unexplained: int
    """Rows of the board that the judge cannot explain."""

    @classmethod
    def of(cls, world: World, watch: Watch, staff: Staff, lost: Lost, first: date) -> Report:
        """Of a run that is over."""
        return cls(
            seed=world.seed, first=first, last=world.today, people=len(world.lives),
            letters=dict(sorted(watch.letters.items())), lapsed=dict(sorted(watch.lapsed.items())),
            findings=tuple(watch.findings), claimed=lost.claimed,
            not_billable=dict(sorted(lost.not_billable.items())),
            held=dict(sorted(lost.held.items())), reasons=lost.words,
            refused_acts=tuple(staff.failed), unexplained=len(watch.unexplained),
        )  # fmt: skip

    @property
    def exit_status(self) -> int:
        """1 when something lapsed unseen, went from sight, came twice or never came."""
        return 1 if self.findings else 0

    def as_json(self) -> str:
        """Everything, for other programs."""
        return json.dumps(
            {
                "seed": self.seed, "first": self.first.isoformat(), "last": self.last.isoformat(),
                "people": self.people, "mails": self.letters, "lapsed_seen": self.lapsed,
                "findings": [
                    {
                        "fault": each.fault.name.lower(), "on": each.on.isoformat(),
                        "enrolment": each.enrolment, "kind": each.kind,
                        "day": each.day.isoformat() if each.day else None, "step": each.step,
                    }
                    for each in self.findings
                ],
                "months": {
                    "claimed": self.claimed, "not_billable": self.not_billable, "held": self.held,
                },
                "refused_acts": list(self.refused_acts), "unexplained_rows": self.unexplained,
                "exit_status": self.exit_status,
            },
            ensure_ascii=False, indent=1,
        )  # fmt: skip

    def as_text(self) -> str:
        """For people."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"模擬：{self.first}から{self.last}まで、{self.people}人（seed {self.seed}）"
        yield from _counted("届いた知らせ（通）", self.letters, _MAILS)
        yield from _counted("知らせたうえで期限を過ぎたもの（件）", self.lapsed, _words())
        yield f"請求した月：{self.claimed}"
        yield from _counted("請求できない月と理由", self.not_billable, self.reasons)
        yield from _counted("保留のままの月と理由", self.held, self.reasons)
        yield f"職員の操作のうち断られたもの：{len(self.refused_acts)}"
        yield f"期限の画面にあり、事実からは説明できない行：{self.unexplained}"
        for fault in Fault:
            rows = [each for each in self.findings if each.fault == fault]
            yield f"{fault.value}：{len(rows)}件"
            for each in rows[:SHOWN]:
                kind = _words().get(each.kind, each.kind)
                yield f"  {each.on}　利用{each.enrolment}　{kind}（{each.day}）　{each.step}"
            if len(rows) > SHOWN:
                yield f"  ほかに{len(rows) - SHOWN}件"


def _words() -> dict[str, str]:
    return {**KINDS, INTERVIEW: "面談の期限"}


def _counted(title: str, counts: Mapping[str, int], words: Mapping[str, str]) -> Iterator[str]:
    yield f"{title}：{sum(counts.values())}"
    for key, count in counts.items():
        yield f"  {words.get(key, key)}　{count}"
