"""請求ファイルを確かめる: any file in, findings and a readable view out; nothing is stored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.forms.claim_file import ClaimFileForm
from billing.kokuhoren.inferred import inferred
from billing.kokuhoren.report import report
from billing.views.crumbs import crumbs
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope


@requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
def claim_file_check(request: HttpRequest) -> HttpResponse:
    """The form, and below it what was found in the file that came with it."""
    is_sent = request.method == "POST"
    form = ClaimFileForm(request.POST, request.FILES) if is_sent else ClaimFileForm()
    found = None
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        found = report(file.read(), file.name, form.cleaned_data["first"])
    context = {
        "form": form,
        "report": found,
        "file_name": form.cleaned_data["file"].name if found else "",
        "inferred": inferred(),
        "breadcrumbs": crumbs(
            (_("月の請求"), reverse("month_latest")), (_("請求ファイルを確かめる"), "")
        ),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "billing/claim_file_check.html", context, status=status)
