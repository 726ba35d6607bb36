"""データの持ち出し: everything of one office in one file, and that file back into an empty installation.

`tables` says of every model whether it goes and by which path it is the office's; `rows` finds the
rows; `values` writes and reads them; `columns` describes them; `archive` builds the ZIP a piece at a
time; `bring_in` loads one.
"""
