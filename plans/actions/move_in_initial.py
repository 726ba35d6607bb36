"""移行の取込: 初期加算を算定した月 and 記入欄の番号 of a sheet beside the contract, which came in by another one."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from plans.actions.move_in_desk import Desk
from plans.models import Contract
from plans.move_in_kept import differs
from plans.queries.move_in_lacks import was_said
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.periods import Month

# The number of a contract of which nobody told one.
_TAKEN = 1


def tell_initial(desk: Desk, known: Contract | None) -> None:
    """The month is added to the contract on file that lacks it; what else is told of it is said."""
    month = desk.row.initial_month
    if month is None or (known is not None and known.initial_addition_month == month):
        return
    if known is None:
        desk.told.left["initial_month"] = _(
            "契約日といっしょに入れる項目です。契約日がないので取り込みません。"
            "契約の表を取り込んだあと、この表をもう一度取り込むと入ります。"
        )
    elif known.initial_addition_month is not None:
        held = Month.of(known.initial_addition_month).label
        desk.told.differs.append(differs(_("初期加算"), Month.of(month).label, held))
    elif _is_of_before(desk, known, month):
        known.initial_addition_month = month
        save_record(
            known, verb="initial_addition_told", person_id=desk.client.public_id,
            fields=("initial_addition_month",), **desk.who,
        )  # fmt: skip
        text = _("初期加算を算定した月 %(month)s")
        desk.told.added.append(text % {"month": Month.of(month).label})
    else:
        desk.told.left["initial_month"] = _(
            "契約が始まってから、ここで請求する最初の月の前までの月だけ取り込みます。月を確かめてください。あとの月なら、"
            "その方の「加算・減算・助成」の「契約の月を直す」で入れてください。"
        )


def tell_entry(desk: Desk, known: Contract) -> None:
    """The number is written into the contract on file where no file had a word of it, and 1 was taken."""
    number = desk.row.entry_number
    if number in (None, known.entry_number):
        return
    if was_said(desk.client, known.recorded_at, "entry_number") or known.entry_number != _TAKEN:
        return
    known.entry_number = number
    save_record(
        known, verb="entry_number_told", person_id=desk.client.public_id,
        fields=("entry_number",), **desk.who,
    )  # fmt: skip
    desk.told.added.append(_("事業者記入欄の番号 %(n)s") % {"n": number})


def _is_of_before(desk: Desk, known: Contract, month: date) -> bool:
    """Whether it was taken under this contract, before the office billed here."""
    first_here = first_month_here(desk.enrolment.office)
    is_within = Month.of(known.starts_on) <= Month.of(month)
    return is_within and first_here is not None and Month.of(month) < first_here
