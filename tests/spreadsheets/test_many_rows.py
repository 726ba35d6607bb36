"""As many rows as a page takes arrive: the server's limit of fields lies above them."""

import pytest
from django.conf import settings
from django.urls import reverse

from billing.forms.opening_invoice import OpeningInvoiceRows
from billing.views.envelope import MOST_SENT
from teikyaku.accounts.forms.staff_list import StaffRows
from teikyaku.typed_rows import MOST, PREFIX, as_data
from tests.accounts.test_coming_and_going import enter

# The four counts of the rows, the token, the button, the question of a look.
BESIDE = 10


@pytest.mark.parametrize("rows", [OpeningInvoiceRows, StaffRows])
def test_every_field_of_every_row_is_read(rows):
    assert MOST * len(rows.form.base_fields) + BESIDE <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert MOST_SENT + BESIDE <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


@pytest.mark.django_db
def test_a_sheet_of_as_many_people_as_are_taken_is_told_what_lacks(client, cast):
    enter(client, cast.members["head"])
    row = dict.fromkeys(StaffRows.form.base_fields, "") | {"name": "名だけ"}
    answer = client.post(reverse("staff_list"), {**as_data([row] * MOST), "save": "1"})
    assert answer.status_code == 422
    assert answer.content.decode().count('value="名だけ"') == MOST
    assert f"{PREFIX}-{MOST - 1}-name" in answer.content.decode()


@pytest.mark.django_db
def test_what_is_too_much_to_be_read_is_told_in_japanese(client, cast):
    enter(client, cast.members["head"])
    url = reverse("own_kana")
    for data in ({"kana": "あ" * 1_000_000}, {f"x{nth}": "" for nth in range(2_501)}):
        answer = client.post(url, data)
        assert answer.status_code == 400
        assert "何も保存していません" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
