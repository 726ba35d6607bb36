"""Choices of the model fields, made from the plain kinds of the rules.

A member here equals its twin in `clients.rules.kinds` (both are strings), so that a stored value
can be handed to a rule as it is; a test holds the two lists and their labels together.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.rules import kinds


class ServiceKind(models.TextChoices):
    """就職前のサービス: the five services whose use opens the right."""

    LIFE_CARE = kinds.ServiceKind.LIFE_CARE.value, _("生活介護")
    SELF_RELIANCE = kinds.ServiceKind.SELF_RELIANCE.value, _("自立訓練")
    TRANSITION = kinds.ServiceKind.TRANSITION.value, _("就労移行支援")
    CONTINUED_A = kinds.ServiceKind.CONTINUED_A.value, _("就労継続支援A型")
    CONTINUED_B = kinds.ServiceKind.CONTINUED_B.value, _("就労継続支援B型")


class EmploymentKind(models.TextChoices):
    """雇用の種類: only ordinary employment counts for the window."""

    ORDINARY = kinds.EmploymentKind.ORDINARY.value, _("一般就労")
    CONTINUED_A = kinds.EmploymentKind.CONTINUED_A.value, _("就労継続支援A型での就労")
    SELF_EMPLOYED = kinds.EmploymentKind.SELF_EMPLOYED.value, _("自営・その他の働き方")


class JobRoute(models.TextChoices):
    """就職の経路: how the job was found."""

    SPECIAL_NEEDS_SCHOOL = (
        kinds.JobRoute.SPECIAL_NEEDS_SCHOOL.value,
        _("特別支援学校を卒業してすぐ"),
    )
    HELLO_WORK = kinds.JobRoute.HELLO_WORK.value, _("ハローワークの紹介")
    CORE_SUPPORT = kinds.JobRoute.CORE_SUPPORT.value, _("こあサポートの紹介")
    LIFE_UP = kinds.JobRoute.LIFE_UP.value, _("らいふあっぷの紹介")
    OFFICE = kinds.JobRoute.OFFICE.value, _("利用していた事業所の支援")
    OTHER = kinds.JobRoute.OTHER.value, _("その他")


class CentreKind(models.TextChoices):
    """相談先: where somebody is led."""

    CORE_SUPPORT = kinds.CentreKind.CORE_SUPPORT.value, _("こあサポート")
    LIFE_UP = kinds.CentreKind.LIFE_UP.value, _("らいふあっぷ")
    OTHER_AREA = kinds.CentreKind.OTHER_AREA.value, _("他圏域の障害者就業・生活支援センター")
    JOB_COACH = kinds.CentreKind.JOB_COACH.value, _("ジョブコーチ")


class SupportKind(models.TextChoices):
    """他の支援の種類 of what a person has beside this service."""

    CENTRE = kinds.SupportKind.CENTRE.value, _("センターへの登録")
    JOB_COACH = kinds.SupportKind.JOB_COACH.value, _("ジョブコーチ")
    INDEPENDENT_LIVING = kinds.SupportKind.INDEPENDENT_LIVING.value, _("自立生活援助")


class ReferralOutcome(models.TextChoices):
    """つなぎの結果 of one referral."""

    WAITING = kinds.ReferralOutcome.WAITING.value, _("返事待ち")
    REGISTERED = kinds.ReferralOutcome.REGISTERED.value, _("登録した")
    TALKED = kinds.ReferralOutcome.TALKED.value, _("相談のみ")
    NOT_REACHED = kinds.ReferralOutcome.NOT_REACHED.value, _("つながらなかった")


class FollowUp(models.TextChoices):
    """もう一度声をかけた結果 of one referral."""

    APPLIES = kinds.FollowUp.APPLIES.value, _("申請することになった")
    NOT_NOW = kinds.FollowUp.NOT_NOW.value, _("いまは使わない")


class Category(models.TextChoices):
    """利用者負担の区分 of a cap period."""

    PUBLIC_ASSISTANCE = kinds.Category.PUBLIC_ASSISTANCE.value, _("生活保護")
    LOW_INCOME = kinds.Category.LOW_INCOME.value, _("低所得")
    GENERAL_1 = kinds.Category.GENERAL_1.value, _("一般1")
    GENERAL_2 = kinds.Category.GENERAL_2.value, _("一般2")


class EndReason(models.TextChoices):
    """終了の理由 of an enrolment."""

    EXPIRED = kinds.EndReason.EXPIRED.value, _("期間満了")
    LEFT_JOB = kinds.EndReason.LEFT_JOB.value, _("離職")
    MOVED = kinds.EndReason.MOVED.value, _("転出")
    OTHER_OFFICE = kinds.EndReason.OTHER_OFFICE.value, _("他事業所へ")
    OWN_WISH = kinds.EndReason.OWN_WISH.value, _("本人希望")
    DIED = kinds.EndReason.DIED.value, _("死亡")


class ReportItem(models.TextChoices):
    """支援レポートの項目: what a report holds, and what a consent can leave out for one recipient."""

    GOALS = kinds.ReportItem.GOALS.value, _("今月の目標")
    DONE = kinds.ReportItem.DONE.value, _("行った支援")
    RESULT = kinds.ReportItem.RESULT.value, _("結果・様子")
    NEXT_STEPS = kinds.ReportItem.NEXT_STEPS.value, _("これからのこと")
    ROLES = kinds.ReportItem.ROLES.value, _("だれが、何をするか")
    TO_SHARE = kinds.ReportItem.TO_SHARE.value, _("共有したいこと")


class CheckOutcome(models.TextChoices):
    """3月31日の就労の答え of a former user; the last two are no answers."""

    SAME_JOB = kinds.CheckOutcome.SAME_JOB.value, _("働いている（同じ職場）")
    OTHER_JOB = kinds.CheckOutcome.OTHER_JOB.value, _("働いている（ほかの職場）")
    NOT_EMPLOYED = kinds.CheckOutcome.NOT_EMPLOYED.value, _("働いていない")
    NOT_REACHED = kinds.CheckOutcome.NOT_REACHED.value, _("つながらなかった")
    DECLINED = kinds.CheckOutcome.DECLINED.value, _("これからは連絡しないでほしい")


class CheckSource(models.TextChoices):
    """だれから聞いたか of an answer, or who was tried."""

    PERSON = kinds.CheckSource.PERSON.value, _("本人")
    FAMILY = kinds.CheckSource.FAMILY.value, _("家族")
    WORKPLACE = kinds.CheckSource.WORKPLACE.value, _("職場")
    CENTRE = kinds.CheckSource.CENTRE.value, _("センター")
    PAPER = kinds.CheckSource.PAPER.value, _("書類")
    OTHER = kinds.CheckSource.OTHER.value, _("その他")
