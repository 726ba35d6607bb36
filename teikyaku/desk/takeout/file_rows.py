"""The rows of a file that is being made, read back from its lines: of the moment at which they were taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from teikyaku.accounts.models import Office
from teikyaku.desk.takeout.columns import data_file
from teikyaku.desk.takeout.rows import Row
from teikyaku.desk.takeout.values import columns_of, stored


@dataclass(frozen=True, slots=True)
class FileRows:
    """As `OfficeRows.of`, however much was written in the office since."""

    office: Office
    folder: Path

    def of(self, model: Any, first: int = 0, most: int | None = None) -> Iterator[Row]:
        """The rows of a model as the file holds them, in its order; from row `first` on, so many at most."""
        columns = {column.attname: column for column in columns_of(model)}
        with (self.folder / data_file(model)).open("rb") as lines:
            for line in islice(lines, first, None if most is None else first + most):
                values = json.loads(line)
                yield {name: stored(columns[name], value) for name, value in values.items()}
