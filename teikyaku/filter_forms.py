"""Forms that are asked by GET: what is typed into them travels in the address."""

from __future__ import annotations

from django import forms


class FilterForm(forms.Form):
    """Search and filters of a list; everything lives in the address.

    Unlike in forms that are saved, the browser ends a text where its limit is: a page that was pasted
    would make an address that a server in between refuses, and nothing that is looked for is lost.
    """

    lives_in_url = True
