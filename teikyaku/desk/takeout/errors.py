"""What stops a takeout, or bringing one in, in words for who asked for it."""

from __future__ import annotations


class TakeoutError(Exception):
    """持ち出しの失敗 why it stopped; nothing that was there before has changed."""
