"""Kinds: the words that the rules of this app decide by, with their Japanese labels."""

from __future__ import annotations

from clients.rules.kinds import Labelled


class ContactWay(Labelled):
    """方法: only face to face and video can count for the month (docs/rules.md §6 S)."""

    FACE = "face", "対面"
    VIDEO = "video", "テレビ電話"
    PHONE = "phone", "電話"
    MESSAGE = "message", "メール・メッセージ"
    EMPLOYER_VISIT = "employer_visit", "職場訪問（本人に会わない）"
    CONFERENCE = "conference", "関係者との会議"


class ContactOutcome(Labelled):
    """結果: an attempt that reached nobody is recorded and never counts (docs/rules.md §6)."""

    MET = "met", "会えた・話せた"
    ATTEMPT = "attempt", "会えなかった（不在・応答なし）"
    REFUSED = "refused", "本人が希望しなかった"
    OTHERS = "others", "関係者と話した"


class MeetingKind(Labelled):
    """地域連携会議の区分: what the addition of the month is called (docs/rules.md §7 S)."""

    COMMUNITY_1 = "community_1", "地域連携会議（Ⅰ）"
    COMMUNITY_2 = "community_2", "地域連携会議（Ⅱ）"


class Topic(Labelled):
    """話題: what people often talk about, to tick instead of typing; no rule hangs on it."""

    TASKS = "tasks", "仕事の内容"
    PEOPLE = "people", "職場の人間関係"
    HOURS = "hours", "勤務時間・休み"
    COMMUTE = "commute", "通勤"
    HEALTH = "health", "体調・通院・服薬"
    RHYTHM = "rhythm", "睡眠・生活リズム"
    MONEY = "money", "お金"
    HOME = "home", "住まい・家事"
    FAMILY = "family", "家族"
    LEISURE = "leisure", "休日・余暇"
    FUTURE = "future", "これからのこと"


class Partner(Labelled):
    """話した相手: whether the workplace is among them decides (docs/rules.md §6 M)."""

    WORKPLACE = "workplace", "職場の人"
    FAMILY = "family", "家族"
    CONSULTATION = "consultation", "相談支援"
    MEDICAL = "medical", "医療機関"
    CENTRE = "centre", "支援センター・ほかの事業所"
    OFFICIAL = "official", "役所・ハローワーク"
    OTHER = "other", "そのほか"


class WorkplaceTalk(Labelled):
    """職場との連絡, of somebody whose workplace must not be contacted: what really happened."""

    NONE = "none", "職場の人とは話していない"
    THEIRS = "theirs", "職場の側から連絡があった（こちらからはしていない）"
    OURS = "ours", "こちらから職場に連絡した（起きたこととして残す）"


class Rating(Labelled):
    """様子: how work or life goes, at a glance."""

    SETTLED = "settled", "安定"
    WATCH = "watch", "気になる"
    UNSTABLE = "unstable", "不安定"
