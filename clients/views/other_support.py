"""他の支援: recording, correcting, its phases, its months of subsidy, and taking it back.

The desk says which months are closed: they are closed above this app.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_client_for_edit, not_of_another_office
from clients.actions import other_support as actions
from clients.enums import SupportKind
from clients.forms import other_support as forms
from clients.models import Client, OtherSupport
from clients.queries.other_support import ClosedIn, barring_of, barring_words
from clients.queries.subject import subject_of
from clients.rules.barred import BarringSupport, months_of_support
from clients.rules.kinds import SupportPhase
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.era import both
from teikyaku.periods import Month, Period

# The closed months of its own office, as a reader may know them.
ClosedFor = Callable[[Membership], ClosedIn]
WRITES = requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)
# Of a support that lasts: so many months ahead can be said already.
MONTHS_AHEAD = 2


@WRITES
def other_support_new(
    request: HttpRequest, client: UUID, kind: str, closed: ClosedFor
) -> HttpResponse:
    """A registration with a centre, a job coach's support, or a service that bars this one."""
    person, on = get_client_for_edit(request, client), today(request)
    if kind not in SupportKind.values:
        raise Http404
    before = _barring(person)

    def tell(data: dict[str, Any]) -> Sequence[str]:
        after = (*before, *_typed(kind, data))
        return _asked(kind, data, on, (person, before, after), closed(active_membership(request)))

    form = forms.FORMS[kind](request.POST or None, kind=kind, on=on, tell=tell)

    def run(**who: Any) -> OtherSupport:
        return actions.record_support(client=person, kind=kind, **form.values(), **who)

    label = SupportKind(kind).label
    heading = _("%(kind)sを記録する") % {"kind": label}
    return _flow(request, person, form, heading, _("記録しました。"), run, lead=_lead(kind))


@WRITES
def other_support_correct(
    request: HttpRequest, client: UUID, support: UUID, closed: ClosedFor
) -> HttpResponse:
    """Something was written wrongly; the history keeps the old values."""
    person, row = _found(request, client, support)
    on, before = today(request), _barring(person)
    others = _barring(person, besides=row)

    def tell(data: dict[str, Any]) -> Sequence[str]:
        after = (*others, *_typed(row.kind, data, row.months))
        return _asked(
            row.kind, data, on, (person, before, after), closed(active_membership(request))
        )

    form = forms.FORMS[row.kind](
        request.POST or None, kind=row.kind, on=on, tell=tell, instance=row
    )

    def run(**who: Any) -> OtherSupport:
        reason = form.cleaned_data["reason"]
        return actions.correct_support(support=row, changes=form.values(), reason=reason, **who)

    heading = _("%(kind)sを訂正する") % {"kind": row.get_kind_display()}
    lead = _("元の値は履歴に残ります。")
    return _flow(request, person, form, heading, _("訂正しました。"), run, lead=lead)


@WRITES
def other_support_step(
    request: HttpRequest, client: UUID, support: UUID, closed: ClosedFor
) -> HttpResponse:
    """The next phase began, or the support ended."""
    person, row = _found(request, client, support)
    on, before = today(request), _barring(person)
    if row.ends_on is not None:
        raise Http404

    def tell(data: dict[str, Any]) -> Sequence[str]:
        if data["step"] != forms.END or data["on"] < row.starts_on:
            return ()
        typed = {"starts_on": row.starts_on, "ends_on": data["on"]}
        after = (*_barring(person, besides=row), *_typed(row.kind, typed, row.months))
        return _asked(
            row.kind, typed, on, (person, before, after), closed(active_membership(request))
        )

    form = forms.StepForm(request.POST or None, support=row, tell=tell, initial={"on": on})

    def run(**who: Any) -> OtherSupport:
        step, day = form.cleaned_data["step"], form.cleaned_data["on"]
        if step == forms.END:
            note = form.cleaned_data["note"]
            return actions.end_support(support=row, on=day, note=note, **who)
        return actions.begin_phase(support=row, phase=SupportPhase(step), on=day, **who)

    heading = _("%(kind)sの続き") % {"kind": row.get_kind_display()}
    return _flow(request, person, form, heading, _("記録しました。"), run, lead=_stands(row))


