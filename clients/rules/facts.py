"""Facts of a working life, as the rules take them: jobs, and services before or during them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clients.rules.kinds import EmploymentKind, ServiceKind
from teikyaku.periods import Period


@dataclass(frozen=True, slots=True)
class EmploymentFact:
    """就労: one job. Days are inclusive; `ends_on` is None while it lasts."""

    starts_on: date
    ends_on: date | None = None
    kind: EmploymentKind = EmploymentKind.ORDINARY
    changed_to_improve_conditions: bool | None = None
    """Whether this job was left for better working conditions. None: not known (yet)."""
    leaves: tuple[Period, ...] = ()
    """休職: leaves of absence, which keep the employment."""

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("an employment ends before it starts")

    def is_on_leave(self, on: date) -> bool:
        """Whether a leave of absence covers `on`."""
        return any(leave.contains(on) for leave in self.leaves)


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """サービスの利用. Both days None: it was used, the dates are not known.

    A known first day without a last day means that the use goes on.
    """

    kind: ServiceKind
    starts_on: date | None = None
    ends_on: date | None = None
    is_during_employment: bool | None = None
    """Used for a while beside the job (復職・労働時間延長). None: nobody has asked."""

    def began_before(self, on: date) -> bool | None:
        """Whether the use began before `on`; None where the known days do not tell."""
        if self.starts_on is not None:
            return self.starts_on < on
        if self.ends_on is not None and self.ends_on < on:
            return True
        return None

    def reaches(self, on: date) -> bool:
        """Whether the use went on to `on` or later, as far as the known days tell."""
        if self.ends_on is not None:
            return self.ends_on >= on
        return self.starts_on is not None


@dataclass(frozen=True, slots=True)
class ServiceDuringEmployment:
    """働きながらの利用 (復職・労働時間延長): the six months count from the day after its end."""

    ends_on: date | None = None
    """Last day of that support; None while it goes on."""
    starts_on: date | None = None
    """First day; None where it is not known."""
