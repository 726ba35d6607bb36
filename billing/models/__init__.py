"""Models of the billing app, one noun a file."""

from billing.models.cap_management import CapResult, CapResultLine
from billing.models.claim_file import (
    ClaimFile,
    ClaimFileContent,
    ClaimFileEntry,
    ClaimFileWithdrawal,
    ClaimReturn,
)
from billing.models.claim_payment import ClaimPayment
from billing.models.fee_table import FeeTableImport, FeeTableRow
from billing.models.invoice import Invoice
from billing.models.month import MonthClosing, PersonMonth, PersonMonthLine
from billing.models.notification import OfficeNotification, OfficeTier
from billing.models.paper_dispatch import PaperDispatch
from billing.models.payment import Payment, Receipt
from billing.models.proxy_notice import ProxyNotice
from billing.models.remainder import MonthRemainder
from billing.models.tariff import TariffConfirmation

__all__ = [
    "CapResult", "CapResultLine", "ClaimFile", "ClaimFileContent", "ClaimFileEntry", "ClaimFileWithdrawal", "ClaimPayment",
    "ClaimReturn", "FeeTableImport", "FeeTableRow", "Invoice", "MonthClosing", "MonthRemainder", "OfficeNotification", "OfficeTier",
    "PaperDispatch", "Payment", "PersonMonth",
    "PersonMonthLine", "ProxyNotice", "Receipt", "TariffConfirmation",
]  # fmt: skip
