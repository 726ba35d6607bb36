"""`manage.py close_months`: close a month at every office where somebody may, or at those that are named."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.actions.close_run import OfficeRun, close_as_notified, close_months
from billing.queries.closers import closing_memberships
from billing.queries.staffing_asks import StaffingAsk, asks_before_close
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of, now
from teikyaku.periods import Month
from teikyaku.processes import processors


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise ArgumentTypeError("2026-04 の形で書いてください。") from error


class Command(BaseCommand):
    """Closes who is ready, office by office; held people stay open. Safe to run again, also after a crash."""

    help = (
        "たくさんの事業所の月を、まとめて締めます。締めてある方は飛ばし、保留の方は締めません。"
        "途中で止まっても、もう一度動かせば続きから締めます。"
        "職員の配置と届出がちがう事業所は、締めずに残します（--as-notified を付けると、届出のまま締めます）。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which month, in whose name, and at which offices (all of theirs, unless some are named)."""
        parser.add_argument("--month", type=_month, required=True, help="サービス提供月（2026-04）")
        parser.add_argument(
            "--by", required=True, metavar="MAIL", help="月を締める権限のある職員のメールアドレス"
        )
        parser.add_argument(
            "--office", action="append", default=[], metavar="NUMBER",
            help="事業所番号（いくつでも。ないときは、その職員が締められるすべての事業所）",
        )  # fmt: skip
        parser.add_argument(
            "--as-notified", action="store_true",
            help="職員の配置と届出がちがう事業所も、届出のまま締める（記録に残ります）",
        )  # fmt: skip
        parser.add_argument(
            "--processes", type=int, default=processors(), metavar="N",
            help="たくさんの事業所を、いくつのプロセスで分けて締めるか（ないときは、この機械のプロセッサの数）",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Say n of N for each office; raises CommandError where a close was refused."""
        at = now()
        known = closing_memberships(options["by"], date_of(at))
        closers = self._closers(options["by"], options["office"], known)
        month: Month = options["month"]
        asked = _asked(closers, month, at)
        plain = [by for by in closers if by.pk not in asked]
        count, runs, open_ones = len(closers), list[OfficeRun](), 0
        try:
            for run in close_months(month=month, processes=options["processes"], by=plain, at=at):
                runs.append(run)
                self.stdout.write(f"{len(runs)}/{count} {_told(run)}")
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for by in (each for each in closers if each.pk in asked):
            place = f"{len(runs) + open_ones + 1}/{count}"
            if options["as_notified"]:
                runs.append(close_as_notified(month=month, by=by, at=at))
                self.stdout.write(f"{place} {_told(runs[-1])}（届出のまま）")
            else:
                open_ones += 1
                self.stdout.write(f"{place} {_left_open(by, asked[by.pk])}")
        self.stdout.write(_summed(runs, count))
        _refuse(sum(bool(run.problem) for run in runs), open_ones)

    @staticmethod
    def _closers(by: str, numbers: list[str], closers: list[Membership]) -> list[Membership]:
        if not closers:
            raise CommandError(f"{by} が月を締められる事業所がありません。")
        if not numbers:
            return closers
        known = {each.office.number: each for each in closers if each.office}
        if missing := sorted(set(numbers) - set(known)):
            raise CommandError(f"{by} が月を締められない事業所です: {'、'.join(missing)}")
        return [known[number] for number in dict.fromkeys(numbers)]


def _asked(
    closers: list[Membership], month: Month, at: datetime
) -> dict[int, tuple[StaffingAsk, ...]]:
    """By membership, what the page of a close would ask first; nothing of a month that is not over."""
    on = date_of(at)
    if on <= month.last_day:
        return {}
    found = asks_before_close([by.office for by in closers if by.office], month, on)
    return {by.pk: found[by.office_id] for by in closers if by.office_id in found}


def _left_open(by: Membership, asks: tuple[StaffingAsk, ...]) -> str:
    number = by.office.number if by.office else ""
    why = " ".join(ask.question for ask in asks)
    return f"{number} 締めませんでした。職員の配置と届出がちがいます: {why}"


def _refuse(refused: int, open_ones: int) -> None:
    """Whoever runs it by a timer learns by the exit status what is left to do."""
    told = []
    if refused:
        told.append(f"{refused}か所を締められませんでした。上の理由を確かめてください。")
    if open_ones:
        told.append(
            f"{open_ones}か所は、職員の配置と届出がちがうので締めていません。届出を直すか、"
            "「月の請求」のページで締めるか、--as-notified を付けてもう一度動かしてください。"
        )
    if told:
        raise CommandError("".join(told))


def _told(run: OfficeRun) -> str:
    number = run.by.office.number if run.by.office else ""
    left = (
        f"（締めていない方が{run.left}人います。理由は「月の請求」のページに出ます）"
        if run.left
        else ""
    )
    if run.problem:
        return f"{number} 締められません: {run.problem}"
    if run.closing is None:
        return f"{number} いま締められる方はいません{left}"
    return f"{number} {run.closed}人を締めました{left}"


def _summed(runs: list[OfficeRun], count: int) -> str:
    offices, people = sum(bool(run.closing) for run in runs), sum(run.closed for run in runs)
    return f"{count:,}か所のうち{offices:,}か所で、{people:,}人の月を締めました。"
