"""操作の記録 in words: who did what to which kind of record, never its content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teikyaku.accounts.models import AuditEvent

# The whole verb where its last word alone would mislead.
WHOLE: dict[str, Promise] = {
    "signed_in": _("サインイン"),
    "second_factor_lost": _("開けなくなった二要素の登録を消した"),
    "sign_in_refused": _("サインインできなかった"),
    "refused": _("開けなかった"),
    "use_began": _("利用開始"),
    "initial_addition_told": _("初期加算を算定した月の記録"),
    "entry_number_told": _("事業者記入欄の番号の記録"),
    "enrolment_began_earlier": _("相談の開始日を早い日に変更"),
    "cases_moved": _("担当の引き継ぎ"),
    "staff_assigned_again": _("担当の戻し"),
    "terms_set": _("単価の登録"),
    "municipality_proposal_made": _("仮登録"),
    "municipality_joined": _("同じ自治体にまとめた"),
    "name_changed": _("氏名の変更"),
    "roles_changed": _("役割の変更"),
    "invitation_accepted": _("招待の受入れ"),
    "own_kana_changed": _("自分のふりがなの変更"),
    "invitation_resent": _("招待の送り直し"),
    "member_invited": _("招待"),
    "paper_withdrawn": _("添付の取消し"),
    "number_range_used": _("番号の払い出し"),
    "report_received": _("受領の記録"),
    "report_share_taken_back": _("共有の取消し"),
    "report_correction_dropped": _("訂正の取りやめ"),
    "figure_correction_ended": _("訂正の終了"),
    "figure_correction_withdrawn": _("訂正の取消し"),
    "support_plan_review_begun": _("見直しの開始"),
    "support_plan_to_consultation": _("相談支援事業所への交付"),
    "support_plan_assessed": _("アセスメント"),
    "support_plan_drafted": _("原案"),
    "support_plan_met": _("計画の会議"),
    "support_plan_handed_over": _("本人への交付"),
    "support_plan_stopped": _("計画の取りやめ"),
    "handover_centre": _("引き継ぎ先の選択"),
    "handover_consent": _("本人の同意の記録"),
    "handover_sharing": _("情報の共有の記録"),
    "handover_meeting": _("引き継ぎ会議の記録"),
    "handover_answer": _("引き継ぎ先の返事"),
    "handover_contact": _("最初の相談の記録"),
    "handover_look": _("その後の確かめ"),
    "handover_texts": _("引き継ぎ書に書くことの変更"),
    "handover_system_set": _("引き継ぎの体制の記録"),
    "handover_refusal_kept": _("断られた引き継ぎ先の保存"),
    "proposal_proposed": _("提案"),
    "paper_completed": _("添付の種類と日付の記入"),
    "expiry_settled": _("期限を済みにした"),
    "expiry_settlement_undone": _("期限を済みにしたことの取消"),
    "keeping_held": _("消去の保留"),
    "keeping_hold_lifted": _("消去の保留を解いた"),
    "appointment_moved": _("会う約束の変更"),
    "appointment_called_off": _("会う約束の取消し"),
    "phrase_removed": _("定型文の削除"),
    "support_phase_began": _("次の段階の記録"),
    "support_months_set": _("助成を請求する月の記録"),
    "month_closed_as_notified": _("職員の配置と届出がちがう月の、届出のままの締め"),
    "claim_file_made": _("請求ファイルの作成"),
    "city_answer_recorded": _("市町村の回答の記録"),
    "city_answer_withdrawn": _("市町村の回答の取消し"),
    "cap_cancellation_told": _("結果票の取消しを知らせた記録"),
    "cap_cancellation_told_back": _("結果票の取消しを知らせた記録の取消し"),
    "cap_sheet_told": _("結果票の取消し・修正を知らせた記録"),
    "cap_sheet_told_back": _("結果票の取消し・修正を知らせた記録の取消し"),
    "cap_sheet_revised": _("上限額管理結果票の修正"),
    "cap_sheet_cancelled": _("上限額管理結果票の取消し"),
    "debit_file_made": _("口座振替の依頼ファイルの作成"),
    "claim_returned": _("返戻の記録"),
    "claim_return_reason_recorded": _("返戻の事由の記録"),
    "month_corrected": _("締めた月の出し直し"),
    "month_withdrawn": _("締めた月の取下げ"),
    "error_petition_recorded": _("過誤申立の記録"),
    "opening_claim_recorded": _("移行前の国保連への請求の記録"),
    "opening_claim_corrected": _("移行前の国保連への請求の訂正"),
    "opening_claim_withdrawn": _("移行前の国保連への請求の取下げ"),
    "opening_claim_paid": _("移行前の請求への支払いの記録"),
    "opening_claim_payment_cancelled": _("移行前の請求への支払いの取消し"),
    "opening_claim_deducted": _("移行前の請求の過誤調整の記録"),
    "opening_claim_deduction_cancelled": _("移行前の請求の過誤調整の取消し"),
    "opening_invoice_recorded": _("移行前の請求の記録"),
    "opening_invoice_corrected": _("移行前の請求の訂正"),
    "opening_invoice_withdrawn": _("移行前の請求の取下げ"),
    "retention_before_told": _("移行前の人数の記録"),
    "retention_before_taken_back": _("移行前の人数の取消し"),
    "refund_recorded": _("返金の記録"),
    "refund_cancelled": _("返金の記録の取消し"),
    "envelopes_printed": _("封筒に入れる文書の印刷"),
    "proxy_notice_withdrawn": _("代理受領通知書の取り消しのお知らせ"),
    "account_named": _("勘定科目の名前の変更"),
    "paper_sent": _("文書の発送の記録"),
    "paper_sent_taken_back": _("文書の発送の記録の取消し"),
    "claim_deduction_recorded": _("過誤調整の記録"),
    "claim_deduction_cancelled": _("過誤調整の取消し"),
    "claim_payment_cancelled": _("国保連の支払いの取消し"),
    "claim_payment_recorded": _("国保連の支払いの記録"),
    "notification_voided": _("届出の取消し"),
    "item_reopened": _("終えた届出を、続いていたことにする訂正"),
    "support_withdrawn": _("取消し"),
    "referral_followed": _("声かけの記録"),
    "referral_withdrawn": _("取消し"),
    "first_month_told": _("最初の月の記録"),
    "guide_put_away": _("始め方の案内をしまった"),
    "start_step_answered": _("始め方の項目を確かめた"),
    "start_step_asked_again": _("始め方の項目を確かめたことの取消し"),
    "guide_brought_back": _("始め方の案内を戻した"),
    "move_in_table_chosen": _("シートと見出しの選択"),
    "move_in_columns_told": _("列の対応の記録"),
    "move_in_line_mended": _("取り込む行のセルの訂正"),
    "move_in_confirmed": _("移行の取込"),
    "move_in_undone": _("移行の取込の取消し"),
    "move_in_person_undone": _("移行の取込の取消し（ひとり分）"),
    "demo_city_built": _("デモの街の作成"),
    "office_takeout_asked": _("データの持ち出しの開始"),
    "office_takeout_ready": _("持ち出すファイルの完成"),
    "office_takeout_taken": _("データの持ち出し（ファイルの受け取り）"),
    "office_takeout_removed": _("持ち出すファイルの削除"),
}
LAST_WORD: dict[str, Promise] = {
    "accepted": _("受入れ"),
    "answered": _("返事"),
    "asked": _("依頼"),
    "assigned": _("割当て"),
    "attached": _("添付"),
    "begun": _("開始"),
    "cancelled": _("取消し"),
    "capped": _("上限額の決定"),
    "changed": _("変更"),
    "closed": _("締め"),
    "confirmed": _("確認"),
    "consented": _("同意"),
    "corrected": _("訂正"),
    "decided": _("判断"),
    "declined": _("見送り"),
    "discarded": _("破棄"),
    "edited": _("変更"),
    "ended": _("終了"),
    "erased": _("消去"),
    "exported": _("書き出し"),
    "given": _("取得"),
    "granted": _("決定"),
    "invited": _("招待"),
    "issued": _("発行"),
    "judged": _("判断"),
    "kept": _("保存"),
    "linked": _("記録への結びつけ"),
    "logged": _("記録"),
    "notified": _("届出"),
    "opened": _("開始"),
    "printed": _("印刷"),
    "read": _("閲覧"),
    "received": _("受付"),
    "recorded": _("記録"),
    "refused": _("却下"),
    "registered": _("登録"),
    "replaced": _("置き換え"),
    "reported": _("報告"),
    "requested": _("依頼"),
    "revoked": _("取消"),
    "shared": _("共有"),
    "signed": _("締結"),
    "started": _("開始"),
    "ticked": _("確認"),
    "transferred": _("引継ぎ"),
    "transcribed": _("転記"),
    "undone": _("取消し"),
    "unlinked": _("結びつけの取消し"),
    "withdrawn": _("撤回"),
    "written": _("作成"),
}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line as the page shows it."""

    at: datetime
    who: str
    outcome: str
    action: str
    subject: str
    fields: tuple[str, ...]
    person_id: UUID | None


