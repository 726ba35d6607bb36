"""Choices of the model fields, made from the plain kinds of the rules."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.rules import kinds


class ContactWay(models.TextChoices):
    """方法 of a contact."""

    FACE = kinds.ContactWay.FACE.value, _("対面")
    VIDEO = kinds.ContactWay.VIDEO.value, _("テレビ電話")
    PHONE = kinds.ContactWay.PHONE.value, _("電話")
    MESSAGE = kinds.ContactWay.MESSAGE.value, _("メール・メッセージ")
    EMPLOYER_VISIT = kinds.ContactWay.EMPLOYER_VISIT.value, _("職場訪問（本人に会わない）")
    CONFERENCE = kinds.ContactWay.CONFERENCE.value, _("関係者との会議")


class ContactOutcome(models.TextChoices):
    """結果 of a contact."""

    MET = kinds.ContactOutcome.MET.value, _("会えた・話せた")
    ATTEMPT = kinds.ContactOutcome.ATTEMPT.value, _("会えなかった（不在・応答なし）")
    REFUSED = kinds.ContactOutcome.REFUSED.value, _("本人が希望しなかった")
    OTHERS = kinds.ContactOutcome.OTHERS.value, _("関係者と話した")


class Rating(models.TextChoices):
    """様子 of work or life."""

    SETTLED = kinds.Rating.SETTLED.value, _("安定")
    WATCH = kinds.Rating.WATCH.value, _("気になる")
    UNSTABLE = kinds.Rating.UNSTABLE.value, _("不安定")
