"""制度の数値 to check and to correct; for the system administrator.

At the desk, because due dates follow where a figure is one of the pace.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.actions import pace_setting as actions
from teikyaku import figures
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import correction_of, form_flow
from teikyaku.accounts.forms.figure import FigureCorrectionForm, FigureForm, WithdrawForm
from teikyaku.accounts.models import FigureOverride
from teikyaku.accounts.queries.figures import corrections, overrides, unconfirmed
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.periods import Month
from teikyaku.reasons import Certainty

# The list's choice of what nobody has confirmed yet.
UNSURE = "unsure"
CERTAINTY = {
    Certainty.GUIDANCE: (gettext_lazy("市の案内"), "neutral"),
    Certainty.SOURCE: (gettext_lazy("通知・告示"), "neutral"),
    Certainty.PRACTICE: (gettext_lazy("実務の取扱い。確かめる"), "warning"),
    Certainty.UNKNOWN: (gettext_lazy("未確認。確かめる"), "warning"),
}
FIGURES = requires(Permission.FIGURE_MANAGE, scope=Scope.INSTALLATION)


@FIGURES
def figure_list(request: HttpRequest) -> HttpResponse:
    """Every figure with its months, source and certainty; what is not sure comes first."""
    month = Month.of(today(request))
    is_unsure = request.GET.get("show") == UNSURE
    shown = unconfirmed(month, overrides()) if is_unsure else figures.packaged()
    sure = {figure.key for figure in overrides() if figure.covers(month)}
    context = {
        "groups": _grouped(shown, sure),
        "corrections": [] if is_unsure else corrections(),
        "is_unsure": is_unsure,
        "month": month,
        "tabs": [
            {"label": _("すべて"), "url": "?show=", "current": not is_unsure},
            {
                "label": _("今月の、確かめていない数値"),
                "url": f"?show={UNSURE}",
                "current": is_unsure,
            },
        ],
    }
    return render(request, "accounts/figures.html", context)


def _grouped(shown: Iterable[figures.Figure], sure: set[str]) -> list[dict[str, Any]]:
    """The figures by what they are about, in the order of the file, with how sure they are in words."""
    found: dict[str, list[tuple[figures.Figure, str, str]]] = {}
    for row in shown:
        said, tone = CERTAINTY[row.certainty]
        words = str(said)
        if row.key in sure:
            words, tone = _("訂正した・確かめた"), "success"
        elif row.is_own_default:
            words, tone = _("このソフトの決めた値"), "neutral"
        found.setdefault(row.subject, []).append((row, words, tone))
    return [
        {
            "label": subject,
            "rows": rows,
            "unsure": sum(tone == "warning" for _row, _words, tone in rows),
        }
        for subject in figures.SUBJECTS
        if (rows := found.get(subject))
    ]


@FIGURES
def figure_correct(request: HttpRequest, key: str) -> HttpResponse:
    """Correct a figure from a month on."""
    known = [figure for figure in figures.packaged() if figure.key == key]
    if not known:
        raise Http404
    initial = {"value": known[-1].value, "first_month": today(request)}
    form = FigureForm(request.POST or None, key=key, initial=initial)
    return form_flow(
        request,
        form,
        heading=_("数値を訂正する・確かめる"),
        lead=" ".join([_lead(key), _in_force(known[-1])]),
        back=reverse("figures"),
        done=_("数値を訂正しました。"),
        run=lambda **who: actions.override_figure(key=key, **form.cleaned_data, **who),
        checked=(FigureOverride,),
    )


@FIGURES
def correction_edit(request: HttpRequest, correction: UUID) -> HttpResponse:
    """A correction that was itself written wrongly."""
    row = _correction_or_404(correction)
    names = ("value", "first_month", "last_month", "source")
    initial = {name: getattr(row, name) for name in names}
    form = FigureCorrectionForm(request.POST or None, key=row.key, initial=initial)
    return form_flow(
        request,
        form,
        heading=_("訂正を書き直す"),
        lead=_lead(row.key),
        back=reverse("figures"),
        done=_("訂正を書き直しました。"),
        run=lambda **who: actions.correct_override(row=row, **correction_of(form), **who),
        checked=(FigureOverride,),
    )


@FIGURES
def correction_withdraw(request: HttpRequest, correction: UUID) -> HttpResponse:
    """The packaged figure holds again."""
    row = _correction_or_404(correction)
    form = WithdrawForm(request.POST or None)
    return form_flow(
        request,
        form,
        heading=_("訂正を取り消す"),
        lead=_lead(row.key),
        submit_label=_("取り消す"),
        back=reverse("figures"),
        done=_("訂正を取り消しました。元の数値に戻ります。"),
        run=lambda **who: actions.withdraw_override(row=row, **form.cleaned_data, **who),
        checked=(FigureOverride,),
    )


def _correction_or_404(public_id: UUID) -> FigureOverride:
    row = FigureOverride.objects.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def _lead(key: str) -> str:
    label, note = figures.label_of(key), _last_note(key)
    return f"{label}。{note}" if note else label


def _in_force(figure: figures.Figure) -> str:
    """What holds now, with its source: an operator who has checked it writes the same once more."""
    text = _(
        "いまの値は %(value)s（%(source)s）です。確かめて同じ値なら、根拠を書いてそのまま保存します。"
    )
    value = f"{figure.value:,}" if isinstance(figure.value, int) else figure.value
    return text % {"value": f"{value}{figure.unit}", "source": figure.source}


def _last_note(key: str) -> str:
    return next((figure.note for figure in figures.packaged() if figure.key == key), "")
