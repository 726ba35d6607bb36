"""運営指導の綴り: the support's leaves: days of plans, contract and consents, contacts, reports.

Papers that were issued come as they stand; these leaves tell what no paper of its own says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from clients.models import Consent
from plans.documents_plan import plan_document
from plans.models import Interview, ReportShare, ReportVersion, SupportPlan, SupportPlanPaper
from plans.queries.binder import SupportFile
from plans.report_papers import file_paper
from teikyaku.clock import date_of
from teikyaku.era import wareki, wareki_month, wareki_short
from teikyaku.money import yen
from teikyaku.periods import Month

Leaf = dict[str, Any]
COPY = "写し"
NEVER_PRINTED = "この計画書は、まだ印刷していません。保存されている内容を、綴りのために写しました。"


def leaf(who: str, label: str, kind: str, data: Mapping[str, Any]) -> Leaf:
    """One paper of the binder: whose, its line in the contents, its shape, what it says."""
    return {"who": who, "label": label, "kind": kind, "data": dict(data)}


def table(
    title: str, columns: Sequence[tuple[str, int]], rows: list[list[str]], empty: str
) -> dict[str, Any]:
    """A table of a sheet: heads with their share of the width; `empty` stands where no row is."""
    return {
        "title": title,
        "widths": [width for _head, width in columns],
        "heads": [head for head, _width in columns],
        "rows": rows,
        "empty": empty,
    }


def sheet(title: str, lead: str, *tables: dict[str, Any]) -> dict[str, Any]:
    """A leaf of tables."""
    return {"title": title, "lead": lead, "tables": list(tables)}


def short(day: date | None) -> str:
    """R8.4.1, or nothing."""
    return wareki_short(day) if day else ""


def plan_papers(files: Iterable[SupportFile]) -> dict[int, dict[str, Any]]:
    """By plan: its newest paper as it was printed, for the plans of these files (one query)."""
    plans = [plan.pk for each in files for plan in each.plans]
    rows = SupportPlanPaper.objects.filter(
        plan__in=plans, kind=SupportPlanPaper.Kind.PLAN, document__replaced_by=None
    ).select_related("document")
    return {row.plan_id: {**row.document.content} for row in rows.order_by("pk")}


def plan_leaves(file: SupportFile, printed: Mapping[int, Mapping[str, Any]]) -> list[Leaf]:
    """The days of every plan's steps, then the plans; nothing where the span has none."""
    if not file.plans:
        return []
    days = sheet(
        "個別支援計画の経過",
        "手順ごとの日付です。署名は、紙の原本か、添付した写しを見てください。",
        table("計画と手順", PLAN_COLUMNS, [_plan_row(plan) for plan in file.plans], ""),
    )
    leaves = [leaf(file.name, "個別支援計画の経過", "sheet", days)]
    for plan in file.plans:
        if plan.drafted_on is None or plan.stopped_on is not None:
            continue
        paper = printed.get(plan.pk) or _never_printed(plan, file)
        begins = f"（{wareki(plan.starts_on)}から）" if plan.starts_on else ""
        leaves.append(leaf(file.name, f"個別支援計画書{begins}", "support_plan", paper))
    return leaves


def _never_printed(plan: SupportPlan, file: SupportFile) -> dict[str, Any]:
    """The plan as it is on file, marked as such, with the day of its draft."""
    drafted_on = plan.drafted_on or plan.assessed_on
    paper = plan_document(
        plan, kind=SupportPlanPaper.Kind.PLAN, number="", issued_on=drafted_on, name=file.named
    )
    return {**paper, "edition": paper["edition"] or COPY, "notice": NEVER_PRINTED}


PLAN_COLUMNS = (
    ("計画の期間", 3), ("アセスメント", 2), ("原案", 2), ("会議", 2), ("説明", 2),
    ("同意（署名）", 3), ("本人に交付", 2), ("相談支援に交付", 3),
)  # fmt: skip


