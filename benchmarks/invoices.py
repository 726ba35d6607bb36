"""1,000 invoices issued and set, beside Typst alone with the same template, data and batches.

One office's run of a month is given a thousand people of the crowd, who all have something to pay; its
invoices are issued as after a close, and printed as the month's page does, 25 in a file. The floor is the
bare compiler with the same fonts: the contents lie ready in memory, nothing is read, checked or stored.
Times are those of the processor; of several turns the median counts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import typst
from django.db import connection

from benchmarks.closes import _peak_mb
from billing.actions.invoice import issue_invoices
from billing.models import MonthClosing
from billing.queries.month_invoices import invoice_files
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import now, today
from teikyaku.fonts import FontSet
from teikyaku.periods import Month
from teikyaku.printing import TEMPLATES, pdf

COUNT, IN_A_FILE = 1_000, 25
# Of so many turns over all files the median counts.
TURNS = 5
GOAL = 1.2
STANDARDS: list[typst.PDFStandard] = ["a-2b", "ua-1"]


def measure_invoices() -> dict[str, Any]:
    """Milliseconds an invoice of each part, the ratio, and the peak of memory."""
    closing = _a_large_run()
    by = _closer(closing)
    invoices, issuing = _timed(lambda: issue_invoices(closing=closing, by=by, at=now()))
    office, month = closing.office, Month.of(closing.month)
    batches = list(invoice_files(office, month, today(), IN_A_FILE))
    texts = [json.dumps(each, ensure_ascii=False) for each in batches]
    bare = _bare()
    bare(texts[0])  # fonts are opened once in a process
    turns = sorted((_in_turns(closing, texts, bare) for _turn in range(TURNS)), key=_overhead)
    floor, printing = turns[TURNS // 2]
    count = len(invoices)
    return {
        "invoices": count,
        "in_a_file": IN_A_FILE,
        "issuing_ms": _each(issuing, count),
        "printing_ms": _each(printing, count),
        "bare_typst_ms": _each(floor, count),
        "ratio_of_printing": round(printing / floor, 2),
        "ratios_of_the_turns": [round(_overhead(each), 2) for each in turns],
        "ratio": round((issuing + printing) / floor, 2),
        "goal": GOAL,
        "peak_mb": _peak_mb(),
    }


def _in_turns(
    closing: MonthClosing, texts: list[str], bare: Callable[[str], bytes]
) -> tuple[float, float]:
    """Seconds of the floor and of printing: file by file in turns, since the machine is shared.

    The floor is half a round ahead: the compiler remembers what it has set in its last ten runs.
    """
    office, month = closing.office, Month.of(closing.month)
    files = invoice_files(office, month, today(), IN_A_FILE)
    ahead = texts[len(texts) // 2 :] + texts[: len(texts) // 2]
    floor = printing = 0.0
    for text in ahead:
        floor += _timed(lambda text=text: bare(text))[1]  # type: ignore[misc]
        printing += _timed(lambda: pdf("invoices", next(files)))[1]
    return floor, printing


def _overhead(turn: tuple[float, float]) -> float:
    """Printing over its floor."""
    floor, printing = turn
    return printing / floor


def _bare() -> Callable[[str], bytes]:
    fonts = FontSet(())
    compiler = typst.Compiler(root=str(TEMPLATES), font_paths=fonts.fonts, ignore_system_fonts=True)
    families, path = json.dumps(fonts.families), str(TEMPLATES / "invoices.typ")

    def compile_one(text: str) -> bytes:
        inputs = {"data": text, "fonts": families}
        made = compiler.compile(path, format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS)
        assert isinstance(made, bytes)
        return made

    return compile_one


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    made = work()
    return made, time.process_time() - began


def _each(seconds: float, count: int) -> float:
    return round(1000 * seconds / count, 2)


def _a_large_run() -> MonthClosing:
    """The run of a crowd's month to which a thousand rows of other offices are given, in SQL: they are frozen."""
    closing: MonthClosing = MonthClosing.objects.filter(number=1).select_related("office").last()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_personmonth SET closing_id = %s, cap_yen = 37200, copayment_yen = one_tenth_yen,"
            " subsidy_yen = 0, subsidy_municipality_id = NULL, benefit_yen = total_cost_yen - one_tenth_yen"
            " WHERE id IN (SELECT p.id FROM billing_personmonth p WHERE p.one_tenth_yen > 0"
            " AND p.edition = 1 AND NOT p.is_withdrawn AND p.cap_result_id IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM billing_personmonth q WHERE q.replaces_id = p.id)"
            " AND NOT EXISTS (SELECT 1 FROM billing_invoice i WHERE i.person_month_id = p.id)"
            " AND p.month = %s ORDER BY p.id LIMIT %s)",
            [closing.pk, closing.month, COUNT],
        )
    return closing


def _closer(closing: MonthClosing) -> Membership:
    staff = Membership.objects.in_force(today()).filter(office=closing.office, ended_at=None)
    return next(each for each in staff.order_by("pk") if each.may(Permission.MONTH_CLOSE))
