"""始め方: figures that an office relies on and that nobody has confirmed, and what the office does about it.

Figures are the installation's: the system administrator confirms them (制度の数値). The office's part is to
look at the list and to ask for it; a figure that comes to the list later is asked about anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.queries.figures import overrides, unconfirmed
from teikyaku.desk.queries.start_asks import StartStep, mark_of
from teikyaku.figures import Figure
from teikyaku.periods import Month

FIGURES = "figures"
# What a ward alone works by: its decisions and its notices.
OF_WARDS = frozenset({"monitoring.months", "notice.lawsuit_months"})


def open_figures(on: date) -> list[Figure]:
    """What an office relies on in the month of `on`, and nobody has confirmed (one query)."""
    return [row for row in unconfirmed(Month.of(on), overrides()) if row.key not in OF_WARDS]


def figures_step(on: date, answered: Mapping[str, Any]) -> StartStep:
    """Done once all are confirmed, or once somebody has asked the administrator for each that is not."""
    label = _("制度の数値")
    keys = [row.key for row in open_figures(on)]
    if not keys:
        return StartStep(label, _("すべて確認されています。"), is_done=True)
    known = answered.get(FIGURES)
    is_answered = isinstance(known, list) and set(keys) <= set(known)
    text = _("この事業所が使う数値のうち、未確認のものが%(n)dあります。") % {"n": len(keys)}
    text += (
        _("システム管理者に確認を頼んでいます。確かめるまで、使われた所に「未確認」と出ます。")
        if is_answered
        else _("一覧を見て、システム管理者に確認を頼んでください。事業所では変えられません。")
    )
    return StartStep(
        label, text, is_answered, f"{reverse('office_start')}#figures", _("一覧を見る"),
        key=FIGURES, ask=_("システム管理者に頼んだ"), is_answered=is_answered, seen=mark_of(keys),
    )  # fmt: skip