def _plan_row(plan: SupportPlan) -> list[str]:
    period = f"{short(plan.starts_on)}〜{short(plan.review_by)}" if plan.starts_on else "（未定）"
    if plan.stopped_on is not None:
        period += f"\n取りやめ {short(plan.stopped_on)}"
    signed = f"{short(plan.consented_on)}\n{plan.get_signer_display()}"
    told = f"{short(plan.consultation_on)}\n{plan.get_consultation_display()}"
    return [
        period, short(plan.assessed_on), short(plan.drafted_on), short(plan.meeting_on),
        short(plan.explained_on), signed if plan.consented_on else "",
        short(plan.handed_over_on), told if plan.consultation_on else "",
    ]  # fmt: skip


def consent_leaf(file: SupportFile) -> list[Leaf]:
    """利用契約, 支給決定, 負担上限月額 and 同意 of the span."""
    contracts = [
        [short(c.explained_on), short(c.signed_on), f"{short(c.starts_on)}〜{short(c.ends_on)}",
         c.contracted_amount, short(c.reported_on)]
        for c in file.contracts
    ]  # fmt: skip
    decisions = [
        [d.municipality.full_name, short(d.decided_on), f"{short(d.starts_on)}〜{short(d.ends_on)}",
         d.amount]
        for d in file.decisions
    ]  # fmt: skip
    caps = [
        [wareki_month(Month.of(c.first_month)),
         wareki_month(Month.of(c.last_month)) if c.last_month else "",
         str(c.get_category_display()), yen(c.cap_yen)]
        for c in file.caps
    ]  # fmt: skip
    title = "契約・支給決定・同意"
    data = sheet(
        title,
        "",
        table(
            "利用契約",
            (("重要事項の説明", 2), ("契約日", 2), ("期間", 3), ("契約支給量", 3), ("報告書", 2)),
            contracts, "記録がありません。",
        ),
        table(
            "支給決定",
            (("市町村", 3), ("決定日", 2), ("期間", 3), ("支給量", 3)),
            decisions, "記録がありません。",
        ),
        table(
            "負担上限月額",
            (("最初の月", 2), ("最後の月", 2), ("区分", 2), ("上限月額", 2)),
            caps, "記録がありません。",
        ),
        table(
            "同意",
            (("相手", 3), ("範囲", 2), ("同意した日", 2), ("最終日", 2), ("撤回した日", 2), ("渡してよい項目", 4)),
            [_consent_row(row) for row in file.consents], "この期間の同意はありません。",
        ),
    )  # fmt: skip
    return [leaf(file.name, title, "sheet", data)]


def _consent_row(row: Consent) -> list[str]:
    name = f"（{row.recipient_name}）" if row.recipient_name else ""
    is_report = row.scope == Consent.ConsentScope.REPORT
    items = "・".join(str(item.label) for item in row.allowed_items) if is_report else ""
    return [
        f"{row.get_recipient_display()}{name}", str(row.get_scope_display()),
        short(row.starts_on), short(row.ends_on), short(row.withdrawn_on),
        items if row.items else ("すべて" if is_report else ""),
    ]  # fmt: skip


def contact_leaf(file: SupportFile) -> list[Leaf]:
    """Every contact of the span; what was corrected or taken back is marked, and stays."""
    if not file.contacts:
        return []
    title = "面談・連絡の記録"
    data = {
        "title": title,
        "lead": "訂正前の記録と、取り消した記録も、印をつけて残しています。",
        "contacts": [_contact(row) for row in file.contacts],
    }
    return [leaf(file.name, title, "contacts", data)]


