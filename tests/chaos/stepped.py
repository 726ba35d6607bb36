"""A command of the product in a process whose steps are counted, and which may die at one of them.

`python -m tests.chaos.stepped FILE FOLDER STEP COMMAND ...`: the steps go to FILE, files below FOLDER
count; STEP 0 lets it live.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import execute_from_command_line

    from tests.chaos.steps import Steps

    file, below, step, *command = sys.argv[1:]
    Steps.of_another(Path(file), Path(below)).watch(int(step))
    execute_from_command_line(["manage.py", *command])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
