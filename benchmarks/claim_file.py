"""What a claim file of 50,000 people costs: J111 and J121 written line by line, people made on the way.

    python -m benchmarks.claim_file 50000

Each size runs in a process of its own, whose highest memory then is that of this file. The writer alone:
`make_claim_files` holds an office's file, to check and to keep it (docs/speed.md).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

SIZES = (50, 50_000)
# Linux says kilobytes.
KB_IN_MB = 1024


class People:
    """So many statements, made anew on each walk: nobody holds them."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __iter__(self) -> Iterator[Any]:
        from tests.billing.kokuhoren.cases import statement

        for number in range(self._count):
            yield statement(certificate=f"{number:010d}")


def written(count: int) -> dict[str, float]:
    """The bytes of a file of `count` people, the seconds of processor time, the process's peak in MB."""
    from billing.kokuhoren.writer import claim_lines
    from teikyaku.periods import Month

    began = time.process_time()
    size = sum(len(line) for line in claim_lines("1510000001", Month(2026, 5), People(count)))
    return {
        "people": count,
        "bytes": size,
        "cpu_seconds": round(time.process_time() - began, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB_IN_MB, 1),
    }


def measure_claim_files() -> list[dict[str, float]]:
    """Both sizes, the small one first: the memory of the large one is to be the same."""
    found = []
    for size in SIZES:
        command = [sys.executable, "-m", "benchmarks.claim_file", str(size)]
        told = subprocess.run(command, check=True, capture_output=True)
        found.append(json.loads(told.stdout))
    return found


if __name__ == "__main__":
    print(json.dumps(written(int(sys.argv[1]))))