def audit_rows(events: Iterable[AuditEvent]) -> list[AuditRow]:
    """The lines in words; the events come with their user."""
    return [
        AuditRow(
            at=event.at,
            who=event.user.name if event.user else "",
            outcome=event.get_outcome_display(),
            action=verb_label(event.verb),
            subject=_subject_label(event),
            fields=tuple(_field_label(event.subject_type, name) for name in event.fields),
            person_id=event.person_id,
        )
        for event in events
    ]


def verb_label(verb: str) -> str:
    """What was done, in Japanese; the verb itself where it has no words."""
    return str(WHOLE.get(verb) or LAST_WORD.get(verb.rsplit("_", 1)[-1]) or verb)


def has_words(verb: str) -> bool:
    """Whether the page can say the verb in Japanese."""
    return verb in WHOLE or verb.rsplit("_", 1)[-1] in LAST_WORD


@cache
def _models() -> dict[str, type[models.Model]]:
    found: dict[str, type[models.Model]] = {}
    for model in apps.get_models():
        found.setdefault(model._meta.model_name or "", model)
    return found


def _subject_label(event: AuditEvent) -> str:
    model = _models().get(event.subject_type)
    if model is not None:
        return str(model._meta.verbose_name)
    # A refusal carries the name of the page's route; other marks are about no record.
    is_refused = bool(event.subject_type) and event.outcome == AuditEvent.Outcome.REFUSED
    return str(_("権限のないページ")) if is_refused else ""


def _field_label(subject_type: str, name: Any) -> str:
    model = _models().get(subject_type)
    try:
        return str(model._meta.get_field(name).verbose_name) if model else str(name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return str(name)
