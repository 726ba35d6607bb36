"""Structured logs without personal data: one JSON object a line.

Messages carry names of things and counts; addresses lose their query string; arguments that are
not numbers or known-safe words are left out by the callers. A test tries to find personal data.
"""

from __future__ import annotations

import json
import logging
from typing import Any

SAFE_EXTRAS = ("status_code", "view", "run", "count", "seconds")


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON with the fields that cannot hold personal data."""

    def format(self, record: logging.LogRecord) -> str:
        """The line for `record`. Exceptions show their class and place, never their text."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._message(record),
        }
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        if match is not None:
            line["route"] = match.view_name  # which page, never whose
        line.update({key: getattr(record, key) for key in SAFE_EXTRAS if hasattr(record, key)})
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = self._where(record)
        return json.dumps(line, ensure_ascii=False)

    @staticmethod
    def _message(record: logging.LogRecord) -> str:
        # Django puts paths and values of the request into the arguments: the template is enough.
        if record.name == "django.request":
            return "request refused" if record.levelno < logging.ERROR else "request failed"
        if record.name.startswith("django"):
            return str(record.msg)
        return record.getMessage()

    @staticmethod
    def _where(record: logging.LogRecord) -> list[str]:
        frames = []
        trace = record.exc_info[2] if record.exc_info else None
        while trace is not None:
            frames.append(f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
            trace = trace.tb_next
        return frames[-6:]
