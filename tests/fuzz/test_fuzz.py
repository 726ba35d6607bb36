"""A small share of `make fuzz`: generated posts over every form of the product."""

import json
import os

import pytest

from tests.fuzz.posts import Fuzz

POSTS = int(os.environ.get("POSTS", "1000"))
SEED = int(os.environ.get("SEED", "1"))


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.timeout(400)
def test_no_post_breaks_a_page_or_stores_nonsense(cast):
    fuzz = Fuzz(cast, only=os.environ.get("PAGE", ""))
    report = fuzz.run(POSTS, SEED)
    assert not report.faults, json.dumps(report.faults, ensure_ascii=False, indent=1)
    assert report.posts == POSTS
    assert "PAGE" in os.environ or len(fuzz.targets) > 200, "hardly a form was found"
    assert report.stored, "nothing was ever taken"
