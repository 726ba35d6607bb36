"""What follows from 却下・取下げ of an application and from 取消 of a decision, told before it stands."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from plans.models import Application, Decision
from plans.queries.decision_change import ends_anyway, goes_on_at
from plans.queries.revocation import what_stays
from plans.queries.second_officer import open_grant
from teikyaku.era import both


def what_an_end_does(application: Application, outcome: str) -> list[str]:
    """What becomes of an application that ends with `outcome`, in words (two queries)."""
    is_refused = outcome == Application.Outcome.REFUSED
    found = [
        _("この申請は終わります。あとから結果を変えることはできません。"),
        _("もう一度使いたいときは、新しい申請を受け付けます。"),
    ]
    asked = application.completions.filter(answered_on=None).first()
    if asked is not None:
        text = _("%(on)sに求めた補正は、そろわないまま終わったと残ります。")
        found.append(text % {"on": both(asked.asked_on)})
    if open_grant(application) is not None:
        found.append(_("確認を待っている支給決定の案は、確認できなくなります。"))
    if is_refused:
        found.append(letter_after_end(outcome) + _("理由は、通知書にこのまま入ります。"))
    else:
        found.append(_("取下げの通知書はありません。"))
    return found


def letter_after_end(outcome: str) -> str:
    """The letter that an application's end asks for next, in words; "" where none."""
    is_refused = outcome == Application.Outcome.REFUSED
    return _("次に、申請却下通知書を作ります。") if is_refused else ""


def letter_after_revocation(decision: Decision, on: date) -> str:
    """The letter that a revocation on `on` asks for next; of the changed decision where that one ends."""
    if goes_on_at(decision, on).pk == decision.pk:
        return _("次に、支給決定取消通知書を作ります。")
    return _("次に、終わった支給決定のページで、支給決定取消通知書を作ります。")


def what_a_revocation_does(decision: Decision, on: date, today: date) -> list[str]:
    """What a revocation on `on` makes of a decision, in words, with what stays as it is."""
    found = []
    if decision.starts_on <= on <= decision.ends_on and not ends_anyway(decision, on):
        text = _(
            "支給決定は%(on)sで終わります（いまは%(until)sまで）。次の日からの支援は請求できません。"
        )
        found.append(text % {"on": both(on), "until": both(decision.ends_on)})
    return [*found, *what_stays(decision, today), letter_after_revocation(decision, on)]
