"""Every form that is sent carries the token without which the server refuses it with 403."""

import re

import pytest

from tests.architecture import house

POSTS = re.compile(r'<form[^>]*method="post"[^>]*>.*?</form>', re.DOTALL | re.IGNORECASE)
# `only` hands over what is named and nothing else: the token too must be named.
ALONE = re.compile(r'{%\s*include\s+"([^"]+)"((?:(?!%}).)*)\bonly\s*%}', re.DOTALL)
TOKEN = "csrf_token"
# Sends again what was sent, with its token; and the public questions, which know nobody's session.
OTHERWISE = ("500.html", "desk/guide/questions.html")


def texts():
    folder = house.ROOT / "templates"
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.html")}


def without_token(found):
    """What is wrong: forms that do not ask for a token, and parts that ask and are not handed one."""
    wrong = [
        f"{name}: a form without a token"
        for name, text in found.items()
        for form in POSTS.findall(text)
        if TOKEN not in form and "{% include" not in form and name not in OTHERWISE
    ]
    for name, text in found.items():
        for part, handed in ALONE.findall(text):
            if TOKEN in found.get(part, "") and TOKEN not in handed:
                wrong.append(f"{name}: {part} is not handed the token")
    return wrong


def test_every_form_has_its_token():
    assert without_token(texts()) == []


@pytest.mark.parametrize(
    "text",
    [
        '<form method="post"><button>出す</button></form>',
        '{% include "part.html" with row=row only %}',
    ],
)
def test_a_missing_token_is_found(text):
    part = '<form method="post">{% csrf_token %}</form>'
    assert len(without_token({"page.html": text, "part.html": part})) == 1
