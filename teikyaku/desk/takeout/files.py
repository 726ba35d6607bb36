"""The files of an office: scans of papers, papers that were issued (as PDF), reports, claim files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage

from billing.documents_notice import as_it_stands
from billing.models import ClaimFileContent
from clients.models import Attachment
from plans.models import ReportShare, ReportVersion
from plans.report_papers import file_paper
from teikyaku.accounts.models import IssuedDocument
from teikyaku.desk.takeout.rows import OfficeRows
from teikyaku.printing import PrintingError, UnprintableError, pdf
from teikyaku.scans.store import FOLDER

ATTACHMENTS = f"files/{FOLDER}/"
REPORT = "support_report"
# A name in a ZIP is no way out of the folder in which somebody unpacks it.
_UNSAFE = re.compile(r"[^0-9A-Za-z._-]")


@dataclass(frozen=True, slots=True)
class ToPut:
    """One file that is to go in: its name there, what it is, and where it comes from."""

    name: str
    label: str
    source: str
    key: str


class Missing(Exception):
    """A file that cannot go in; the text says why."""


def files_of(office: OfficeRows) -> Iterator[ToPut]:
    """Every file, in an order that stays: so work that was stopped goes on where it was."""
    chosen = office.chosen
    for paper in chosen[Attachment._meta.label].iterator(chunk_size=500):
        for name in paper.names:
            yield ToPut(f"files/{name}", f"添付：{paper.get_kind_display()}", "scan", name)
    documents = chosen[IssuedDocument._meta.label].values_list("pk", "number", "kind")
    for pk, number, kind in documents.iterator(chunk_size=500):
        safe = _UNSAFE.sub("_", number)
        yield ToPut(f"files/papers/{kind}/{safe}-{pk}.pdf", "交付した文書", "paper", str(pk))
    versions = chosen[ReportVersion._meta.label].values_list("pk", "report__month", "number")
    for pk, month, number in versions.iterator(chunk_size=500):
        name = f"files/reports/{month:%Y-%m}/{pk}-{number}.pdf"
        yield ToPut(name, "支援レポート（控）", "report", str(pk))
    claims = chosen[ClaimFileContent._meta.label].values_list("pk", "file__month", "file__name")
    for pk, month, name in claims.iterator(chunk_size=500):
        safe = _UNSAFE.sub("_", name)
        yield ToPut(f"files/claims/{month:%Y-%m}/{pk}-{safe}", "請求ファイル", "claim", str(pk))


def content_of(file: ToPut) -> bytes:
    """The bytes of one file. Raises Missing where they cannot be had any more."""
    try:
        return _SOURCES[file.source](file.key)
    except FileNotFoundError as error:
        raise Missing("ファイルがありません。") from error
    except UnprintableError as error:
        raise Missing(str(error)) from error
    except (PrintingError, KeyError, TypeError, ValueError) as error:
        raise Missing("いまの様式では印刷できません。内容は data/ の中にあります。") from error


def _scan(name: str) -> bytes:
    with default_storage.open(name, "rb") as file:
        content: bytes = file.read()
    return content


def _paper(key: str) -> bytes:
    document = IssuedDocument.objects.select_related("replaced_by").filter(pk=key).first()
    if document is None:
        raise Missing("作っている間に消去されました。")
    return pdf(document.template, as_it_stands(document))


def _report(key: str) -> bytes:
    version = ReportVersion.objects.filter(pk=key).first()
    if version is None:
        raise Missing("作っている間に消去されました。")
    shares = version.shares.filter(ReportShare.standing())
    return pdf(REPORT, file_paper(version.content, shares))


def _claim(key: str) -> bytes:
    found = ClaimFileContent.objects.filter(pk=key).first()
    if found is None:
        raise Missing("作っている間に消去されました。")
    return bytes(found.content)


_SOURCES: dict[str, Any] = {"scan": _scan, "paper": _paper, "report": _report, "claim": _claim}
