"""Memberships: inviting somebody into a place, changing roles, ending."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from teikyaku.accounts.actions.audit import audit, audit_own
from teikyaku.accounts.actions.outbox import queue_mail
from teikyaku.accounts.actions.record import save_record, validate
from teikyaku.accounts.models import Membership, Municipality, Office, User
from teikyaku.accounts.models.user import folded_email
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.kana import plain_kana
from teikyaku.periods import day_before

LinkOf = Callable[[User], str]


def user_with(*, email: str, name: str, kana: str = "") -> User:
    """The user with this address; a new one cannot sign in until the invitation is taken.

    Somebody known stays as they are: name and reading are theirs to say, also where none is on file.
    """
    known = User.objects.filter(email=folded_email(email)).first()
    if known is not None:
        return known
    user = User.objects.create_user(email=email, name=name, kana=kana)
    # allauth's second factor wants a verified address; the invitation's link proves it.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    starts_on: date,
    link_of: LinkOf,
    by: Membership | None,
    at: datetime,
    office: Office | None = None,
    municipality: Municipality | None = None,
    ends_on: date | None = None,
    kana: str = "",
) -> Membership:
    """Somebody is to work in a place, in these roles, from a day on; a mail carries the link.

    `by` is None only for the first administrator. Raises ValidationError when the roles do not fit
    the place or the person works there already.
    """
    user = user_with(email=email, name=name, kana=kana)
    if by is not None:
        _refuse_own(user, by)
    membership = Membership(
        user=user,
        office=office,
        municipality=municipality,
        roles=list(roles),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _refuse_before_end(membership)
    if by is None:
        validate(membership)
        membership._history_date = at  # type: ignore[attr-defined]
        membership.save()
    else:
        save_record(membership, verb="member_invited", by=by, at=at)
    if not user.has_usable_password():
        send_invitation(user=user, link_of=link_of, at=at, place=membership.label, by=by)
    return membership


def _refuse_own(user: User, by: Membership) -> None:
    """Nobody opens a door for themselves: an administrator alone must not come to see a client."""
    if user.pk == by.user_id:
        raise ValidationError(
            _("自分の所属や役割は、自分では変えられません。別の管理者に頼んでください。")
        )


def _refuse_before_end(new: Membership) -> None:
    """Whoever was let go may come back from that day on, not into the time before it."""
    ended = Membership.objects.filter(
        user=new.user, office=new.office, municipality=new.municipality, ended_at__isnull=False
    )
    for row in ended:
        is_before = row.ends_on is None or new.starts_on < row.ends_on
        reaches = new.ends_on is None or new.ends_on >= row.starts_on
        if is_before and reaches and not row.was_called_off:
            raise ValidationError(
                {"starts_on": _("この職員は、その日まだ前の所属でした。その終わりの日より後に。")}
            )


def resend_invitation(
    *, membership: Membership, link_of: LinkOf, by: Membership, at: datetime
) -> Membership:
    """A new mail with a new link, for who let the first one expire.

    Raises ValidationError when the person has taken the invitation, or the membership has ended.
    """
    if membership.user.has_usable_password():
        raise ValidationError(_("この職員は、すでにパスワードを決めています。"))
    if membership.ended_at is not None:
        raise ValidationError(_("この所属は、すでに終わっています。"))
    with transaction.atomic():
        send_invitation(user=membership.user, link_of=link_of, at=at, place=membership.label, by=by)
        audit(verb="invitation_resent", subject=membership, by=by, at=at)
    return membership


def send_invitation(
    *, user: User, link_of: LinkOf, at: datetime, place: str = "", by: Membership | None = None
) -> None:
    """The mail with the one-time link: into which place, and by whom."""
    body = _(
        "%(name)s 様\n\n%(place)s の職員として、teikyaku に招待されました（招待した人：%(by)s）。\n\n次のリンクを開き、パスワードを決めてください。\n%(link)s\n\n"
        "リンクは一度だけ、3日のあいだ使えます。心当たりがなければ、このメールは捨ててください。\n"
    ) % {
        "name": user.name,
        "place": place or _("システム管理"),
        "by": by.user.name if by else _("はじめの設定"),
        "link": link_of(user),
    }
    queue_mail(
        kind="invitation",
        recipient=user,
        period=at.isoformat(),
        subject=_("teikyaku への招待"),
        body=body,
        at=at,
    )


@transaction.atomic
def accept_invitation(*, user: User, password: str, at: datetime) -> User:
    """The invited person chose a password; from now on they can sign in."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit_own(verb="invitation_accepted", user=user, at=at)
    return user


