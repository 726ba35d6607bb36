"""A small app of the tests: one model for each kind of constraint."""
