"""`manage.py first_admin`: the first system administrator of an installation."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from teikyaku.accounts.actions.membership import invite
from teikyaku.accounts.actions.reference import load_reference
from teikyaku.accounts.invitations import absolute_link
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Role
from teikyaku.clock import now, today


class Command(BaseCommand):
    """Invites the first administrator and prints the link; refuses when there is one."""

    help = "最初のシステム管理者を招待し、パスワードを決めるリンクを表示します。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Address and name of the administrator."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the wards and the administrator."""
        in_force = Membership.objects.in_force(today())
        if any(m.has_role(Role.SYSTEM_ADMIN) and not m.ended_at for m in in_force):
            raise CommandError("システム管理者がすでにいます。画面から招待してください。")
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError("メールアドレスの形を確かめてください。") from error
        load_reference()
        membership = invite(
            email=options["email"],
            name=options["name"],
            roles=[Role.SYSTEM_ADMIN.value],
            starts_on=today(),
            link_of=absolute_link,
            by=None,
            at=now(),
        )
        self.stdout.write("次のリンクを開き、パスワードを決めてください（3日のあいだ、一度だけ）。")
        self.stdout.write(absolute_link(membership.user))
