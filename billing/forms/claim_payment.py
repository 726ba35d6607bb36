"""国保連の支払い: the list's filter, what was paid for a claim file, taking it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.forms.claim_return import code_field, day_field, words_field
from billing.queries.claim_payments import ClaimPaymentRow, ShowClaims
from billing.rules.claim_return import ReturnReason
from teikyaku.fields import PAST, DateField, MonthField, YenField
from teikyaku.filter_forms import FilterForm
from teikyaku.money import yen

PAID, RETURNED, LATER = "paid", "returned", "later"
DEDUCTED = "deducted"
OFF = ((DEDUCTED, _("差し引かれた")), (LATER, _("まだ")))
HOW = ((PAID, _("支払われた")), (RETURNED, _("返戻")), (LATER, _("まだ分からない")))


class ClaimPaymentListForm(FilterForm):
    """Search and filters of the list; everything lives in the URL."""

    q = forms.CharField(label=_("氏名・かな"), required=False, max_length=80)
    show = forms.ChoiceField(label=_("表示"), required=False, choices=ShowClaims.choices)
    month = MonthField(label=_("処理した月"), required=False, help_text=_("例：2026-05"))

    @property
    def chosen(self) -> dict[str, Any]:
        """`show`, `text` and `month` as the query takes them; nonsense is left out."""
        self.is_valid()
        data = self.cleaned_data
        month: date | None = data.get("month")
        return {
            "show": data.get("show") or ShowClaims.WAITING,
            "text": data.get("q", ""),
            "month": month,
        }


class ClaimPaymentForm(forms.Form):
    """The day, and for each waiting person how it went: as claimed, unless one says otherwise.

    `taken_back` are earlier claims whose 過誤調整 is still to come; the keys of `likely` among them
    were asked for before the month of this payment, so that they stand in its notice by now [M].
    `before_on` says what is recorded on a day of months that other software claimed (yen). Whose claim
    came back may have the reason that stands on the list; without it, it is recorded later.
    """

    paid_on = DateField(label=_("支払日"), around=PAST)
    total_yen = YenField(
        label=_("支払決定額の合計"),
        required=False,
        min_value=0,
        help_text=_(
            "国保連の通知にある合計を入れると、下の金額の合計（過誤調整を引いた額）と合うか確かめます。"
        ),
    )

    returned_on = day_field(required=False)

    def __init__(
        self,
        *args: Any,
        people: Sequence[ClaimPaymentRow],
        taken_back: Sequence[ClaimPaymentRow] = (),
        likely: Collection[UUID] = (),
        before_on: Callable[[date], int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.taken_back, self.before_on = people, taken_back, before_on
        self.fields["returned_on"].asked_when = _("事由を入れるとき必須")  # type: ignore[attr-defined]
        for person in people:
            self._add(person)
        for person in taken_back:
            self._add_deduction(person, is_likely=person.public_id in likely)

    def _add_deduction(self, person: ClaimPaymentRow, *, is_likely: bool) -> None:
        key, told = person.public_id, {"name": person.name, "month": person.month.label}
        how, amount = _("%(name)s %(month)s分の過誤調整"), _("%(name)s %(month)s分の過誤調整額")
        self.fields[f"off_{key}"] = forms.ChoiceField(
            label=how % told,
            choices=OFF,
            required=False,
            initial=DEDUCTED if is_likely else LATER,
            widget=forms.Select(attrs={"aria-label": how % told, "class": "w-medium"}),
        )
        self.fields[f"off_amount_{key}"] = YenField(
            label=amount % told,
            initial=person.settlement.to_deduct_yen,
            required=False,
            min_value=1,
            max_value=person.settlement.to_deduct_yen,
            widget=forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "class": "w-short",
                    "aria-label": amount % told,
                }
            ),
        )

    def _add(self, person: ClaimPaymentRow) -> None:
        key, name = person.public_id, person.name
        how, amount = _("%(name)sの結果"), _("%(name)sの支払決定額")
        self.fields[f"how_{key}"] = forms.ChoiceField(
            label=how % {"name": name},
            choices=HOW,
            # Taken back before it was paid: it may still come, and be deducted later.
            initial=LATER if person.settlement.is_taken_back else PAID,
            widget=forms.Select(attrs={"aria-label": how % {"name": name}, "class": "w-medium"}),
        )
        self.fields[f"amount_{key}"] = YenField(
            label=amount % {"name": name},
            initial=person.settlement.expected_yen,
            required=False,
            max_value=person.total_cost_yen,
            widget=forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "class": "w-short",
                    "aria-label": amount % {"name": name},
                }
            ),
        )

        self.fields[f"code_{key}"] = code_field(
            label=_("%(name)sの事由のコード") % {"name": name},
            widget=forms.TextInput(attrs={"class": "w-short"}),
        )
        self.fields[f"words_{key}"] = words_field(label=_("%(name)sの事由の内容") % {"name": name})

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each person with the fields."""
        names = ("how", "amount", "code", "words")
        return [
            {"person": p, **{name: self[f"{name}_{p.public_id}"] for name in names}}
            for p in self.people
        ]

    @property
    def deduction_rows(self) -> list[dict[str, Any]]:
        """Each claim that was taken back with its two fields."""
        return [
            {
                "person": p, "how": self[f"off_{p.public_id}"],
                "amount": self[f"off_amount_{p.public_id}"],
            }
            for p in self.taken_back
        ]  # fmt: skip

    @property
    def deducted(self) -> dict[str, int]:
        """Key of the claim → yen, of those that were taken off this payment."""
        return {
            str(p.public_id): self.cleaned_data[f"off_amount_{p.public_id}"]
            for p in self.taken_back
            if self._is_off(p)
        }

    def _is_off(self, person: ClaimPaymentRow) -> bool:
        return bool(self.cleaned_data.get(f"off_{person.public_id}") == DEDUCTED)

    @property
    def amounts(self) -> dict[str, int]:
        """Key of the claim → yen, of those who were paid."""
        return {
            str(p.public_id): self.cleaned_data[f"amount_{p.public_id}"]
            for p in self.people
            if self._how(p) == PAID
        }

    @property
    def returned(self) -> list[str]:
        """The keys of those whose claims came back."""
        return [str(p.public_id) for p in self.people if self._how(p) == RETURNED]

    @property
    def reasons(self) -> dict[str, ReturnReason]:
        """Key of the claim → what the list says, of those that came back and have it."""
        data = self.cleaned_data
        return {
            key: ReturnReason(data["returned_on"], data[f"code_{key}"], data[f"words_{key}"])
            for key in self.returned
            if self._has_reason(key)
        }

    def _has_reason(self, key: object) -> bool:
        return any(self.cleaned_data.get(f"{name}_{key}") for name in ("code", "words"))

    def _how(self, person: ClaimPaymentRow) -> str:
        return str(self.cleaned_data.get(f"how_{person.public_id}", ""))

    def clean(self) -> dict[str, Any]:
        """Who was paid has an amount; a total that was typed is the sum of them."""
        data = super().clean() or {}
        for person in self.people:
            name = f"amount_{person.public_id}"
            if self._how(person) == PAID and name not in self.errors and data.get(name) is None:
                self.add_error(name, _("支払決定額を入れてください。"))
        for person in self.taken_back:
            name = f"off_amount_{person.public_id}"
            if self._is_off(person) and name not in self.errors and data.get(name) is None:
                self.add_error(name, _("過誤調整額を入れてください。"))
        self._check_reasons(data)
        if not self.errors and data.get("total_yen") is not None:
            self._compare(data["total_yen"])
        return data

    def _check_reasons(self, data: dict[str, Any]) -> None:
        """A reason has its day, a day its reason, and nothing that was typed is left out unseen."""
        told = [person for person in self.people if self._has_reason(person.public_id)]
        for person in told:
            if self._how(person) != RETURNED:
                text = _("返戻の方なら、結果を「返戻」にします。")
                self.add_error(f"words_{person.public_id}", text)
        if not told and data.get("returned_on"):
            text = _(
                "返戻の方の事由のコードか内容も入れてください。返戻がないときと、事由をあとで記録するときは、この日を空欄にします。"
            )
            self.add_error("returned_on", text)
        if told and not data.get("returned_on") and "returned_on" not in self.errors:
            self.add_error("returned_on", _("返戻の日を入れてください。"))

    def _compare(self, total_yen: int) -> None:
        """One transfer holds months of before too: the total is that of these people, or of both."""
        found = sum(self.amounts.values()) - sum(self.deducted.values())
        if found == total_yen:
            return
        before = self.before_on(self.cleaned_data["paid_on"]) if self.before_on else 0
        if found + before == total_yen:
            return
        words = str(_("下の金額の合計は%(sum)sで、%(rest)sの差があります。"))
        if before:
            words = str(
                _(
                    "下の金額の合計（%(sum)s）と、この日の移行前の分（%(before)s）を合わせて、%(rest)sの差があります。"
                )
            )
        if self.taken_back:
            words += str(_("過誤調整が通知にあれば「差し引かれた」にします。"))
        if self.before_on:
            words += str(_("移行前の請求の支払いや過誤調整も通知にあれば、先にそれを記録します。"))
        told = {
            "sum": yen(found), "before": yen(before), "rest": yen(abs(found + before - total_yen)),
        }  # fmt: skip
        self.add_error("total_yen", words % told)


class ClaimPaymentCancelForm(forms.Form):
    """Whose record is taken back, and why. `people`: (key, words) of those who were paid."""

    people = forms.MultipleChoiceField(label=_("取り消す方"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("取り消す理由"), max_length=200)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people  # type: ignore[attr-defined]


class ClaimDeductionForm(forms.Form):
    """What was taken off, and on which day."""

    deducted_on = DateField(label=_("差し引かれた日"), around=PAST)
    amount_yen = YenField(label=_("過誤調整額"), min_value=1)
