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


class Rating(Labelled):
    """様子: how work or life goes, at a glance."""

    SETTLED = "settled", "安定"
    WATCH = "watch", "気になる"
    UNSTABLE = "unstable", "不安定"
