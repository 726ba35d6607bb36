"""就労定着支援の始まり: the one place that says when the service began; nothing of it is older.

Source: 障害者の日常生活及び社会生活を総合的に支援するための法律及び児童福祉法の一部を改正する法律
（平成28年法律第65号）, in force from 2018-04-01, which made 就労定着支援 a service.
"""

from __future__ import annotations

from teikyaku.periods import Month

SERVICE_BEGAN = Month(2018, 4)
