"""Models of the billing app, one noun a file."""

from billing.models.account_name import AccountName
from billing.models.cap_cancellation import CapSheetCancellation
from billing.models.cap_management import CapResult, CapResultLine
from billing.models.cap_revision import CapSheetRevision
from billing.models.cap_telling import CapTelling
from billing.models.city_answer import CityAnswer
from billing.models.claim_deduction import ClaimDeduction
from billing.models.claim_file import (
    ClaimFile,
    ClaimFileContent,
    ClaimFileEntry,
    ClaimFileWithdrawal,
    ClaimReturn,
)
from billing.models.claim_payment import ClaimPayment
from billing.models.claim_return import ClaimReturnReason
from billing.models.claim_setting import ClaimSetting, OtherServiceSum
from billing.models.correction import ErrorPetition, MonthCorrection
from billing.models.direct_debit import (
    DebitAccount,
    DebitEntry,
    DebitFile,
    DebitFileWithdrawal,
    DebitResult,
    DebitSetting,
)
from billing.models.fee_table import FeeTableImport, FeeTableRow
from billing.models.invoice import Invoice, OpeningInvoice
from billing.models.month import MonthClosing, MonthLine, PersonMonth, PersonMonthLine, standing_q
from billing.models.month_answer import MonthAnswer, Subsidy
from billing.models.notice_withdrawal import NoticeWithdrawal
from billing.models.notification import OfficeNotification, OfficeTier
from billing.models.opening_claim import (
    OpeningClaim,
    OpeningClaimDeduction,
    OpeningClaimPayment,
)
from billing.models.paper_dispatch import PaperDispatch
from billing.models.payment import Payment, Receipt
from billing.models.payment_reminder import PaymentReminder, PaymentReminderLine
from billing.models.proxy_notice import ProxyNotice
from billing.models.refund import Refund
from billing.models.remainder import JournalRemainder, MonthRemainder
from billing.models.tariff import TariffConfirmation

__all__ = [
    "AccountName", "CapResult", "CapResultLine", "CapSheetCancellation", "CapSheetRevision", "CapTelling", "CityAnswer", "ClaimDeduction", "ClaimFile", "ClaimFileContent", "ClaimFileEntry", "ClaimFileWithdrawal", "ClaimPayment", "ClaimReturn", "ClaimReturnReason", "ClaimSetting", "DebitAccount", "DebitEntry", "DebitFile", "DebitFileWithdrawal", "DebitResult", "DebitSetting", "ErrorPetition", "FeeTableImport", "FeeTableRow", "Invoice", "JournalRemainder", "MonthAnswer", "MonthClosing", "MonthCorrection", "MonthLine", "MonthRemainder", "NoticeWithdrawal", "OfficeNotification", "OfficeTier", "OpeningClaim", "OpeningClaimDeduction", "OpeningClaimPayment", "OpeningInvoice", "OtherServiceSum", "PaperDispatch", "Payment", "PaymentReminder", "PaymentReminderLine", "PersonMonth", "PersonMonthLine", "ProxyNotice", "Receipt", "Refund", "Subsidy", "TariffConfirmation", "standing_q",
]  # fmt: skip
