"""Files as they came with a request: the good ones are kept, the others named with their reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from clients.actions.attachment import attach_scan
from clients.forms.attachment import Offered, checked
from clients.models import Attachment


def keep_files(files: list[UploadedFile], **facts: Any) -> tuple[list[Attachment], list[Offered]]:
    """Attach each good file by itself: one that is refused costs the others nothing.

    `facts` are what `attach_scan` takes beside the scan.
    """
    kept: list[Attachment] = []
    refused: list[Offered] = []
    for offered in checked(files):
        if offered.scan is None:
            refused.append(offered)
            continue
        try:
            kept.append(attach_scan(scan=offered.scan, **facts))
        except ValidationError as error:
            refused.append(replace(offered, problem=" ".join(error.messages)))
    return kept, refused
