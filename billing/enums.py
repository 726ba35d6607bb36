"""Choices of the billing models."""

from __future__ import annotations

from django.db import models

from billing.rules import cap_management as rule
from billing.rules import subsidy as subsidy_rule


class Tier(models.TextChoices):
    """就労定着率の区分 the seven tiers of the fee table (docs/rules.md §7)."""

    T95 = "95", "95％以上"
    T90 = "90", "90％以上95％未満"
    T80 = "80", "80％以上90％未満"
    T70 = "70", "70％以上80％未満"
    T50 = "50", "50％以上70％未満"
    T30 = "30", "30％以上50％未満"
    T00 = "00", "30％未満"


class NotifiedItem(models.TextChoices):
    """届出の項目 additions and reductions of the office (docs/rules.md §7)."""

    RETENTION_RECORD = "retention_record", "就労定着実績体制加算"
    JOB_COACH_TRAINED = "job_coach_trained", "職場適応援助者養成研修修了者配置体制加算"
    SPECIAL_AREA = "special_area", "特別地域加算"
    TREATMENT_1 = "treatment_1", "福祉・介護職員等処遇改善加算（Ⅰ）"
    TREATMENT_3 = "treatment_3", "福祉・介護職員等処遇改善加算（Ⅲ）"
    TREATMENT_4 = "treatment_4", "福祉・介護職員等処遇改善加算（Ⅳ）"
    NO_MANAGER = "no_manager", "サービス管理責任者欠如減算（4か月目まで）"
    NO_MANAGER_LONG = "no_manager_long", "サービス管理責任者欠如減算（5か月目から）"
    FEW_WORKERS = "few_workers", "就労定着支援員欠如減算（2か月目まで）"
    FEW_WORKERS_LONG = "few_workers_long", "就労定着支援員欠如減算（3か月目から）"
    NO_HANDOVER_SYSTEM = "no_handover_system", "支援体制構築未実施減算"
    NO_ABUSE_PREVENTION = "no_abuse_prevention", "虐待防止措置未実施減算"
    NO_CONTINUITY_PLAN = "no_continuity_plan", "業務継続計画未策定減算"
    NO_PUBLIC_REPORT = "no_public_report", "情報公表未報告減算"


class FeeImportKind(models.TextChoices):
    """取り込みの種類 what an import brings."""

    TABLE = "table", "新しい報酬表"
    CODES = "codes", "サービスコードだけ"


class FeeRowKind(models.TextChoices):
    """報酬表の行の種類 how a row changes the units of a month."""

    BASE = "base", "基本報酬"
    ADDITION = "addition", "加算"
    PERCENT_ADDITION = "percent_addition", "加算（％）"
    PERCENT_REDUCTION = "percent_reduction", "減算（％）"
    FACTOR = "factor", "減算（倍率）"
    CODE = "code", "コードだけ"


class ClosingKind(models.TextChoices):
    """締めの種類 whether a run closes the month or corrects one person's closed month."""

    REGULAR = "regular", "締め"
    CORRECTION = "correction", "訂正"


class CorrectionReason(models.TextChoices):
    """訂正の理由 why a closed month is put right or withdrawn."""

    RECORD = "record", "面談・レポートなど、支援の記録を直した"
    RIGHT = "right", "支給決定・受給者証・上限額が変わった"
    CAP = "cap", "上限額管理の結果が変わった"
    SUBSIDY = "subsidy", "自治体助成が変わった"
    OFFICE = "office", "届出・区分・単価が違っていた"
    RETURNED = "returned", "返戻になった"
    NOT_BILLABLE = "not_billable", "請求できない月だった"
    OTHER = "other", "その他"


class ClaimFamily(models.TextChoices):
    """請求ファイルの種類 by the record with which its lines begin."""

    CLAIM = "J111", "請求書・明細書"
    RECORDS = "J611", "サービス提供実績記録票"
    CAPS = "J411", "利用者負担上限額管理結果票"


class ClaimFileReason(models.TextChoices):
    """取り下げの理由 why a whole claim file does not count."""

    NOT_SENT = "not_sent", "まだ送っていない（作り直す）"
    TAKEN_BACK = "taken_back", "国保連で取り下げた"


