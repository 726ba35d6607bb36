"""Membership: in which place, in which roles, from when to when somebody works."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models.base import PublicModel
from teikyaku.accounts.models.municipality import Municipality
from teikyaku.accounts.models.office import Office
from teikyaku.accounts.models.user import User
from teikyaku.accounts.roles import ROLE_SCOPES, Permission, Role, Scope, permissions_of
from teikyaku.clock import date_of
from teikyaku.constraints import DateOrder, NoOverlap
from teikyaku.periods import in_force


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about memberships; each takes its date."""

    def in_force(self, on: date) -> MembershipQuerySet:
        """Those whose period holds `on`."""
        return self.filter(in_force(on))

    def with_places(self) -> MembershipQuerySet:
        """With user, office and municipality at hand."""
        return self.select_related("user", "office", "municipality__city")


class Membership(PublicModel):
    """所属 user × office, municipality or the whole installation × several roles × period."""

    user = models.ForeignKey(
        User,
        # What a user did stays tied to the place they did it in.
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name="職員",
    )
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # as above
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="事業所",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # as above
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="自治体",
    )
    roles = models.JSONField("役割", default=list)
    starts_on = models.DateField("所属開始日")
    ends_on = models.DateField("所属終了日", null=True, blank=True)
    # The moment from which nobody gets in any more; `ends_on` is its Tokyo date.
    ended_at = models.DateTimeField("終了の操作日時", null=True, blank=True, editable=False)

    history = HistoricalRecords(related_name="history_rows")
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "所属"
        verbose_name_plural = "所属"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(office__isnull=True) | models.Q(municipality__isnull=True),
                name="membership_one_place",
                violation_error_message="事業所と自治体の両方には所属できません。",
            ),
            DateOrder(
                name="membership_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            # A row ended by hand stands aside: who was let go by mistake comes back the same day.
            NoOverlap(
                fields=["user", "office"],
                condition=models.Q(ended_at__isnull=True),
                name="membership_no_overlap_office",
                violation_error_message="この職員は、その期間すでにこの事業所に所属しています。",
            ),
            NoOverlap(
                fields=["user", "municipality"],
                condition=models.Q(ended_at__isnull=True),
                name="membership_no_overlap_municipality",
                violation_error_message="この職員は、その期間すでにこの自治体に所属しています。",
            ),
            NoOverlap(
                fields=["user"],
                condition=models.Q(
                    office__isnull=True, municipality__isnull=True, ended_at__isnull=True
                ),
                name="membership_no_overlap_installation",
                violation_error_message="この職員は、その期間すでにシステム全体に所属しています。",
            ),
        ]

    def clean(self) -> None:
        """Roles are known, at least one, and fit the place."""
        unknown = [role for role in self.roles if role not in Role.values]
        if unknown or not self.roles:
            raise ValidationError({"roles": "役割を一つ以上選んでください。"})
        if any(ROLE_SCOPES[Role(role)] != self.scope for role in self.roles):
            raise ValidationError({"roles": "この所属先では持てない役割が含まれています。"})

    @property
    def scope(self) -> Scope:
        """Where the roles hold."""
        if self.office_id:
            return Scope.OFFICE
        return Scope.MUNICIPALITY if self.municipality_id else Scope.INSTALLATION

    @property
    def place(self) -> Office | Municipality | None:
        """The office or municipality; None for the whole installation."""
        return self.office or self.municipality

    @property
    def label(self) -> str:
        """The place as the header shows it."""
        return self.place.label if self.place else "システム全体"

    @property
    def role_labels(self) -> list[str]:
        """Japanese names of the roles, in the order of the role table."""
        return [str(role.label) for role in Role if role in self.roles]

    @property
    def was_called_off(self) -> bool:
        """Whether it was ended by hand before its first day."""
        return self.ended_at is not None and date_of(self.ended_at) < self.starts_on

    def worked_on(self, on: date) -> bool:
        """Whether somebody worked here on `on`; stays true of past days after the end."""
        if self.was_called_off or on < self.starts_on:
            return False
        return self.ends_on is None or on <= self.ends_on

    def is_in_force(self, on: date) -> bool:
        """Whether the membership lets somebody in: it holds on `on` and was not ended by hand."""
        return self.ended_at is None and self.worked_on(on)

    def has_role(self, role: Role) -> bool:
        """Whether the role is among those held here."""
        return role in self.roles

    def may(self, permission: Permission) -> bool:
        """Whether the roles held here grant `permission`."""
        return permission in permissions_of(self.roles)
