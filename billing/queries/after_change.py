"""What follows a corrected or withdrawn month: money that 国保連 takes off, papers and offices to be told.

One function for one person's month and one for the office, from the same three questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import MonthLine
from billing.queries.cap_tellings import untold_lines
from billing.queries.claim_payments import settlement_of, to_deduct
from billing.queries.notice_withdrawals import wrong_notices
from teikyaku.accounts.models import Office
from teikyaku.money import yen
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class AfterChange:
    """One line of the claim calendar: what is expected or to be done, for how many people."""

    label: str
    count: str
    url: str


def steps_after(
    office: Office, lines: Iterable[MonthLine], *, may_write: bool = True
) -> dict[MonthLine, list[dict[str, Any]]]:
    """By person's month, what is left to be done, as components/steps.html draws it (at most ten queries).

    A step that is done is not among them: the story of the month tells it.
    """
    asked = set(lines)
    found: dict[MonthLine, list[dict[str, Any]]] = defaultdict(list)
    if not asked:
        return found
    for entry in to_deduct(office).select_related("person_month"):
        url = reverse("claim_deduction_record", args=[entry.public_id]) if may_write else ""
        found[entry.person_month.line].append(
            {
                "label": _("過誤調整（国保連が差し引く）"), "state": "waiting", "url": url,
                "note": yen(settlement_of(entry).to_deduct_yen),
            }
        )  # fmt: skip
    for wrong in wrong_notices(office):
        url = reverse("claim_export", args=[Month.of(wrong.row.month)]) + "#wrong-notices"
        found[wrong.row.line].append(
            {"label": _("代理受領通知書の取り消し"), "state": "current", "url": url}
        )
    for untold in untold_lines(office):
        url = reverse("cap_month", args=[Month.of(untold.line[1])]) + "#sent"
        note = _("%(n)d事業所") % {"n": untold.offices}
        label = (
            _("上限額管理の修正を知らせる")
            if untold.is_revision
            else _("上限額管理の取り消しを知らせる")
        )
        found[untold.line].append({"label": label, "state": "current", "url": url, "note": note})
    return defaultdict(list, {line: steps for line, steps in found.items() if line in asked})


def due_after(office: Office, to_deduct: int, to_deduct_yen: int) -> tuple[AfterChange, ...]:
    """What the claim calendar says of all months together, nothing where nothing is left (at most four queries).

    How much 国保連 is still to take off is known to who asks; offices to be told stand beside the calendar.
    """
    found = []
    if to_deduct:
        count = _("%(n)d人　%(yen)s") % {"n": to_deduct, "yen": yen(to_deduct_yen)}
        url = reverse("claim_payments") + "?show=taken_back"
        found.append(AfterChange(_("国保連が差し引く過誤調整"), count, url))
    notices: dict[Month, int] = defaultdict(int)
    for wrong in wrong_notices(office):
        notices[Month.of(wrong.row.month)] += 1
    for month, n in sorted(notices.items(), reverse=True):
        label = _("取り消す代理受領通知書（%(month)s分）") % {"month": month.label}
        url = reverse("claim_export", args=[month]) + "#wrong-notices"
        found.append(AfterChange(label, _("%(n)d通") % {"n": n}, url))
    return tuple(found)