@WRITES
def other_support_months(
    request: HttpRequest, client: UUID, support: UUID, closed: ClosedFor
) -> HttpResponse:
    """For which months the subsidy of a visiting job coach is claimed: this service's are barred."""
    person, row = _found(request, client, support)
    on, before = today(request), _barring(person)
    if row.kind != SupportKind.JOB_COACH:
        raise Http404
    others = _barring(person, besides=row)
    own = barring_of([row])[0]

    def tell(data: dict[str, Any]) -> Sequence[str]:
        months = tuple(sorted(Month.parse(text) for text in data["months"]))
        after = (*others, replace(own, months=months))
        return barring_words(person, before, after, on, closed(active_membership(request)))

    until = max(Month.of(on) + MONTHS_AHEAD, *row.months, Month.of(row.starts_on))
    form = forms.SubsidyForm(
        request.POST or None, tell=tell,
        offered=months_of_support(Period(row.starts_on, row.ends_on), until),
        initial={"months": row.subsidised_months},
    )  # fmt: skip

    def run(**who: Any) -> OtherSupport:
        return actions.set_subsidised_months(support=row, months=form.chosen, **who)

    lead = _(
        "訪問型ジョブコーチの助成を請求する月は、就労定着支援を請求できません（実務上の取扱い）。"
        "請求する機関に、どの月かを確かめてください。"
    )
    heading = _("助成を請求する月")
    return _flow(request, person, form, heading, _("記録しました。"), run, lead=lead)


@WRITES
def other_support_withdraw(
    request: HttpRequest, client: UUID, support: UUID, closed: ClosedFor
) -> HttpResponse:
    """The record was a mistake."""
    person, row = _found(request, client, support)
    on, before = today(request), _barring(person)
    after = _barring(person, besides=row)

    def tell(_data: dict[str, Any]) -> Sequence[str]:
        return barring_words(person, before, after, on, closed(active_membership(request)))

    form = forms.SupportWithdrawForm(request.POST or None, tell=tell)

    def run(**who: Any) -> OtherSupport:
        reason = form.cleaned_data["reason"]
        return actions.withdraw_support(support=row, reason=reason, **who)

    heading = _("%(kind)sの記録を取り消す") % {"kind": row.get_kind_display()}
    return _flow(
        request, person, form, heading, _("取り消しました。"), run,
        lead=_("間違って記録したときに使います。取り消したことと理由は残ります。") + _stands(row),
    )  # fmt: skip


def _found(request: HttpRequest, client: UUID, support: UUID) -> tuple[Client, OtherSupport]:
    """The person, and a support that this office recorded. Raises Http404 for every other one."""
    person = get_client_for_edit(request, client)
    own = person.other_supports.standing().filter(
        not_of_another_office(active_membership(request).office_id)
    )
    row = own.select_related("organisation", "client").filter(public_id=support).first()
    if row is None:
        raise Http404
    return person, row


def _barring(person: Client, besides: OtherSupport | None = None) -> tuple[BarringSupport, ...]:
    rows: QuerySet[OtherSupport] = person.other_supports.barring()
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    return barring_of(rows)


def _typed(
    kind: str, data: dict[str, Any], months: tuple[Month, ...] = ()
) -> tuple[BarringSupport, ...]:
    """The support as it was typed; nothing where its days are out of order, which is said elsewhere."""
    starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
    if starts_on is None or (ends_on is not None and ends_on < starts_on):
        return ()
    period = Period(starts_on, ends_on)
    inside = months_of_support(period, max(months, default=Month.of(starts_on)))
    row = OtherSupport(
        kind=kind, starts_on=starts_on, ends_on=ends_on,
        subsidised_months=[str(month) for month in months if month in inside],
    )  # fmt: skip
    return barring_of([row])


def _asked(
    kind: str, data: dict[str, Any], on: Any,
    sides: tuple[Client, Sequence[BarringSupport], Sequence[BarringSupport]], closed: ClosedIn,
) -> Sequence[str]:  # fmt: skip
    length = forms.length_words(data, on) if kind == SupportKind.JOB_COACH else ()
    return (*length, *barring_words(*sides, on, closed))


def _lead(kind: str) -> str:
    leads = {
        SupportKind.CENTRE.value: _("登録は無料で、期間の定めはありません。"),
        SupportKind.JOB_COACH.value: _(
            "集中支援・移行支援・フォローアップの3段階です。期間は1か月から8か月、標準は2か月から4か月です。"
            "助成を請求する月は、記録したあとに入れます。"
        ),
        SupportKind.INDEPENDENT_LIVING.value: _(
            "支給決定がある月は、就労定着支援を請求できません（実務上の取扱い）。"
        ),
    }
    return leads[kind]


def _stands(row: OtherSupport) -> str:
    spans = "、".join(
        f"{span.phase.label} {both(span.period.starts_on)}〜"
        + (both(span.period.ends_on) if span.period.ends_on else "")
        for span in row.phases
    )
    return f"{row.organisation.name}　{spans or both(row.starts_on) + '〜'}"


def _flow(
    request: HttpRequest, person: Client, form: Any, heading: str, done: str, run: Any, lead: str
) -> HttpResponse:
    return form_flow(
        request, form, heading=heading, lead=lead, done=done, run=run, checked=(OtherSupport,),
        subject=subject_of(person, today(request)),
        back=reverse("client_page", args=[person.public_id]),
    )  # fmt: skip
