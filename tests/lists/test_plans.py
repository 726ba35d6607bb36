"""No page reads a whole table that grows with people, nor a ward's rows for each person: SQLite says so.

The plan does not hang on how many rows there are, so the little cast stands for a million people.
"""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Employer, Organisation
from teikyaku.accounts.models import AuditEvent, IssuedDocument
from tests.access.table import TABLE
from tests.access.test_matrix import sign_in
from tests.access.urls import url_of

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL plans by the number of rows"
)

# Tables that a page may read whole, by name of the page. Lists of people are few: an office
# brings some, in the days of moving in; their lines are found by the file.
ALLOWED: set[tuple[str, str]] = {("system_home", "plans_movein")}
# Keys that find one row, and keys that find all of a place.
ONES = {"rowid", "id", "public_id", "number"}
OF_A_PLACE = {
    "office_id", "municipality_id", "passed_to_id", "from_municipality_id", "to_municipality_id", "closing_id",
}  # fmt: skip
FILTERED = (
    ("worker", "client_list", "?q=しけん"),
    ("worker", "client_list", "?q=1234567890"),
    ("worker", "client_list", "?show=no_staff"),
    ("worker", "interview_choose", "?q=しけん"),
    ("worker", "expiry", "?months=12"),
    ("officer", "admin:application_list", "?q=しけん"),
    ("officer", "admin:application_list", "?outcome=open"),
    ("officer", "admin:application_list", "?q=1234567890"),
    ("officer", "admin:decision_list", "?q=しけん"),
    ("officer", "admin:income_review", "?q=しけん"),
    ("officer", "admin:index", "?turn=all"),
    ("head", "audit_log", "?outcome=read"),
    ("admin", "audit_log", "?until=2026-01-01"),
    ("city", "admin:index", ""),
)


def growing_tables():
    """The tables of everything on file of people, and the audit log; reference data stay small."""
    models = [*apps.get_app_config("clients").get_models(), AuditEvent, IssuedDocument]
    models += [*apps.get_app_config("plans").get_models()]
    models += [*apps.get_app_config("billing").get_models()]
    small = {
        each._meta.db_table for each in (Employer, Organisation, Organisation.areas.through)
    } | {
        "billing_tariffconfirmation", "billing_historicaltariffconfirmation",
        "billing_feetableimport", "billing_feetablerow",
    }  # fmt: skip
    return {model._meta.db_table for model in models} - small


def scanned(sql, tables):
    """The growing tables that the query reads from end to end, or in which it looks too widely.

    Too widely: by no key at all (every office's rows of a kind, of some days), or once for each row by
    the key of a whole ward or office.
    """
    if not sql.startswith("SELECT"):
        return set()
    names = {alias: table for table, alias in re.findall(r'"(\w+)" ([A-Z]\d+)\b', sql)}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"), [])
        steps = {row[0]: (row[1], row[3]) for row in cursor.fetchall()}
    wide = [step for key, (_, step) in steps.items() if is_wide(steps, key)]
    return {table_of(step, names) for step in wide} & tables


def table_of(step, names):
    """The table that a step reads: its index knows, for one alias may stand for several."""
    index = re.search(r"INDEX (\w+)", step)
    if index is None:
        return names.get(step.split()[1], step.split()[1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name FROM sqlite_master WHERE name = %s", [index[1]])
        return cursor.fetchone()[0]


def is_wide(steps, key):
    """Whether one step of a plan reads more than somebody's own rows."""
    parent, step = steps[key]
    if step.startswith("SCAN "):
        return True
    if not step.startswith("SEARCH ") or "(" not in step:
        return False
    keys = set(re.findall(r"(\w+)=\?", step.rpartition("(")[2]))
    narrow = {name for name in keys if name in ONES or name.endswith("_id")}
    if not narrow:
        return True
    return narrow <= OF_A_PLACE and is_asked_for_each_row(steps, parent)


def is_asked_for_each_row(steps, key):
    """Whether a step stands inside a question that is asked for each row of another."""
    while key:
        key, step = steps[key]
        if step.startswith("CORRELATED"):
            return True
    return False


def scans_of(client, name, url, tables):
    """(page, table) of every scan that opening the page costs."""
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return {
        (name, table)
        for query in queries.captured_queries
        for table in scanned(query["sql"], tables)
    }


@pytest.mark.timeout(300)
def test_no_page_reads_a_whole_table_of_people(client, cast):
    tables = growing_tables()
    found = set()
    for name, allowed in TABLE.items():
        if allowed:
            sign_in(client, cast, allowed[0])
            found |= scans_of(client, name, url_of(cast, name), tables)
    for who, name, query in FILTERED:
        sign_in(client, cast, who)
        found |= scans_of(client, name, reverse(name) + query, tables)
    assert found - ALLOWED == set()


@pytest.mark.django_db
def test_a_scan_is_seen():
    tables = growing_tables()
    assert scanned('SELECT * FROM "plans_interview" WHERE "minutes" > 5', tables)
    assert scanned('SELECT 1 WHERE EXISTS (SELECT 1 FROM "plans_interview" U0)', tables)
    assert not scanned('SELECT * FROM "plans_interview" WHERE "id" = 5', tables)


@pytest.mark.django_db
def test_a_look_through_everybodys_rows_is_seen():
    tables = growing_tables()
    assert scanned('SELECT 1 FROM "clients_enrolment" WHERE "ends_on" > 5', tables)
    assert scanned(ROWS_OF_A_WARD % "1 = 1", tables)
    assert not scanned(ROWS_OF_A_WARD % 'U0."client_id" = c."id"', tables)


ROWS_OF_A_WARD = """SELECT 1 FROM "clients_client" c WHERE c."id" = 5 AND EXISTS (
    SELECT 1 FROM "plans_filetransfer" U0
    WHERE U0."from_municipality_id" = 3 AND U0."outcome" = c."phone" AND %s)"""
