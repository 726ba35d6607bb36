"""How forms are drawn: `templates/django/forms/` for the form and each field."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Looks templates up like pages do, so that ours stand before Django's."""