class CapCancelReason(models.TextChoices):
    """取り消しの理由 why a 上限額管理結果票 that was sent counts no more."""

    WITHDRAWN = "withdrawn", "この月の請求を取り下げた"
    NOT_NEEDED = "not_needed", "ほかの事業所の利用がなく、管理がいらなかった"
    NOT_MANAGED = "not_managed", "上限額管理の対象ではなかった"
    OTHER_MANAGER = "other_manager", "ほかの事業所が管理する月だった"
    OTHER_NUMBER = "other_number", "受給者証番号か支給市町村が違っていた"
    OTHER = "other", "その他"


class CapTellWay(models.TextChoices):
    """知らせた方法 how another office was told that a sheet was cancelled or put right."""

    PHONE = "phone", "電話"
    FAX = "fax", "FAX"
    POST = "post", "郵送"
    MAIL = "mail", "メール"
    HAND = "hand", "手渡し"
    OTHER = "other", "その他"


class PaymentWay(models.TextChoices):
    """入金の方法 how the money came."""

    TRANSFER = "transfer", "振込"
    CASH = "cash", "現金"
    DEBIT = "debit", "口座振替"
    OTHER = "other", "その他"


class RefundWay(models.TextChoices):
    """返金の方法 how the money went back."""

    TRANSFER = "transfer", "振込"
    CASH = "cash", "現金"
    OTHER = "other", "その他"


class CapOutcome(models.TextChoices):
    """管理結果 the code of the sheet (docs/rules.md §5)."""

    MANAGER_FILLS = rule.CapOutcome.MANAGER_FILLS.value, rule.CapOutcome.MANAGER_FILLS.label
    WITHIN = rule.CapOutcome.WITHIN.value, rule.CapOutcome.WITHIN.label
    ADJUSTED = rule.CapOutcome.ADJUSTED.value, rule.CapOutcome.ADJUSTED.label


class CapRank(models.TextChoices):
    """徴収の順 by the kind of service (docs/rules.md §5)."""

    DAY = rule.Rank.DAY.value, rule.Rank.DAY.label
    VISIT = rule.Rank.VISIT.value, rule.Rank.VISIT.label
    RETENTION = rule.Rank.RETENTION.value, rule.Rank.RETENTION.label
    SHORT_STAY = rule.Rank.SHORT_STAY.value, rule.Rank.SHORT_STAY.label
    GROUP_HOME_TRIAL = rule.Rank.GROUP_HOME_TRIAL.value, rule.Rank.GROUP_HOME_TRIAL.label


class AnswerKind(models.TextChoices):
    """答えの種類 what the office answers about one person's months (docs/rules.md §7)."""

    NO_INITIAL = "no_initial", "初期加算を算定しない"
    NETWORK_ELSEWHERE = (
        "network_elsewhere",
        "地域連携会議実施加算を、ほかの事業所が使った",
    )
    HANDOVER_CONCERNED = "handover_concerned", "支援体制構築未実施減算の対象になる"
    SPECIAL_AREA = "special_area", "特別地域加算の対象になる"


class CityWay(models.TextChoices):
    """回答の方法 how a municipality answered."""

    PHONE = "phone", "電話"
    LETTER = "letter", "文書（通知・手紙・FAX）"
    MAIL = "mail", "メール"
    DESK = "desk", "窓口"


class SubsidyKind(models.TextChoices):
    """助成の種類 how a municipality reckons its part of the copayment."""

    PERCENT = subsidy_rule.PERCENT, "利用者負担の何％か"
    UP_TO = subsidy_rule.UP_TO, "月にいくらまで"
    BEYOND = subsidy_rule.BEYOND, "本人が払う額を超えた分"


class InvoiceWay(models.TextChoices):
    """請求書の作り方 what becomes of J111 (docs/rules.md §8)."""

    OWN = "own", "就労定着支援だけの請求書を入れる"
    TOGETHER = "together", "ほかのサービスの合計も足した請求書を入れる"
    APART = "apart", "請求書を入れない（明細書だけ。合計はほかのソフトに入れる）"
