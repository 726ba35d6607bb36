"""The rows of a file that is being made, read back from its data: of the moment at which they were taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

from teikyaku.accounts.models import Office
from teikyaku.desk.takeout.columns import data_file
from teikyaku.desk.takeout.rows import Row
from teikyaku.desk.takeout.values import columns_of, stored


@dataclass(frozen=True, slots=True)
class FileRows:
    """As `OfficeRows.of`, however much was written in the office since."""

    office: Office
    archive: ZipFile

    def of(self, model: Any) -> Iterator[Row]:
        """The rows of a model as the file holds them, in its order."""
        columns = {column.attname: column for column in columns_of(model)}
        with self.archive.open(data_file(model)) as lines:
            for line in lines:
                values = json.loads(line)
                yield {name: stored(columns[name], value) for name, value in values.items()}
