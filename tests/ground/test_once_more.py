"""What `make test` asks once more: a page that failed in a browser, and nothing else."""

import json

import pytest

from tests import run

PAGE, SUM = "tests/browser/test_main_jobs.py::test_a", "tests/billing/test_sums.py::test_b"


@pytest.fixture
def ran(monkeypatch, tmp_path):
    """Runs of pytest that end as told; what each was asked."""
    asked, ends = [], []
    monkeypatch.setattr(run, "FAILED", tmp_path / "lastfailed")

    def ended(name, url, arguments):
        failed, status = ends.pop(0)
        asked.append(arguments)
        run.FAILED.write_text(json.dumps(dict.fromkeys(failed, True)))
        return status

    monkeypatch.setattr(run, "pytest", ended)

    def go(*runs):
        ends.extend(runs)
        return run.run("SQLite", "sqlite://", ["--reuse-db"]), asked

    return go


def test_a_starved_page_is_asked_alone(ran):
    status, asked = ran(([PAGE], 1), ([], 0))
    assert (status, asked[1]) == (0, ["-n", "1", "--reuse-db", PAGE])


def test_failing_twice_is_a_failure(ran):
    assert ran(([PAGE], 1), ([PAGE], 1))[0] == 1


@pytest.mark.parametrize(
    ("failed", "status"),
    [([SUM], 1), ([PAGE, SUM], 1), ([f"{PAGE}{n}" for n in range(4)], 1), ([PAGE], 2), ([], 0)],
)
def test_whatever_else_fails_is_not_asked_again(ran, failed, status):
    found, asked = ran((failed, status))
    assert (found, len(asked)) == (status, 1)
