"""Whether boards and mails have shown what the judge finds open: every morning, after the job has run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from clients.models import Enrolment
from plans.queries.caseload import Ask, ask_q
from plans.queries.expiry import Expiries
from teikyaku.accounts.models import AuditEvent, Office
from teikyaku.desk.simulation.arithmetic import LATE, TODAY, step_of
from teikyaku.desk.simulation.facts import Facts, facts_of
from teikyaku.desk.simulation.judge import has_declined, is_in_use, latest_interview, open_ends
from teikyaku.desk.simulation.mailbox import Letter

# 期限の種類 as mails and board name them. Mails tell of all but the last.
KINDS = {
    "window": "利用可能期間の最終日", "decision": "支給決定期間の終了",
    "cap": "負担上限月額の適用の終わり", "support_plan": "個別支援計画の見直し",
    "consent": "同意の最終日", "handover_prepare": "引き継ぎの準備を始める日",
    "handover": "引き継ぎの情報共有の最終日", "handover_open": "引き継ぎの続き（最初の相談まで）",
    "handover_look": "引き継ぎ後のようすを確かめる日",
    "handover_unjudged": "引き継ぎの判断がないまま終わった",
}  # fmt: skip
_KEYS = {words: kind for kind, words in KINDS.items()}
INTERVIEW = "interview"
MONDAY_PART = "面談の期限が過ぎた方"
# §6 and the figure reminder.escalation_days: after so many days those who lead are told.
TOLD_TO_LEADS_DAYS = 14
STEPS, DIGEST, ESCALATION = "end_steps", "digest", "escalation"
# What still waits once the use is over; and what is told on its day and after it, not counted down.
AFTER_THE_USE = ("handover_open", "handover_look", "handover_unjudged")
ON_THEIR_DAY = ("handover_prepare",)
Key = tuple[int, str, date]


class Fault(StrEnum):
    """What the product must never do."""

    UNSEEN = "見えないまま過ぎた"
    GONE = "済みになる前に画面から消えた"
    TWICE = "同じ知らせが二度届いた"
    NEVER = "知らせが届かなかった"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: when it was found, of whom, of which end, and at which step or in which mail."""

    fault: Fault
    on: date
    enrolment: int
    kind: str
    day: date | None
    step: str = ""


