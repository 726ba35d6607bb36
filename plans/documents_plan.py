"""個別支援計画書 and its plain-words version: everything that is printed, as plain JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from clients.models import ClientName
from plans.models import SupportPlan, SupportPlanGoal, SupportPlanPaper
from teikyaku.accounts.models import Office
from teikyaku.era import wareki
from teikyaku.furigana import reading_runs
from teikyaku.periods import in_force

DRAFT = "案"
UNTIL_REVIEW = "次の見直しまで"


def plan_document(
    plan: SupportPlan,
    *,
    kind: SupportPlanPaper.Kind,
    number: str,
    issued_on: date,
    name: ClientName | None = None,
) -> dict[str, Any]:
    """What the paper says on the day it is made; without a consent it is marked 案.

    `name` is handed over by whoever has read it already.
    """
    if name is None:
        name = plan.enrolment.client.names.filter(in_force(issued_on)).first()
    goals = list(plan.goal_rows.all())
    content = {
        "dated": issued_on.isoformat(),
        "number": number,
        "issued_on": wareki(issued_on),
        "edition": "" if plan.consented_on else DRAFT,
        "notice": "",
        "replaces": None,
        "replaced_by": None,
        "office": _office(plan.enrolment.office),
        "person": _person(name),
        "manager": plan.manager.user.name if plan.manager else "",
        "period": _period(plan),
        "wishes": plan.wishes,
    }
    if kind == SupportPlanPaper.Kind.PLAIN:
        return content | _plain(content, goals)
    return content | {
        "review_by": wareki(plan.review_by) if plan.review_by else "",
        "support": plan.support,
        "assessment": _assessment(plan),
        "goals": [_goal(goal) for goal in goals],
        "steps": _steps(plan),
        "participants": plan.participants,
        "meeting_notes": plan.meeting_notes,
        "signatures": _signatures(plan),
    }


def _office(office: Office) -> dict[str, str]:
    return {
        name: getattr(office, name)
        for name in ("name", "corporation", "number", "postal_code", "address", "phone")
    }


def _person(name: ClientName | None) -> dict[str, str]:
    return {"name": name.name if name else "", "kana": name.kana if name else ""}


def _period(plan: SupportPlan) -> str:
    if plan.starts_on is None or plan.review_by is None:
        return ""
    return f"{wareki(plan.starts_on)}から{wareki(plan.review_by)}まで"


def _assessment(plan: SupportPlan) -> list[dict[str, str]]:
    labels = (
        ("work", "仕事"), ("living", "生活"), ("health", "健康"), ("around", "まわりの支え"),
        ("strengths", "得意なこと・強み"),
    )  # fmt: skip
    told = ((label, getattr(plan, name)) for name, label in labels)
    return [{"label": label, "text": text} for label, text in told if text]


def _goal(goal: SupportPlanGoal) -> dict[str, str]:
    return {
        "term": str(goal.get_term_display()),
        "goal": goal.goal,
        "person_does": goal.person_does,
        "staff_does": goal.staff_does,
        "by": wareki(goal.target_on) if goal.target_on else UNTIL_REVIEW,
    }


def _steps(plan: SupportPlan) -> list[dict[str, str]]:
    # The day of the handing over is not known yet when the paper is printed for it.
    days = (
        ("アセスメント", plan.assessed_on), ("原案", plan.drafted_on), ("会議", plan.meeting_on),
        ("説明", plan.explained_on), ("同意", plan.consented_on),
    )  # fmt: skip
    return [{"label": label, "on": wareki(day) if day else ""} for label, day in days]


def _signatures(plan: SupportPlan) -> list[dict[str, str]]:
    """The lines to sign on: the person, whoever signs for them, the サービス管理責任者."""
    lines = []
    if plan.signer != SupportPlan.Signer.REPRESENTATIVE:
        lines.append({"label": "本人", "name": ""})
    if plan.representative is not None:
        kind = str(plan.representative.get_kind_display())
        lines.append({"label": kind, "name": plan.representative.name})
    manager = plan.manager.user.name if plan.manager else ""
    return [*lines, {"label": "サービス管理責任者", "name": manager}]


def _plain(content: dict[str, Any], goals: list[SupportPlanGoal]) -> dict[str, Any]:
    """The same in fewer words, with readings above the words of the list."""

    def read(text: str) -> list[list[list[str]]]:
        return [reading_runs(line) for line in text.splitlines()]

    return {
        "title": reading_runs("わたしの計画"),
        "wishes": read(content["wishes"]),
        "period": reading_runs(content["period"]),
        "goals": [
            {
                "goal": read(goal.goal),
                "person_does": read(goal.person_does),
                "staff_does": read(goal.staff_does),
                "by": reading_runs(wareki(goal.target_on) if goal.target_on else UNTIL_REVIEW),
            }
            for goal in goals
        ],
        "words": {
            "period": reading_runs("この計画の期間"),
            "wishes": reading_runs("わたしの希望"),
            "goal": reading_runs("目標"),
            "person": reading_runs("わたしがすること"),
            "staff": reading_runs("支援する人がすること"),
            "by": reading_runs("いつまでに"),
            "ask": reading_runs(
                "わからないことや、変えたいことがあるときは、いつでも話してください。"
            ),
            "staff_name": reading_runs("サービス管理責任者"),
        },
    }
