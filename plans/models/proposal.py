"""Proposal: what an office proposes to the ward, and the talk about it, instead of telephone calls."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clients.models import Enrolment
from plans.models.application import Application
from plans.models.certificate import Decision
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.models.base import RecordedModel


class Proposal(RecordedModel):
    """区への提案 about one person with a decision. Whose turn it is stands on it; each word is a step."""

    class Kind(models.TextChoices):
        """種類 what the ward is asked for."""

        RENEWAL = "renewal", "支給決定の更新"
        CHANGE = "change", "期間・支給量の変更"
        END = "end", "支給決定の終了"
        ADDRESS = "address", "住所の変更"
        JOB = "job", "就職先の変更"

    class State(models.TextChoices):
        """状態 whose turn it is, or how it ended."""

        WARD = "ward", "区の番"
        OFFICE = "office", "事業所の番"
        ACCEPTED = "accepted", "受け入れた"
        REFUSED = "refused", "受け入れなかった"
        WITHDRAWN = "withdrawn", "取り下げた"

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # the ward's record of what it was asked
        related_name="proposals",
        verbose_name="利用",
    )
    decision = models.ForeignKey(
        Decision,
        on_delete=models.PROTECT,  # the ward's record
        related_name="proposals",
        verbose_name="支給決定",
    )
    kind = models.CharField("種類", max_length=10, choices=Kind)
    starts_on = models.DateField("最初の日", null=True, blank=True)
    ends_on = models.DateField("最後の日", null=True, blank=True)
    value = models.CharField("新しい住所・就職先・支給量", max_length=160, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # reference data
        null=True,
        blank=True,
        related_name="+",
        verbose_name="転居先の市区町村",
    )
    changes_to_improve = models.BooleanField("労働条件の改善のための転職", null=True, blank=True)
    must_not_contact = models.BooleanField("職場に連絡しない", default=False)
    application = models.OneToOneField(
        Application,
        on_delete=models.PROTECT,  # the ward's record
        null=True,
        blank=True,
        related_name="proposal",
        verbose_name="受け付けた申請",
    )
    state = models.CharField("状態", max_length=10, choices=State, default=State.WARD)
    since = models.DateTimeField("この状態になった日時")
    is_read = models.BooleanField("相手が読んだ", default=False)

    class Meta:
        verbose_name = "区への提案"
        verbose_name_plural = "区への提案"
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "kind"],
                condition=Q(state__in=["ward", "office"]),
                name="proposal_one_open",
                violation_error_message="同じ種類の提案が、もう出ています。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["address", "job"]) | ~Q(value=""),
                name="proposal_value_given",
                violation_error_message="新しい住所か就職先を入れてください。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["change", "address", "job"]) | Q(starts_on__isnull=False),
                name="proposal_first_day_given",
                violation_error_message="最初の日を入れてください。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="end") | Q(ends_on__isnull=False),
                name="proposal_last_day_given",
                violation_error_message="最後の日を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(kind="address", municipality__isnull=False)
                | (~Q(kind="address") & Q(municipality__isnull=True)),
                name="proposal_where_to",
                violation_error_message="転居先の市区町村を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=True)
                | Q(state="accepted", kind__in=["renewal", "change"]),
                name="proposal_application_of_accepted",
                violation_error_message="申請は、受け入れた更新か変更にだけつきます。",
            ),
        ]
        indexes = [models.Index(fields=["decision", "state"], name="proposal_of_decision")]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer."""
        return self.state in (self.State.WARD, self.State.OFFICE)


class ProposalStep(RecordedModel):
    """提案のやりとり one word of the talk; never changed."""

    class Act(models.TextChoices):
        """行い what was done with it."""

        PROPOSED = "proposed", "提案した"
        ASKED = "asked", "聞き返した"
        ANSWERED = "answered", "答えた"
        ACCEPTED = "accepted", "受け入れた"
        REFUSED = "refused", "受け入れなかった"
        WITHDRAWN = "withdrawn", "取り下げた"

    class Reason(models.TextChoices):
        """受け入れない理由 in kinds, so that both sides know what to do next."""

        TOO_EARLY = "too_early", "まだその時期ではない"
        NOT_MET = "not_met", "要件に合わない"
        MISSING = "missing", "書類や情報が足りない"
        ELSEWHERE = "elsewhere", "ほかの窓口の仕事"
        NOT_NEEDED = "not_needed", "手続きがいらない"
        OTHER = "other", "そのほか"

    proposal = models.ForeignKey(
        Proposal,
        on_delete=models.PROTECT,  # the talk stays whole
        related_name="steps",
        verbose_name="提案",
    )
    act = models.CharField("行い", max_length=10, choices=Act)
    text = models.TextField("ことば", max_length=2000, blank=True)
    reason = models.CharField("受け入れない理由", max_length=12, choices=Reason, blank=True)
    next_step = models.CharField("次にすること", max_length=400, blank=True)

    class Meta:
        verbose_name = "提案のやりとり"
        verbose_name_plural = "提案のやりとり"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act="refused") | (~Q(reason="") & ~Q(next_step="")),
                name="proposal_refusal_has_reason",
                violation_error_message="受け入れないときは、理由と次にすることを入れてください。",
            )
        ]