def _contact(row: Interview) -> dict[str, Any]:
    time = f"　{row.starts_at:%H:%M}" if row.starts_at else ""
    minutes = f"（{row.minutes}分）" if row.minutes else ""
    head = f"{wareki(row.held_on)}{time}{minutes}　{row.get_way_display()}　{row.get_outcome_display()}"
    work, life = row.get_work_rating_display(), row.get_life_rating_display()
    own_work, own_life = row.get_own_work_rating_display(), row.get_own_life_rating_display()
    flags = (
        (row.has_worries, "気がかりがある"), (row.wants_more, "本人がもっと会いたい"),
        (row.has_employer_concern, "職場から心配の声がある"),
    )  # fmt: skip
    met_by, written_by = row.met_by.user.name, row.recorded_by.user.name
    told = (
        ("場所", row.place),
        ("面談した職員", met_by),
        ("記録した職員", written_by if written_by != met_by else ""),
        ("話した相手", "・".join(row.partner_labels)),
        ("職場との連絡（職場連絡禁止）", str(row.get_workplace_talk_display())),
        ("職場に連絡したわけ", row.workplace_reason),
        ("同席した人", row.participants),
        ("会議の区分", str(row.get_meeting_kind_display())),
        ("仕事・生活の様子", f"{work}・{life}" if work or life else ""),
        ("本人の感じ方", f"{own_work}・{own_life}" if own_work or own_life else ""),
        ("気をつけること", "、".join(words for is_so, words in flags if is_so)),
        ("話題", "・".join(row.topic_labels)),
        ("話したこと", row.notes),
        ("決めたこと", row.agreed),
        ("代わりに提案したこと", row.offered_instead),
        ("次回の予定日", wareki(row.next_on) if row.next_on else ""),
    )
    facts = [{"label": label, "text": text} for label, text in told if text]
    return {"head": head, "mark": _mark(row), "facts": facts}


def _mark(row: Interview) -> str:
    if row.withdrawn_at is not None and row.withdrawn_by is not None:
        who, when = row.withdrawn_by.user.name, short(date_of(row.withdrawn_at))
        return f"取消し（{when} {who}：{row.withdrawal_reason}）"
    after = getattr(row, "replaced_by", None)
    if after is not None:
        return (
            f"訂正前の記録（{short(date_of(after.recorded_at))}に訂正：{after.correction_reason}）"
        )
    if row.replaces is not None:
        return f"訂正後の記録（{short(date_of(row.recorded_at))}：{row.correction_reason}）"
    return ""


REPORT_COLUMNS = (
    ("月", 2), ("版・発行日", 2), ("相手", 3), ("渡した日・方法", 3), ("受け取った日・確認", 3),
    ("取消し", 2),
)  # fmt: skip


def report_leaves(file: SupportFile) -> list[Leaf]:
    """Which version went to whom and was received, then every version as it was issued."""
    if not file.versions:
        return []
    rows = [line for version in file.versions for line in _version_rows(version, file.shares)]
    title = "支援レポートの共有と受領"
    data = sheet(title, "", table("発行・共有・受領", REPORT_COLUMNS, rows, ""))
    leaves = [leaf(file.name, title, "sheet", data)]
    for version in file.versions:
        standing = [
            row for row in file.shares if row.version_id == version.pk and not row.taken_back_at
        ]
        label = (
            f"支援レポート {wareki_month(Month.of(version.report.month))}分・第{version.number}版"
        )
        paper = file_paper(version.content, standing)
        leaves.append(leaf(file.name, label, "support_report", paper))
    return leaves


def _version_rows(version: ReportVersion, shares: Sequence[ReportShare]) -> list[list[str]]:
    head = [
        wareki_month(Month.of(version.report.month)),
        f"第{version.number}版\n{short(date_of(version.recorded_at))}",
    ]
    theirs = [row for row in shares if row.version_id == version.pk]
    if not theirs:
        return [[*head, "（共有なし）", "", "", ""]]
    return [
        [
            *head,
            row.whom,
            f"{short(row.shared_on)}\n{row.get_way_display()}",
            f"{short(row.received_on)}\n{row.get_received_how_display()}"
            if row.received_on
            else "未確認",
            f"{short(date_of(row.taken_back_at))}\n{row.taken_back_reason}"
            if row.taken_back_at
            else "",
        ]
        for row in theirs
    ]
