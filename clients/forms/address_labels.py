"""How a sheet of address labels is printed; everything lives in the URL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clients.rules.address_labels import SHEETS, Layout
from teikyaku.fields import normal
from teikyaku.filter_forms import FilterForm

# More than any margin of a sheet that still holds its labels.
LONGEST_MM = 100
DEFAULTS = {"sheet": "12", "first": "1", "honorific": "sama"}
HONORIFICS = {"sama": _("様"), "none": ""}


class LengthField(forms.DecimalField):
    """Millimetres, as people type them."""

    default_error_messages = {"invalid": _("mmの数で入れてください。例：21.6")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "w-short", "inputmode": "decimal", "autocomplete": "off"}
        super().__init__(
            min_value=0, max_value=LONGEST_MM, max_digits=6, decimal_places=2, required=False,
            widget=forms.TextInput(attrs=attrs), **kwargs,
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        """Full-width digits count."""
        return super().to_python(normal(str(value)) if value else value)


class LabelForm(FilterForm):
    """Sheet, first label, what stands beside the name, and where the labels lie."""

    sheet = forms.ChoiceField(
        label=_("用紙（A4）"),
        choices=[
            (key, _("%(n)s面　%(width)s×%(height)s mm") % {
                "n": key, "width": sheet.width_mm, "height": sheet.height_mm})
            for key, sheet in SHEETS.items()
        ],
    )  # fmt: skip
    first = forms.IntegerField(
        label=_("何枚目のラベルから"),
        min_value=1,
        help_text=_("使いかけの用紙のとき。左上から右へ数えます。"),
        widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "numeric"}),
    )
    honorific = forms.ChoiceField(
        label=_("敬称"), choices=[("sama", _("様をつける")), ("none", _("つけない"))]
    )
    with_kana = forms.BooleanField(label=_("ふりがなも印刷する"), required=False)
    top = LengthField(label=_("上の余白（mm）"))
    left = LengthField(label=_("左の余白（mm）"))
    gap_x = LengthField(label=_("横のすき間（mm）"))
    gap_y = LengthField(label=_("縦のすき間（mm）"))

    PLACE = ("top", "left", "gap_x", "gap_y")

    def __init__(self, query: QueryDict) -> None:
        """`query`: of the address; what it does not say is as usual."""
        data: Any = query.copy()
        for name, value in DEFAULTS.items():
            if not data.get(name):
                data[name] = value
        super().__init__(data)
        sheet = SHEETS.get(data["sheet"], SHEETS[DEFAULTS["sheet"]])
        usual = {"top": sheet.top_mm, "left": sheet.left_mm, "gap_x": 0, "gap_y": 0}
        for name, length in usual.items():
            self.fields[name].widget.attrs["placeholder"] = f"{length:g}"

    @property
    def is_place_changed(self) -> bool:
        """Whether the margins were touched: they then stand unfolded."""
        return any(self.data.get(name) or self.errors.get(name) for name in self.PLACE)

    def clean(self) -> dict[str, Any]:
        """The first label is one of the sheet, and the sheet lies on the paper."""
        data = super().clean() or self.cleaned_data
        sheet = SHEETS.get(data.get("sheet", ""))
        if sheet is None or any(name in self.errors for name in ("first", *self.PLACE)):
            return data
        layout = self.layout()
        if layout.first > sheet.count:
            self.add_error("first", _("この用紙のラベルは%(n)d枚までです。") % {"n": sheet.count})
        if not layout.fits_across:
            self.add_error(
                "left", _("右が用紙（210 mm）からはみ出します。余白を小さくしてください。")
            )
        if not layout.fits_down:
            self.add_error(
                "top", _("下が用紙（297 mm）からはみ出します。余白を小さくしてください。")
            )
        return data

    def layout(self) -> Layout:
        """Where the labels lie; a margin that was left empty is the sheet's own."""
        data = self.cleaned_data
        sheet = SHEETS[data["sheet"]]
        return Layout(
            sheet,
            top_mm=_or(data.get("top"), sheet.top_mm),
            left_mm=_or(data.get("left"), sheet.left_mm),
            gap_x_mm=_or(data.get("gap_x"), Decimal(0)),
            gap_y_mm=_or(data.get("gap_y"), Decimal(0)),
            first=data["first"],
        )

    @property
    def honorific_text(self) -> str:
        """What follows the name."""
        return str(HONORIFICS[self.cleaned_data["honorific"]])


def _or(given: Decimal | None, usual: Decimal) -> Decimal:
    return usual if given is None else given
