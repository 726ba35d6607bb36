"""Nonsense in every form: told in Japanese at its field, nothing typed is lost, nothing breaks."""

import re

import pytest
from django import forms
from django.utils.html import escape

from tests.access.table import EVERYBODY, TABLE
from tests.access.test_matrix import sign_in
from tests.access.urls import url_of

TYPED = "ありえない値<9>"
REFUSED = 422
# A paper or a sheet takes long and holds no form.
FILES = re.compile(r"_pdf$|_xlsx$|_csv$|_txt$")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
# GET forms that filter a list: what they cannot read they leave out. (Of the last twelve their own tests tell what is told.)
FILTERS = (
    "client_list", "audit_log", "payments", "open_items", "journal", "debits", "work_checks", "components", "attachment_list", "binder",
    "month_binder", "note_search", "client_notes", "what_if", "admin:ward_what_if",
    "referral_list", "admin:ward_referral_list", "claim_payments", "envelopes", "permissions", "office_permissions",
)  # fmt: skip


def form_pages(client, cast):
    """(name, url, form) of every page with a form, by the first of the cast who may open it."""
    for name, allowed in TABLE.items():
        key = next((key for key in EVERYBODY if key in allowed and key != "gone"), None)
        if key is None or name in FILTERS or FILES.search(name):
            continue
        sign_in(client, cast, key)
        url = url_of(cast, name)
        page = client.get(url)
        form = page.context.get("form") if page.context is not None else None
        if isinstance(form, forms.BaseForm) and _is_shown(form, page.content.decode()):
            yield name, url, form


def _is_shown(form, text):
    """Some pages show their form only while there is something to decide."""
    return any(f'name="{form.add_prefix(name)}"' in text for name in form.fields)


def nonsense(form):
    """Text that no date, number or choice takes, in every field."""
    return {form.add_prefix(name): TYPED for name in form.fields}


def is_typed(field):
    """Whether the field shows what was typed into it."""
    return not isinstance(
        field.widget,
        forms.CheckboxInput | forms.RadioSelect | forms.Select | forms.FileInput
        | forms.PasswordInput | forms.HiddenInput,
    )  # fmt: skip


@pytest.mark.timeout(300)
def test_nonsense_is_told_at_its_field_and_kept(client, cast):
    wrong, tried = [], 0
    for name, url, form in form_pages(client, cast):
        answer = client.post(url, nonsense(form))
        if answer.status_code in (302, 403, 404):
            cast.addresses.clear()  # it may have been taken
            continue  # a form of free words alone takes them; what is done cannot be done twice
        tried += 1
        if answer.status_code != REFUSED:
            wrong.append(f"{name}: {answer.status_code}")
            continue
        again, text = answer.context["form"], answer.content.decode()
        wrong += [
            f"{name}.{field}: {message}"
            for field, messages in again.errors.items()
            for message in messages
            if not JAPANESE.search(message)
        ]
        wrong += [
            f"{name}.{field} lost"
            for field in again.fields
            if is_typed(again.fields[field]) and text.count(escape(TYPED)) < 1
        ]
        if "data-error-summary" not in text:
            wrong.append(f"{name}: no summary")
    assert not wrong, "\n".join(wrong)
    assert tried > 30, "hardly a form was tried"


@pytest.mark.once
@pytest.mark.timeout(300)
def test_empty_forms_say_what_is_missing(client, cast):
    wrong, tried = [], 0
    for name, url, form in form_pages(client, cast):
        if not any(field.required for field in form.fields.values()):
            continue
        answer = client.post(url, {"csrfmiddlewaretoken": "as browsers send"})
        if answer.status_code in (302, 403, 404):
            cast.addresses.clear()
            continue
        tried += 1
        if answer.status_code != REFUSED:
            wrong.append(f"{name}: {answer.status_code}")
            continue
        wrong += [
            f"{name}.{field}: {message}"
            for field, messages in answer.context["form"].errors.items()
            for message in messages
            if not JAPANESE.search(message)
        ]
    assert not wrong, "\n".join(wrong)
    assert tried > 30, "hardly a form was tried"
