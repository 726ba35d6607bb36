"""What stops a backup or a restore, in words for whoever runs the server."""

from __future__ import annotations


class BackupError(Exception):
    """バックアップの失敗 why it stopped; nothing that was there before has changed."""
