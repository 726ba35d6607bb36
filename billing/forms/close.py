"""The close of a month: what staffing facts contradict is ticked, each by itself, to close all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.forms.asking import AskingForm
from billing.queries.staffing_asks import StaffingAsk


class CloseForm(AskingForm):
    """Nothing is typed; without a contradiction nothing is asked."""

    def __init__(self, *args: Any, asks: Sequence[StaffingAsk], **kwargs: Any) -> None:
        self.asks = asks
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["confirmed"].label = _("職員の配置と届出がちがいます")

    def questions(self, data: Mapping[str, Any]) -> dict[str, str]:
        """One for each contradiction."""
        return {each.mark: each.question for each in self.asks}
