"""Timeline entries: what each app hands out about a person's history, in one shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Tone(StrEnum):
    """How an entry is drawn; never the only carrier of meaning."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


class TimelineKind(TextChoices):
    """種類 of what happened, as the page filters it."""

    CONTACT = "contact", _("面談・連絡")
    REPORT = "report", _("レポート")
    PACE = "pace", _("面談の間隔")
    RIGHT = "right", _("申請と支給決定")
    USE = "use", _("契約と利用")
    WORK = "work", _("仕事")
    PERSON = "person", _("氏名とサービス")
    AROUND = "around", _("ほかの支援・つなぎ")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One dated thing: when, what kind, in words, and where to read more."""

    on: date
    kind: TimelineKind
    title: str
    detail: str = ""
    url: str = ""
    tone: Tone = Tone.NEUTRAL


def newest_first(*sources: list[TimelineEntry]) -> list[TimelineEntry]:
    """All entries of the sources, newest first; within a day in the order given."""
    entries = [entry for source in sources for entry in source]
    return sorted(entries, key=lambda entry: entry.on, reverse=True)
