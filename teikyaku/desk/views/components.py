"""The page 部品: every component with made-up values, for who builds pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teikyaku.desk.samples import component_samples


def components(request: HttpRequest) -> HttpResponse:
    """Show all components; nothing here comes from the database."""
    return render(request, "desk/components.html", component_samples())
