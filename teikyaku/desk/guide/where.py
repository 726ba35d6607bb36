"""Where one applies or asks: by the place that was chosen, and never against the answer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from clients.rules.centres import NIIGATA
from clients.rules.kinds import ScreeningAnswer

NO = (ScreeningAnswer.NOT_ELIGIBLE, ScreeningAnswer.EXPIRED)
ELSEWHERE = "ほか"


def where_to_go(lives_in: str, answer: ScreeningAnswer | None = None) -> str:
    """The sentence for somebody of `lives_in` ("" where it is not known) who got `answer`.

    After a no nobody is sent to apply: the window is named as the place to ask.
    """
    is_no = answer in NO
    if not lives_in:
        sentence = (
            _("くわしいことは、%(ward)s、ほかの市町村の人は%(town)sで聞けます。")
            if is_no
            else _("申請は、%(ward)s、ほかの市町村の人は%(town)sでできます。")
        )
        ward = _("新潟市の人は%(window)s") % {"window": _window(NIIGATA)}
        return sentence % {"ward": ward, "town": _("その市町村の障がい福祉の窓口")}
    sentence = (
        _("くわしいことは、%(window)sで聞けます。")
        if is_no
        else _("申請は、%(window)sでできます。")
    )
    return sentence % {"window": _window(lives_in)}


def _window(lives_in: str) -> str:
    if lives_in == NIIGATA:
        return _("住んでいる区の区役所健康福祉課か、地域保健福祉センター")
    if lives_in == ELSEWHERE:
        return _("住んでいる市区町村の障がい福祉の窓口")
    return _("%(place)sの障がい福祉の窓口") % {"place": lives_in}
