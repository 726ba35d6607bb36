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


class MeetingKind(models.TextChoices):
    """地域連携会議の区分."""

    COMMUNITY_1 = kinds.MeetingKind.COMMUNITY_1.value, _("地域連携会議（Ⅰ）")
    COMMUNITY_2 = kinds.MeetingKind.COMMUNITY_2.value, _("地域連携会議（Ⅱ）")


class Topic(models.TextChoices):
    """よくある話題."""

    TASKS = kinds.Topic.TASKS.value, _("仕事の内容")
    PEOPLE = kinds.Topic.PEOPLE.value, _("職場の人間関係")
    HOURS = kinds.Topic.HOURS.value, _("勤務時間・休み")
    COMMUTE = kinds.Topic.COMMUTE.value, _("通勤")
    HEALTH = kinds.Topic.HEALTH.value, _("体調・通院・服薬")
    RHYTHM = kinds.Topic.RHYTHM.value, _("睡眠・生活リズム")
    MONEY = kinds.Topic.MONEY.value, _("お金")
    HOME = kinds.Topic.HOME.value, _("住まい・家事")
    FAMILY = kinds.Topic.FAMILY.value, _("家族")
    LEISURE = kinds.Topic.LEISURE.value, _("休日・余暇")
    FUTURE = kinds.Topic.FUTURE.value, _("これからのこと")


class Partner(models.TextChoices):
    """話した相手, beside the person."""

    WORKPLACE = kinds.Partner.WORKPLACE.value, _("職場の人")
    FAMILY = kinds.Partner.FAMILY.value, _("家族")
    CONSULTATION = kinds.Partner.CONSULTATION.value, _("相談支援")
    MEDICAL = kinds.Partner.MEDICAL.value, _("医療機関")
    CENTRE = kinds.Partner.CENTRE.value, _("支援センター・ほかの事業所")
    OFFICIAL = kinds.Partner.OFFICIAL.value, _("役所・ハローワーク")
    OTHER = kinds.Partner.OTHER.value, _("そのほか")


class WorkplaceTalk(models.TextChoices):
    """職場との連絡 of somebody whose workplace must not be contacted."""

    NONE = kinds.WorkplaceTalk.NONE.value, _("職場の人とは話していない")
    THEIRS = (
        kinds.WorkplaceTalk.THEIRS.value,
        _("職場の側から連絡があった（こちらからはしていない）"),
    )
    OURS = kinds.WorkplaceTalk.OURS.value, _("こちらから職場に連絡した（起きたこととして残す）")


class Rating(models.TextChoices):
    """様子 of work or life."""

    SETTLED = kinds.Rating.SETTLED.value, _("安定")
    WATCH = kinds.Rating.WATCH.value, _("気になる")
    UNSTABLE = kinds.Rating.UNSTABLE.value, _("不安定")
