"""目録 of a takeout: whose it is, what it must hold, with checksums. Plain values, JSON in and out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from teikyaku.desk.backup.manifest import Counted
from teikyaku.desk.takeout.errors import TakeoutError

KIND, FORMAT = "teikyaku-office", 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class TakeoutManifest:
    """目録. `tables`: rows and SHA-256 of each data file, by model; `files`: of every other entry."""

    made_at: str
    on: str
    product: str
    office: Mapping[str, str]
    """Its number, name and public id."""
    migrations: tuple[str, ...]
    tables: Mapping[str, Counted]
    files: Mapping[str, Counted]
    missing: Mapping[str, str]
    """Files that could not be put in, with the reason."""
    left_out: Mapping[str, str]
    """Models that stay, with the reason."""

    def to_json(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(
            {"kind": KIND, "format": FORMAT, **asdict(self)},
            ensure_ascii=False, indent=1, sort_keys=True,
        ).encode()  # fmt: skip

    @classmethod
    def from_json(cls, content: bytes) -> TakeoutManifest:
        """Read back. Raises TakeoutError for what is no manifest of this kind and format."""
        try:
            values = json.loads(content)
            if (values.pop("kind"), values.pop("format")) != (KIND, FORMAT):
                raise TakeoutError("teikyaku の事業所の持ち出しではないか、別の版の形式です。")
            return cls(
                **{
                    **values,
                    "migrations": tuple(values["migrations"]),
                    "tables": _counted(values["tables"]),
                    "files": _counted(values["files"]),
                }
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TakeoutError("持ち出したファイルの目録が読めません。") from error


def _counted(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Counted]:
    return {name: Counted(**row) for name, row in rows.items()}