@transaction.atomic
def correct_user(
    *, user: User, email: str, name: str, by: Membership, at: datetime, kana: str | None = None
) -> User:
    """Another name or reading (None leaves it), or another address to sign in with.

    The address only while the invitation waits: whoever could move a living account to a mailbox
    of their own could take it over with a forgotten password. Raises ValidationError by field.
    """
    old_email = user.email
    if user.has_usable_password() and folded_email(email) != old_email:
        message = _(
            "パスワードを決めた職員のメールアドレスは、乗っ取りを防ぐため変えられません。"
            "新しいアドレスで招待し、いまの所属を終えてください。"
        )
        raise ValidationError({"email": message})
    user.email, user.name = folded_email(email), name
    user.kana = user.kana if kana is None else plain_kana(kana)
    validate(user)
    user.save(update_fields=["email", "name", "kana"])
    if user.email != old_email:
        # allauth sends its mails to its own rows, and wants one that is verified.
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    audit(verb="user_corrected", subject=user, by=by, at=at, fields=("email", "name", "kana"))
    return user


@transaction.atomic
def set_own_kana(*, user: User, kana: str, at: datetime) -> User:
    """ふりがな as one writes it oneself: lists are sorted by it."""
    user.kana = plain_kana(kana)
    user.save(update_fields=["kana"])
    audit_own(verb="own_kana_changed", user=user, at=at)
    return user


@transaction.atomic
def end_membership(*, membership: Membership, by: Membership, at: datetime) -> Membership:
    """Nobody gets in through this membership from this moment on, also in running sessions.

    Raises ValidationError when it has ended, or for one's own (the last administrator stays).
    """
    if membership.pk == by.pk:
        raise ValidationError(_("自分の所属は終えられません。別の管理者に頼んでください。"))
    if membership.ended_at is not None:
        raise ValidationError(_("この所属は、すでに終わっています。"))
    on = date_of(at)
    membership.ended_at = at
    membership.ends_on = min(membership.ends_on or on, max(on, membership.starts_on))
    return save_record(
        membership, verb="membership_ended", by=by, at=at, fields=("ends_on", "ended_at")
    )


@transaction.atomic
def change_roles(
    *,
    membership: Membership,
    roles: Iterable[str],
    starts_on: date,
    by: Membership,
    at: datetime,
) -> Membership:
    """Other roles from a day on: the old row ends the day before, a new one begins.

    What somebody was on a past day decides which of their meetings counted, so it stays on file. From
    the row's own first day its roles were wrong from the start: they are corrected, and its history
    keeps the old ones. Raises ValidationError for a day on which the membership has not begun or has
    ended, and for one's own membership.
    """
    _refuse_own(membership.user, by)
    if starts_on < membership.starts_on:
        text = _("この役割が始まった日（%(on)s）か、それより後の日付にしてください。")
        raise ValidationError({"starts_on": text % {"on": both(membership.starts_on)}})
    if starts_on == membership.starts_on and membership.ended_at is None:
        return _corrected_roles(membership, roles, by, at)
    if membership.ended_at is not None or not membership.worked_on(day_before(starts_on)):
        raise ValidationError({"starts_on": _("この所属は、その日までに終わっています。")})
    ends_on = membership.ends_on
    membership.ends_on = day_before(starts_on)
    save_record(membership, verb="roles_changed", by=by, at=at, fields=("ends_on",))
    new = Membership(
        user=membership.user,
        office=membership.office,
        municipality=membership.municipality,
        roles=list(roles),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    save_record(new, verb="roles_changed", by=by, at=at, fields=("roles",))
    audit(verb="roles_changed", subject=membership.user, by=by, at=at, fields=("roles",))
    return new


def _corrected_roles(
    membership: Membership, roles: Iterable[str], by: Membership, at: datetime
) -> Membership:
    """The roles as they were from the first day of the row, in its place."""
    membership.roles = list(roles)
    save_record(membership, verb="roles_changed", by=by, at=at, fields=("roles",))
    audit(verb="roles_changed", subject=membership.user, by=by, at=at, fields=("roles",))
    return membership
