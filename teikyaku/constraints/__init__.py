"""Constraints that the database keeps on both backends, and the words it answers with."""

from teikyaku.constraints.checks import DateOrder, FirstOfMonth, LastOfMarch, Together
from teikyaku.constraints.no_overlap import NoOverlap
from teikyaku.constraints.one_line import OneLine
from teikyaku.constraints.violations import (
    ConstraintViolation,
    add_errors,
    violation_error,
    violation_messages,
    violations_as_form_errors,
    violations_as_validation_errors,
)

__all__ = [
    "ConstraintViolation",
    "DateOrder",
    "FirstOfMonth",
    "LastOfMarch",
    "NoOverlap",
    "OneLine",
    "Together",
    "add_errors",
    "violation_error",
    "violation_messages",
    "violations_as_form_errors",
    "violations_as_validation_errors",
]