@dataclass(slots=True)
class Watch:
    """Everything that was seen so far."""

    office: Office
    findings: list[Finding] = field(default_factory=list)
    lapsed: Counter[str] = field(default_factory=Counter)
    """Kind → how many passed their day although everybody had been told."""
    letters: Counter[str] = field(default_factory=Counter)
    unexplained: set[Key] = field(default_factory=set)
    """Rows of the board for which the judge finds no reason."""
    _facts: list[Facts] = field(default_factory=list)
    _known: int = -1
    _steps: dict[Key, str] = field(default_factory=dict)
    _born: dict[Key, date] = field(default_factory=dict)
    _on_board: set[Key] = field(default_factory=set)
    _told: set[tuple[Key, str]] = field(default_factory=set)
    _had: set[tuple[object, ...]] = field(default_factory=set)
    _leads: dict[int, date] = field(default_factory=dict)
    _said: set[tuple[object, ...]] = field(default_factory=set)

    def morning(self, on: date, letters: Iterable[Letter]) -> None:
        """The job has run for `on`, and nobody has done anything yet."""
        has_changed = self._reload()
        monday = self._read(list(letters))
        steps = {
            (each.enrolment, kind, day): step
            for each in self._facts
            for kind, day in open_ends(each, on)
            if (step := step_of(day, on))
        }
        for key in steps:
            self._born.setdefault(key, on)
        # Read when a fact or a step has made it another; on Mondays as well, whatever has happened.
        if has_changed or steps != self._steps or on.weekday() == 0:
            self._compare(on, steps)
        self._hear(on, steps)
        self._lapse(on, steps)
        self._steps = steps
        self._interviews(on, monday)

    def _reload(self) -> bool:
        newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if newest == self._known:
            return False
        self._known, self._facts = newest, facts_of(self.office)
        return True

    def _find(
        self, fault: Fault, on: date, key: Key | tuple[int, str, date | None], step: str = ""
    ) -> None:
        mark = (fault, *key, step)
        if mark not in self._said:
            self._said.add(mark)
            self.findings.append(Finding(fault, on, key[0], key[1], key[2], step))

    # --- The mails ------------------------------------------------------------------------------

    def _read(self, letters: list[Letter]) -> set[int]:
        """Take note of every line; whoever was overdue by a Monday's mail is returned."""
        overdue: set[int] = set()
        for letter in letters:
            self.letters[letter.kind] += 1
            if letter.kind == DIGEST:
                week = letter.on.isocalendar()[:2]
                self._once((DIGEST, letter.reader, week), letter, (0, DIGEST, letter.on))
                overdue |= {line.enrolment for line in letter.lines if line.heading == MONDAY_PART}
            for line in letter.lines:
                if letter.kind == STEPS and line.day is not None:
                    key = (line.enrolment, _KEYS.get(line.words, line.words), line.day)
                    self._once(
                        (STEPS, letter.reader, *key, line.heading), letter, key, line.heading
                    )
                    self._told.add((key, line.heading))
                elif letter.kind == ESCALATION and line.day is not None:
                    key = (line.enrolment, INTERVIEW, line.day)
                    self._once((ESCALATION, letter.reader, *key), letter, key)
                    self._leads[line.enrolment] = letter.on
        return overdue

    def _once(self, mark: tuple[object, ...], letter: Letter, key: Key, step: str = "") -> None:
        if mark in self._had:
            self._find(Fault.TWICE, letter.on, key, step)
        self._had.add(mark)

    def _hear(self, on: date, steps: dict[Key, str]) -> None:
        """Each step of each end has been told by now: while the use runs, and of some kinds after it."""
        in_use = {each.enrolment for each in self._facts if is_in_use(each, on)}
        for key, step in steps.items():
            is_told_of = key[0] in in_use or key[1] in AFTER_THE_USE
            is_early = key[1] in ON_THEIR_DAY and step not in (TODAY, LATE)
            if is_told_of and not is_early and (key, step) not in self._told:
                self._find(Fault.NEVER, on, key, step)

    # --- The board ------------------------------------------------------------------------------

    def _compare(self, on: date, steps: dict[Key, str]) -> None:
        uses = {each.client: each.enrolment for each in self._facts}
        board = {
            (uses[client], kind, day)
            for group in Expiries(self.office, on, 6).by_person().groups
            for day, kind, client, _subject in group
            if client in uses
        }
        for key in steps.keys() - board:
            seen = key in self._on_board
            self._find(Fault.GONE if seen else Fault.UNSEEN, on, key, "期限の画面")
        self.unexplained |= board - steps.keys()
        self._on_board |= board

    def _lapse(self, on: date, steps: dict[Key, str]) -> None:
        for key, step in steps.items():
            if step != LATE or self._steps.get(key) in (LATE, None):
                continue
            self.lapsed[key[1]] += 1
            was_told = any(told == key and at != LATE for told, at in self._told)
            is_mailed = key[1] in AFTER_THE_USE or key[0] in self._used(on)
            is_untold = is_mailed and self._born[key] < key[2] and not was_told
            if key not in self._on_board or is_untold:
                self._find(Fault.UNSEEN, on, key)

    def _used(self, on: date) -> set[int]:
        return {each.enrolment for each in self._facts if is_in_use(each, on)}

    # --- Interviews -----------------------------------------------------------------------------

    def _interviews(self, on: date, monday: set[int]) -> None:
        late = {
            each.enrolment: due
            for each in self._facts
            if (due := latest_interview(each, on)) is not None
            and due < on
            and not has_declined(each, on)
        }
        if not late:
            return
        asked = Enrolment.objects.filter(ask_q(Ask.OVERDUE, on), pk__in=late)
        listed = set(asked.values_list("pk", flat=True))
        for pk, due in late.items():
            key = (pk, INTERVIEW, due)
            if due == on - timedelta(days=1):
                self.lapsed[INTERVIEW] += 1
            if pk not in listed:
                self._find(Fault.UNSEEN, on, key, "担当の人たち")
            if on.weekday() == 0 and pk not in monday:
                self._find(Fault.NEVER, on, key, "月曜の知らせ")
            is_long = on >= due + timedelta(days=TOLD_TO_LEADS_DAYS)
            if is_long and self._leads.get(pk, due) <= due:
                self._find(Fault.NEVER, on, key, "期限を大きく過ぎた報告")
