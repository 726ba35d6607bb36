"""What lies in a backup: tables and files with their checksums. Plain values, JSON in and out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from teikyaku.desk.backup.errors import BackupError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Counted:
    """検査値 how much something holds (rows of a table, bytes of a file), and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """目録 of one backup. `database` is the dump itself, `tables` what must stand after a restore."""

    made_at: str
    product: str
    vendor: str
    migrations: tuple[str, ...]
    database: Counted
    tables: Mapping[str, Counted]
    files: Mapping[str, Counted]

    def to_json(self) -> bytes:
        """As it stands in the backup."""
        return json.dumps(
            {"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1, sort_keys=True
        ).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """Read back. Raises BackupError for what is no manifest of this format."""
        try:
            values = json.loads(content)
            if values.pop("format") != FORMAT:
                raise BackupError("このバックアップは、別の版の teikyaku の形式です。")
            return cls(
                made_at=values["made_at"],
                product=values["product"],
                vendor=values["vendor"],
                migrations=tuple(values["migrations"]),
                database=Counted(**values["database"]),
                tables=_counted(values["tables"]),
                files=_counted(values["files"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError("バックアップの目録が読めません。") from error


def _counted(rows: Mapping[str, Mapping[str, object]]) -> dict[str, Counted]:
    return {name: Counted(**row) for name, row in rows.items()}  # type: ignore[arg-type]


def differing(expected: Mapping[str, Counted], found: Mapping[str, Counted]) -> list[str]:
    """Names that are missing, came in addition, or hold something else; in order."""
    names = expected.keys() | found.keys()
    return sorted(name for name in names if expected.get(name) != found.get(name))
