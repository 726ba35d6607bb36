"""お知らせ: one's own mails with their preview, one's calendar, and what was told to who leads."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.queries.reminder_mail import digest_of
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.actions.calendar_feed import make_feed, revoke_feed
from teikyaku.accounts.actions.notices import choose_mails
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.forms.notices import FeedForm, MailChoiceForm
from teikyaku.accounts.models import User
from teikyaku.accounts.queries.calendar_feed import feed_of
from teikyaku.accounts.queries.figures import figure
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.desk.queries.escalations import escalation_rows, escalations
from teikyaku.form_pages import trail
from teikyaku.links import absolute
from teikyaku.periods import Month

ROWS = 50


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def notices(request: HttpRequest) -> HttpResponse:
    """The Monday mail (on or off) as it would go out today, and the state of one's calendar."""
    membership, on = active_membership(request), today(request)
    form = MailChoiceForm(_sent(request), initial={"wants_digest": membership.user.wants_digest})
    return form_flow(
        request,
        form,
        heading=_("お知らせ"),
        back=reverse("notices"),
        done=_("メールの設定を保存しました。"),
        run=lambda **who: choose_mails(wants_digest=form.cleaned_data["wants_digest"], **who),
        checked=(User,),
        template="desk/notices.html",
        breadcrumbs=trail(_("お知らせ"), reverse("home")),
        digest=digest_of(membership, on),
        feed=feed_of(membership.user),
        on=on,
        tabs=_tabs(request, "notices"),
    )


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def feed_new(request: HttpRequest) -> HttpResponse:
    """Make the secret address, or a new one in place of the former: shown here, once."""
    membership = active_membership(request)
    former = feed_of(membership.user)
    form = FeedForm(_sent(request), initial={"replaces": str(former.public_id) if former else ""})
    if request.method == "POST" and form.is_valid():
        try:
            token = make_feed(
                replaces=form.cleaned_data["replaces"], by=membership, at=now(request)
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            url = absolute(reverse("calendar_feed", args=[token]))
            # The scheme that phones hand to their calendar.
            webcal_url = f"webcal://{url.partition('://')[2]}"
            shown = {"url": url, "webcal_url": webcal_url}
            return render(request, "desk/feed_made.html", shown)
    status = 422 if form.is_bound and form.errors else 200
    heading = _("予定表のアドレスを作り直す") if former else _("予定表のアドレスを作る")
    context: dict[str, Any] = {
        "form": form,
        "former": former,
        "heading": heading,
        "breadcrumbs": trail(heading, reverse("notices")),
        "cancel_url": reverse("notices"),
    }
    return render(request, "desk/feed_new.html", context, status=status)


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def feed_revoke(request: HttpRequest) -> HttpResponse:
    """The secret address answers nobody any more."""
    membership = active_membership(request)
    if feed_of(membership.user) is None:
        return redirect("notices")
    return form_flow(
        request,
        FeedForm(_sent(request)),
        heading=_("予定表の配信をやめる"),
        back=reverse("notices"),
        done=_("予定表の配信をやめました。前のアドレスでは、もう何も読めません。"),
        run=revoke_feed,
        checked=(),
        template="components/confirm_page.html",
        lead=_(
            "いまのアドレスでは、すぐに何も読めなくなります。読み込んでいるカレンダーからは、予定がやがて消えます。"
        ),
        submit_label=_("配信をやめる"),
        tone="danger",
    )


@requires(Permission.STAFF_ASSIGN, scope=Scope.OFFICE)
def escalation_list(request: HttpRequest) -> HttpResponse:
    """What was told to 管理者 and サービス管理責任者: when, about whom, and to whom it went."""
    office, on = active_office(request), today(request)
    page = Paginator(escalations(office), ROWS).get_page(request.GET.get("page"))
    days = figure("reminder.escalation_days", Month.of(on))
    context = {
        "breadcrumbs": trail(_("期限超過の報告"), reverse("notices")),
        "page": page,
        "rows": escalation_rows(page.object_list, on),
        "days": days.value,
        "certainty": days.certainty,
        "on": on,
        "tabs": _tabs(request, "escalations"),
    }
    return render(request, "desk/escalations.html", context)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent: a box that is not ticked sends nothing at all."""
    return request.POST if request.method == "POST" else None


def _tabs(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """Only for who sees both."""
    if not active_membership(request).may(Permission.STAFF_ASSIGN):
        return []
    pages = (("notices", _("自分の知らせ")), ("escalations", _("期限超過の報告")))
    return [
        {"label": label, "url": reverse(name), "current": name == current} for name, label in pages
    ]
