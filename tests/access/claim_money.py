"""What 国保連 paid, in the access matrix: who opens what, and the objects in its addresses."""

from __future__ import annotations

READERS = ("manager", "head", "billing")
WRITERS = ("head", "billing")
TABLE: dict[str, tuple[str, ...]] = {
    "claim_payments": (*READERS, "outsider"),
    "claim_payments_xlsx": (*READERS, "outsider"),
    "claim_payment_record": WRITERS,
    "claim_payment_cancel": WRITERS,
}
