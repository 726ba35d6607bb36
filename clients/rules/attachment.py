"""Which papers show what interviews tell, and which record a paper of a kind can prove."""

from __future__ import annotations

# Who may not read interviews (請求担当) has no business with these: goals, handbook, letters.
CONFIDENTIAL_KINDS = ("support_plan", "handbook", "other")


def subject_type_of(model_name: str) -> str:
    """The kind of record by the name of its model; raises ValueError where papers prove none such."""
    if model_name not in ("decision", "consent", "supportplan", "employment", "contract"):
        raise ValueError(f"papers are not linked to {model_name}")
    return model_name
