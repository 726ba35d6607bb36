"""Bodies as a browser writes them, and as only somebody who means harm does."""

from __future__ import annotations

from urllib.parse import quote_plus

from tests.fuzz.values import Data, Files

BOUNDARY = "teikyaku-fuzz-boundary"


def form_body(data: Data) -> bytes:
    """application/x-www-form-urlencoded; lone surrogates travel as their three bytes."""
    pairs = ((name, value) for name, values in data.items() for value in values)
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs).encode()


def _quoted(text: str) -> str:
    return quote_plus(text, encoding="utf-8", errors="surrogatepass")


def multipart_body(data: Data, files: dict[str, Files]) -> bytes:
    """multipart/form-data with these files."""
    parts = [
        _part(f'name="{name}"', value.encode("utf-8", "surrogatepass"))
        for name, values in data.items()
        for value in values
    ]
    for name, (file_name, content) in files.items():
        parts.append(_part(f'name="{name}"; filename="{file_name}"', content))
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def _part(disposition: str, content: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode("utf-8", "surrogatepass") + content + b"\r\n"
