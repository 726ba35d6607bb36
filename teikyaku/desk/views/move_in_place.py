"""移行の取込: a municipality that a line names and nobody has registered, entered by the office itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.actions.move_in_mend import place_came
from plans.queries.move_in_places import unknown_in
from teikyaku.accounts.rules.municipality import PREFECTURES, bare_name, prefecture_of
from teikyaku.accounts.views.places import propose
from teikyaku.desk.views.move_in_desk import MOVES_IN, looked, own_file


@MOVES_IN
def move_in_place(request: HttpRequest, move_in: UUID, line: int) -> HttpResponse:
    """The municipality of this line; stored, all lines that lacked it are looked at anew."""
    row = own_file(request, move_in)
    found = row.people.filter(line=line).first()
    if found is None or not row.is_waiting:
        raise Http404
    page = reverse("move_in_page", args=[row.public_id])

    def onward() -> str:
        try:
            place_came(move_in=row)
        except ValidationError:
            # The place stays entered; only the file was settled by somebody else meanwhile.
            messages.warning(
                request,
                _("自治体は仮登録しました。この取込は、そのあいだにほかの人が済ませました。"),
            )
            return page
        looked(request, row)
        return page

    steps = (
        (_("始め方"), reverse("office_start")), (_("利用者の移行"), reverse("move_ins")),
        (_("移行の取込"), page), (_("自治体を仮登録する"), ""),
    )  # fmt: skip
    return propose(
        request, back=page, initial=_as_written(found.faults), done=onward,
        breadcrumbs=[{"label": label, "url": url} for label, url in steps],
    )  # fmt: skip


def _as_written(faults: list[list[str]]) -> dict[str, str]:
    """The name, or the number, as it stands in the line."""
    text = next(iter(sorted(unknown_in(faults))), "")
    name = bare_name(text)
    if name.isascii() and name.isdigit():
        return {"code": name, "prefecture": prefecture_of(name)}
    prefecture = next((each for each in PREFECTURES if text.startswith(each)), "")
    return {"name": name, "prefecture": prefecture}
