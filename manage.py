#!/usr/bin/env python
"""Command line of teikyaku. Without a mode it runs the demo, which listens on loopback only."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teikyaku.settings")
    os.environ.setdefault("TEIKYAKU_MODE", "demo")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django がありません。`make demo` で仮想環境を作ってから実行してください。")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
