"""Kinds: the words that the rules of this app decide by, with their Japanese labels.

They are plain enumerations without Django, because rules are; `clients.enums` makes the choices of
the model fields from them.
"""

from __future__ import annotations

from enum import StrEnum


class Labelled(StrEnum):
    """A string enumeration whose members carry the Japanese words that people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        """A member that equals `value` and shows itself as `label`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class ServiceKind(Labelled):
    """就職前のサービス: the five services whose use opens the right (docs/rules.md §1 G)."""

    LIFE_CARE = "life_care", "生活介護"
    SELF_RELIANCE = "self_reliance", "自立訓練"
    TRANSITION = "transition", "就労移行支援"
    CONTINUED_A = "continued_a", "就労継続支援A型"
    CONTINUED_B = "continued_b", "就労継続支援B型"


class EmploymentKind(Labelled):
    """雇用の種類: only ordinary employment counts; A型 does not (docs/rules.md §1 S)."""

    ORDINARY = "ordinary", "一般就労"
    CONTINUED_A = "continued_a", "就労継続支援A型での就労"
    SELF_EMPLOYED = "self_employed", "自営・その他の働き方"


class JobRoute(Labelled):
    """就職の経路: how the job was found; it never decides by itself (docs/rules.md §1 G)."""

    SPECIAL_NEEDS_SCHOOL = "school", "特別支援学校を卒業してすぐ"
    HELLO_WORK = "hello_work", "ハローワークの紹介"
    CORE_SUPPORT = "core_support", "こあサポートの紹介"
    LIFE_UP = "life_up", "らいふあっぷの紹介"
    OFFICE = "office", "利用していた事業所の支援"
    OTHER = "other", "その他"


class StandingState(Labelled):
    """利用可能期間の状態 on one day: derived from dates, never stored as a decision."""

    NONE = "none", "利用可能期間なし"
    WAITING = "waiting", "開始待ち"
    OPEN = "open", "利用可能"
    PENDING = "pending", "転職の確認待ち"
    ENDED = "ended", "離職により終了"
    EXPIRED = "expired", "期間満了"


class ScreeningAnswer(Labelled):
    """確認の結果: what a screening answers; it always stands beside its reasons."""

    ELIGIBLE_NOW = "eligible_now", "いま利用できる時期です"
    ELIGIBLE_FROM = "eligible_from", "6か月たってから利用できます"
    CONTINUES = "continues", "次の仕事を始めると、続けて利用できます"
    NOT_ELIGIBLE = "not_eligible", "この制度の対象にはなりませんが、別の窓口があります"
    EXPIRED = "expired", "利用できる期間は終わりましたが、別の窓口があります"
    INCOMPLETE = "incomplete", "あと少し教えてください"


class CentreKind(Labelled):
    """相談先: where a person is sent, or what can be added to any support (docs/rules.md §1 G)."""

    CORE_SUPPORT = "core_support", "こあサポート"
    LIFE_UP = "life_up", "らいふあっぷ"
    OTHER_AREA = "other_area", "他圏域の障害者就業・生活支援センター"
    JOB_COACH = "job_coach", "ジョブコーチ"


class SupportKind(Labelled):
    """他の支援の種類: what a person has beside this service (docs/rules.md §1 G, §7 M)."""

    CENTRE = "centre", "センターへの登録"
    JOB_COACH = "job_coach", "ジョブコーチ"
    INDEPENDENT_LIVING = "independent_living", "自立生活援助"


class SupportPhase(Labelled):
    """段階 of a job coach's support, in their order (docs/rules.md §1 G)."""

    INTENSIVE = "intensive", "集中支援"
    TRANSITION = "transition", "移行支援"
    FOLLOW_UP = "follow_up", "フォローアップ"


class ReferralOutcome(Labelled):
    """つなぎの結果: what came of leading somebody to a centre."""

    WAITING = "waiting", "返事待ち"
    REGISTERED = "registered", "登録した"
    TALKED = "talked", "相談のみ"
    NOT_REACHED = "not_reached", "つながらなかった"


class FollowUp(Labelled):
    """もう一度声をかけた結果 of somebody who can use the service after all."""

    APPLIES = "applies", "申請することになった"
    NOT_NOW = "not_now", "いまは使わない"


class Category(Labelled):
    """利用者負担の区分 (docs/rules.md §5 G)."""

    PUBLIC_ASSISTANCE = "public_assistance", "生活保護"
    LOW_INCOME = "low_income", "低所得"
    GENERAL_1 = "general_1", "一般1"
    GENERAL_2 = "general_2", "一般2"


class EndReason(Labelled):
    """終了の理由 (docs/rules.md §9 G)."""

    EXPIRED = "expired", "期間満了"
    LEFT_JOB = "left_job", "離職"
    MOVED = "moved", "転出"
    OTHER_OFFICE = "other_office", "他事業所へ"
    OWN_WISH = "own_wish", "本人希望"
    DIED = "died", "死亡"


class ReportItem(Labelled):
    """支援レポートの項目: what a report holds, and what a consent can leave out (docs/rules.md §6 S)."""

    GOALS = "goals", "今月の目標"
    DONE = "done", "行った支援"
    RESULT = "result", "結果・様子"
    NEXT_STEPS = "next_steps", "これからのこと"
    ROLES = "roles", "だれが、何をするか"
    TO_SHARE = "to_share", "共有したいこと"


class CheckOutcome(Labelled):
    """3月31日の就労の答え: what came of asking about one March 31 (docs/rules.md §7 M)."""

    SAME_JOB = "same_job", "働いている（同じ職場）"
    OTHER_JOB = "other_job", "働いている（ほかの職場）"
    NOT_EMPLOYED = "not_employed", "働いていない"
    NOT_REACHED = "not_reached", "つながらなかった"
    DECLINED = "declined", "これからは連絡しないでほしい"


class CheckSource(Labelled):
    """だれから聞いたか: from whom or what an answer came."""

    PERSON = "person", "本人"
    FAMILY = "family", "家族"
    WORKPLACE = "workplace", "職場"
    CENTRE = "centre", "センター"
    PAPER = "paper", "書類"
    OTHER = "other", "その他"
