"""User: a person who signs in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from teikyaku.ids import new_public_id
from teikyaku.kana import plain_kana


def folded_email(text: str) -> str:
    """The form in which addresses are stored and compared: case-folded, without blanks."""
    return text.strip().casefold()


class UserManager(BaseUserManager["User"]):
    """Creates users and finds them by their folded address."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this address, however it was typed."""
        return self.get(email=folded_email(username or ""))

    def create_user(
        self, *, email: str, name: str, password: str | None = None, kana: str = ""
    ) -> User:
        """Store a user; without a password nobody can sign in until the invitation is taken."""
        user = self.model(email=folded_email(email), name=name, kana=plain_kana(kana))
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """職員 a person with a sign-in. What they may do hangs on their memberships alone."""

    public_id = models.UUIDField("公開ID", default=new_public_id, unique=True, editable=False)
    email = models.EmailField(
        "メールアドレス", unique=True, error_messages={"unique": "このアドレスは登録済みです。"}
    )
    name = models.CharField("氏名", max_length=80)
    # By which lists are sorted; "" while nobody has told it.
    kana = models.CharField("ふりがな", max_length=80, blank=True)
    is_active = models.BooleanField("サインインできる", default=True)
    # Roles whose first-steps card was put away, and steps (names of pages) that are done: no history.
    hidden_steps = models.JSONField("しまった案内", default=list, blank=True, editable=False)
    # As above: their own choice, asked whenever mails are written.
    wants_digest = models.BooleanField("月曜の知らせを受け取る", default=True)

    objects = UserManager()

    # Of the user of a session: every membership ever, read together with the user (backends.py).
    held_memberships: list[Any] | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "職員"
        verbose_name_plural = "職員"
        indexes = [models.Index(fields=["kana", "name", "id"], name="user_by_kana")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_is_folded",
                violation_error_message="メールアドレスは小文字で保存します。",
            )
        ]

    def __str__(self) -> str:
        """The kind and a piece of the UUID; pages that may show the name ask for it."""
        return f"職員 {str(self.public_id)[:8]}"

    def clean(self) -> None:
        """Fold the address before uniqueness is checked."""
        self.email = folded_email(self.email)

    @property
    def is_staff(self) -> bool:
        """Django's admin asks this; the admin site itself decides by the role table."""
        return self.is_active

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Nothing: permissions come from the role table through a membership."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Nothing: permissions come from the role table through a membership."""
        return False
