"""Forms of papers: several files at once, their kind and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.models import Attachment
from teikyaku.fields import DATE_HINT, PAST, DateField
from teikyaku.filter_forms import FilterForm
from teikyaku.model_forms import FactForm, formfield
from teikyaku.scans import Scan, ScanRefused, scan_of, size_label

# Each is decoded and drawn anew while the person waits.
MOST_FILES = 10
# Without HEIC in the list, iPhones hand over a JPEG by themselves.
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


@dataclass(frozen=True, slots=True)
class Offered:
    """One file that was sent: checked, or refused with the reason in words."""

    name: str
    """As on the sender's device: shown to them, never stored (it may hold a person's name)."""
    scan: Scan | None
    problem: str = ""


def _size_hint() -> str:
    return _t("写真（JPEG・PNG・WebP）かPDF。1つ%(size)sまで、一度に%(count)d個まで。") % {
        "size": size_label(settings.ATTACHMENT_MOST_BYTES),
        "count": MOST_FILES,
    }


# Read when a page is drawn: the limit is a setting.
size_hint = lazy(_size_hint, str)()


class FilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All files under this name."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Files as they came; cleans to a list of them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput(attrs={"accept": ACCEPTED, "multiple": True}))
        kwargs.setdefault("help_text", size_hint)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What the page's script needs to say that a file is too large before it travels."""
        return {
            "data-most-bytes": settings.ATTACHMENT_MOST_BYTES,
            "data-too-large": _("大きすぎて送れません。選び直してください："),
        }

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files; raises ValidationError when there is none, or too many."""
        sent = [each for each in data or [] if each]
        if not sent:
            if self.required:
                raise forms.ValidationError(_("ファイルを選んでください。"), code="required")
            return []
        if len(sent) > MOST_FILES:
            raise forms.ValidationError(
                _t("一度に%(most)d個までです（いま%(got)d個）。分けて添付してください。")
                % {"most": MOST_FILES, "got": len(sent)}
            )
        return sent


def checked(files: list[UploadedFile]) -> list[Offered]:
    """Each file judged by its content (see teikyaku.scans)."""
    return [_checked(file) for file in files]


def _checked(file: UploadedFile) -> Offered:
    name = str(file.name or "")
    try:
        most = settings.ATTACHMENT_MOST_BYTES
        return Offered(name, scan_of(file.file, size=file.size or 0, most_bytes=most))  # type: ignore[arg-type]
    except ScanRefused as error:
        return Offered(name, None, str(error))


class FilesForm(forms.Form):
    """写真・PDF beside another form: the files alone; kind and day follow from what is recorded."""

    papers = FilesField(label=_("写真・PDFを添付する"), required=False)


class AttachmentForm(forms.Form):
    """添付 one or more papers of one kind and day."""

    papers = FilesField(label=_("写真・PDF"))
    kind = forms.ChoiceField(
        label=_("書類の種類"), choices=[("", _("選んでください")), *Attachment.Kind.choices]
    )
    dated_on = DateField(
        label=_("書類の日付"),
        around=PAST,
        help_text=_("紙に書かれた日付。例：4/1、2026-04-01、令和8年4月1日、R8.4.1"),
    )
    title = forms.CharField(
        label=_("見出し"), required=False, max_length=60, help_text=_("例：更新後の2枚目")
    )

    def __init__(self, *args: Any, on: date, is_held: bool = False, **kwargs: Any) -> None:
        """`is_held`: a file that came before waits for its kind and day; more may come with it."""
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["papers"].required = not is_held

    @property
    def sent(self) -> list[UploadedFile]:
        """The files that came, also where something else is wrong."""
        return list(self.cleaned_data.get("papers") or [])

    @property
    def kind_so_far(self) -> str:
        """The kind that was chosen; その他 while none is."""
        return str(self.cleaned_data.get("kind") or Attachment.Kind.OTHER)

    def clean_dated_on(self) -> date | None:
        """A paper of a day to come is a slip of the pen."""
        day: date | None = self.cleaned_data["dated_on"]
        if day and day > self.on:
            raise forms.ValidationError(_("まだ来ていない日付です。"))
        return day


class AttachmentCorrectionForm(FactForm):
    """添付の訂正: kind, date and heading; the paper itself does not change."""

    dated_on = DateField(label=_("書類の日付"), help_text=DATE_HINT)

    class Meta:
        model = Attachment
        fields = ["kind", "dated_on", "title"]
        formfield_callback = formfield


class WithdrawForm(forms.Form):
    """添付の取消し."""

    reason = forms.CharField(
        label=_("取り消す理由"),
        max_length=100,
        help_text=_("例：別の方の書類だった。ぼやけて読めない。"),
    )


class PaperFilterForm(FilterForm):
    """絞り込み of a person's papers; everything lives in the URL."""

    kind = forms.ChoiceField(
        label=_("書類の種類"), required=False, choices=[("", _("すべて")), *Attachment.Kind.choices]
    )
    state = forms.ChoiceField(
        label=_("記録"),
        required=False,
        choices=[("", _("すべて")), ("free", _("まだどの記録にも付いていない"))],
    )

    def chosen(self, name: str) -> str:
        """What was chosen; nothing where nonsense was."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
