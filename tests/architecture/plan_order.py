"""The order of the nouns within plans: a noun imports itself and what comes before it."""

from __future__ import annotations

from tests.architecture.house import Import, layer_of

LAYERS = ("models", "rules", "actions", "queries", "forms", "views")
ORDER = (
    "application", "certificate", "contract", "support_plan", "interview", "pace", "report",
    "handover",
)  # fmt: skip
# Words and shapes that every noun may use.
GROUND = ("kinds", "flow", "judged")
# Modules that serve one noun and share its place.
BESIDE = {
    "path": "application",
    "receive": "application",
    "contact": "application",
    "completion": "application",
    "open_application": "application",
    "ward_slips": "application",
    "decision": "certificate",
    "grant": "certificate",
    "number_range": "certificate",
    "paper_setting": "certificate",
    "ward_paper": "certificate",
    "certificate_copy": "certificate",
    "paper_values": "certificate",
    "file_transfer": "certificate",
    "ward_sight": "certificate",
    "pending_grant": "certificate",
    "second_officer": "certificate",
    "rights": "certificate",
    "caps": "certificate",
    "cap_words": "certificate",
    "revocation": "certificate",
    "hold": "application",
    "decision_change": "certificate",
    "left_outside": "certificate",
    "reach_back": "certificate",
    "use_path": "contract",
    "correction": "contract",
    "plan_goals": "support_plan",
    "plan_consent": "support_plan",
    "signers": "support_plan",
    "plan_flow": "support_plan",
    "plan_steps": "support_plan",
    "plan_papers": "support_plan",
    "interview_draft": "interview",
    "interview_start": "interview",
    "interview_again": "interview",
    "interview_month": "interview",
    "late_meeting": "interview",
    "same_day": "interview",
    "interview_change": "report",
    "attempt": "interview",
    "appointment": "pace",
    "phrase": "interview",
    "phrases": "interview",
    "goal_rating": "interview",
    "goal_lines": "interview",
    "note_text": "interview",
    "note_search": "interview",
    "refusal": "interview",
    "worry": "interview",
    "consent": "report",
    "report_share": "report",
    "report_day": "report",
    "city_answer": "report",
    "in_post": "pace",
    "gaps": "report",
    "report_write": "report",
    "report_sources": "report",
    "report_print": "report",
    "report_meetings": "report",
    "report_handed": "report",
    "pace_words": "pace",
    "handover_papers": "handover",
    "handover_duty": "handover",
    "pace_facts": "pace",
    "pace_interval": "pace",
    "pace_replay": "pace",
    "pace_in_force": "pace",
    "pace_past": "pace",
    "pace_ahead": "pace",
    "pace_setting": "pace",
    "opening": "pace",
    "network_before": "pace",
}
# On top: they gather from all nouns, and no noun knows them.
ON_TOP = (
    "grant_prefill", "expiry", "reminder", "month", "month_rows", "month_grounds", "paying_decision", "month_values", "queue", "dossier", "caseload", "report_asked", "team",
    "renewal", "city_questions", "city_figures", "city_ends", "summary", "timeline", "intake", "life_change", "cap_checks", "ward", "ward_receive", "ward_completion",
    "grant_words", "look", "ward_end", "decision_head", "decision_next", "ending_words", "ward_decision", "ward_facts", "ward_grant", "ward_queue", "ward_screening", "proposal", "proposal_effect",
    "ward_proposal", "ward_transfer", "city", "paper_caps", "outdated_papers", "ward_papers", "ward_lists", "ward_people", "ward_export", "paper_settings",
    "income_review", "ward_review", "core_upload", "core_rows", "core_caps", "core_people", "ward_upload",
    "reminder_mail", "reminder_feed", "reminder_locks", "reminder_steps", "interview_choose", "attachment", "paper_subjects", "report_list", "plan_list",
    "plan_pages", "ending", "mismatch", "binder", "binder_facts", "binder_plan", "binder_report",
    "keeping", "ward_keeping", "erase", "erase_ward",
    "life_correction", "life_touches", "start_forecast", "start_if",
    "expiry_list", "expiry_sources", "expiry_rows", "expiry_settled", "expiry_filter", "expiry_board",
    "expiry_settling", "end_axis", "ward_expiry", "ward_unused",
    "referral", "referral_days", "referral_keeper", "referral_pages",
    "ward_referral", "ward_questions",
    "move_in_heads", "move_in_cards", "move_in_words", "move_in_sections", "move_in_services", "move_in_jobs", "move_in_codes", "move_in_parted", "move_in_cautions", "move_in_initial", "move_in", "move_in_cells", "move_in_desk", "move_in_held", "move_in_on_file", "move_in_questions", "move_in_kept", "move_in_lacks", "move_in_opening", "move_in_ends", "move_in_facts",
    "move_in_line", "move_in_by_name", "move_in_mend", "move_in_caps", "move_in_papers", "move_in_people", "move_in_shown", "move_in_births", "move_in_told", "move_in_reader",
    "move_in_store", "move_in_table", "move_in_twice", "move_in_below", "move_in_periods", "move_in_whom", "move_in_look", "move_in_import", "move_in_back", "move_in_beside", "move_in_fits", "move_in_left", "move_in_answers", "move_in_places", "move_in_keep",
)  # fmt: skip
# Every page writes a fact that moves the due date through this one action (docs/architecture.md).
DOOR = "plans.actions.life_change"


def noun_of(module: str) -> str:
    """The noun of a module of plans; "" for every other module and for a package itself."""
    parts = module.split(".")
    return parts[2] if parts[0] == "plans" and len(parts) > 2 and parts[1] in LAYERS else ""


def place_of(noun: str) -> int | None:
    """Where a noun stands, ground first; None when nobody gave it a place."""
    if noun in GROUND:
        return -1
    if noun in ON_TOP:
        return len(ORDER)
    noun = BESIDE.get(noun, noun)
    return ORDER.index(noun) if noun in ORDER else None


def out_of_order(arrow: Import) -> str:
    """A noun that imports one which comes later."""
    mine, theirs = noun_of(arrow.importer), noun_of(arrow.imported)
    my_place, their_place = place_of(mine), place_of(theirs)
    if my_place is None or their_place is None or my_place >= their_place:
        return ""
    if layer_of(arrow.importer) == "views" and arrow.imported.startswith(DOOR):
        return ""
    return (
        f"{arrow.importer}:{arrow.line} imports {arrow.imported}: {mine} comes before {theirs}. "
        f"Move what needs both to {theirs}, or to a module on top."
    )
