"""One full sample of each document: the contract between builders and templates."""

from __future__ import annotations

from typing import Any

from plans.documents_plain import plain_renewal_reminder

OFFICE = {
    "name": "就労定着支援センター みなと",
    "corporation": "社会福祉法人 しおかぜ会",
    "number": "1510100001",
    "postal_code": "950-0000",
    "address": "新潟市中央区見本町1丁目2番3号",
    "phone": "025-000-0000",
}
COMMON: dict[str, Any] = {
    "dated": "2026-05-08",
    "number": "2026-000412",
    "issued_on": "令和8年5月8日",
    "edition": "",
    "notice": "",
    "replaces": None,
    "replaced_by": None,
    "office": OFFICE,
}
INVOICE: dict[str, Any] = {
    **COMMON,
    "addressee": {
        "postal_code": "951-0000",
        "address": ["新潟市中央区架空通2番町345番地", "コーポ見本 201号室"],
        "name": "髙橋 﨑子",
        "honorific": "様",
    },
    "person": {
        "name": "髙橋 𠮷朗",
        "certificate_number": "0012345678",
        "municipality": "新潟市中央区",
    },
    "month": "令和8年4月",
    "lines": [
        {
            "label": "就労定着支援（90％以上95％未満）",
            "units": 3348,
            "times": 1,
            "total_units": 3348,
        },
        {"label": "初期加算", "units": 900, "times": 1, "total_units": 900},
        {"label": "情報公表未報告減算（5％）", "units": -167, "times": 1, "total_units": -167},
    ],
    "total_units": 4081,
    "unit_price": "10.17",
    "total_cost_yen": 41503,
    "one_tenth_yen": 4150,
    "cap_yen": 9300,
    "managed_yen": None,
    "copayment_yen": 4150,
    "subsidy_yen": 0,
    "benefit_yen": 37353,
    "amount_yen": 4150,
    "why": [
        "4月に1回面談し、支援レポートをお渡ししたので、4月分の費用がかかりました。",
        "あなたの負担は、かかった費用の1割です。1割は4,150円で、受給者証にある上限（9,300円）より"
        "低いので、4,150円をお支払いいただきます。",
    ],
    "due_on": "令和8年5月31日",
    "payment": {
        "way": "銀行振込",
        "details": [
            "見本銀行 架空支店 普通 0000000 シャカイフクシホウジン シオカゼカイ",
            "振込手数料のご負担をお願いします。",
        ],
    },
    "remarks": [
        "障害福祉サービスの利用者負担額には消費税がかかりません。",
        "お問い合わせの際は、右上の番号（No.）をお知らせください。",
    ],
}


def word(text: str, reading: str = "") -> dict[str, str]:
    """A part of a line with its reading."""
    return {"text": text, "reading": reading}


PLAIN: dict[str, Any] = {
    "title": [word("4"), word("月", "がつ"), word("の レポート")],
    "name": [word("髙橋 𠮷朗", "たかはし よしろう"), word(" さん")],
    "parts": [
        {
            "title": [word("いっしょに したこと")],
            "lines": [
                [
                    word("朝", "あさ"),
                    word("の "),
                    word("準備", "じゅんび"),
                    word("を 表にしました。"),
                ],
                [],
                [word("佐藤", "さとう"), word("さんと 話しました。")],
            ],
        }
    ],
    "next": [word("つぎに "), word("会", "あ"), word("う日： 5月15日")],
    "ask": [word("わからないことは、きいてください。")],
    "from": [word("見本事業所 佐藤 花子")],
    "phone": [word("電話", "でんわ"), word(" 025-000-0000")],
}
SUPPORT_REPORT: dict[str, Any] = {
    **COMMON,
    "number": "2026-000398",
    "edition": "控",
    "addressee": {"name": "髙橋 𠮷朗", "honorific": "様"},
    "lead": "令和8年4月の支援についてのご報告です。",
    "person": {"name": "髙橋 𠮷朗"},
    "month": "令和8年4月",
    "author": {"name": "佐藤 花子", "role": "就労定着支援員"},
    "parts": [
        {
            "title": "今月の目標",
            "text": "・朝の準備を決まった順にして、遅れずに出る。\n・困ったときに、その日のうちに一人に話す。",
        },
        {
            "title": "行った支援",
            "text": "4月10日に事業所でお会いし、朝の準備の順番を一緒に表にしました。\n"
            "4月24日に、表を使ってみてどうだったかを画面越しに確かめました。",
        },
        {
            "title": "結果・様子",
            "text": "遅れた日は3月の4日から、4月は1日に減りました。表は冷蔵庫に貼って使っているそうです。"
            "昼休みに一人になれる場所ができて、午後も落ち着いて働けています。",
        },
        {
            "title": "これからのこと",
            "text": "5月は、連休明けの一週間の過ごし方を先に決めておきます。次にお会いするのは5月15日です。",
        },
        {
            "title": "だれが、何をするか",
            "text": "ご本人：表を見て準備する。連休の予定を5月1日までに書く。\n"
            "職場：昼休みの場所を続けて使えるようにする。\n事業所：5月7日に電話で様子をうかがう。",
        },
    ],
    "meetings": [
        {"on": "令和8年4月10日", "way": "対面", "with": "佐藤 花子"},
        {"on": "令和8年4月24日", "way": "テレビ電話", "with": "佐藤 花子"},
    ],
    "note": "",
    "shared_with": [
        {"name": "ご本人", "on": "令和8年5月8日", "way": "手渡し"},
        {"name": "見本製作所（職場）", "on": "令和8年5月8日", "way": "郵送"},
    ],
    "plain": PLAIN,
}
SUPPORT_REPORTS: dict[str, Any] = {
    "dated": COMMON["dated"],
    "office": COMMON["office"],
    "month": "令和8年4月",
    "papers": [SUPPORT_REPORT, {**SUPPORT_REPORT, "plain": None, "number": "2026-000399"}],
}
CERTIFICATE: dict[str, Any] = {
    **COMMON,
    "number": "",
    "edition": "控",
    "is_sealed": False,
    "kind": "更新",
    "reason": "",
    "applies_on": "令和8年4月1日",
    "transcribed": "紙の受給者証から転記（令和8年4月3日 佐藤 花子）",
    "certificate_number": "0012345678",
    "municipality": {"name": "新潟市中央区", "number": "151035"},
    "holder": {
        "postal_code": "951-0000",
        "address": "新潟市中央区架空通2番町345番地 コーポ見本 201号室",
        "kana": "たかはし よしろう",
        "name": "髙橋 𠮷朗",
        "birth_date": "昭和60年4月1日",
    },
    "disabilities": ["知的", "精神"],
    "certificate_issued_on": "令和8年3月25日",
    "service": {
        "name": "就労定着支援",
        "starts_on": "令和8年4月1日",
        "ends_on": "令和9年3月31日",
        "amount": "1か月に1回以上",
    },
    "service_remarks": "",
    "consultation": {"office_name": "相談支援センター かもめ", "monitoring": "3か月ごと"},
    "caps": [
        {
            "yen": 9300,
            "category": "一般1",
            "first_month": "令和8年4月",
            "last_month": "令和8年6月",
            "is_managed": True,
            "managing_office_name": "グループホーム はまなす",
            "managing_office_number": "1510100099",
        }
    ],
    "remarks": "",
    "contracts": [
        {
            "office_number": "1510100001",
            "office_name": "就労定着支援センター みなと",
            "amount": "月1回以上",
            "contracted_on": "令和7年4月1日",
            "ends_on": "",
        }
    ],
}


def _ready(position: int) -> dict[str, Any]:
    names = ("髙橋 𠮷朗", "山﨑 みどり", "佐々木 健太", "小林 あゆみ")
    wards = ("新潟市中央区", "新潟市西蒲区")
    return {
        "name": names[position % len(names)],
        "certificate_number": f"{12345678 + position:010d}",
        "municipality": wards[position % len(wards)],
        "units": 3348,
        "total_cost_yen": 34049,
        "copayment_yen": 3404,
        "benefit_yen": 30645,
        "note": "個別支援計画がないため減算" if position == 1 else "",
    }


def _sums(people: int) -> dict[str, int]:
    one = _ready(0)
    keys = ("units", "total_cost_yen", "copayment_yen", "benefit_yen")
    return {"people": people, **{key: one[key] * people for key in keys}}


MONTH_LIST: dict[str, Any] = {
    **COMMON,
    "number": "",
    "month": "令和8年4月",
    "tariff": "令和6年4月改定",
    "closings": [{"number": 1, "on": "令和8年5月8日", "by": "本間 涼"}],
    "closed": [_ready(position) for position in range(3)],
    "closed_total": _sums(3),
    "ready": [_ready(position) for position in range(24)],
    "ready_total": _sums(24),
    "held": [
        {
            "name": "渡辺 翔",
            "certificate_number": "0099999999",
            "reasons": [
                "支援レポートをまだ本人に共有していません。",
                "負担上限月額が記録されていません（0円とは別です）。",
            ],
        }
    ],
    "not_billable": [
        {
            "name": "本間 さくら",
            "certificate_number": "0088888888",
            "reasons": ["対面かテレビ電話の面談がありませんでした。"],
        }
    ],
    "by_municipality": [
        {"name": "新潟市中央区", **_sums(12)},
        {"name": "新潟市西蒲区", **_sums(12)},
    ],
}
RECEIPT: dict[str, Any] = {
    **COMMON,
    "number": "2026-000412-R7",
    "addressee": INVOICE["addressee"],
    "person": INVOICE["person"],
    "month": "令和8年4月",
    "invoice_number": "2026-000412",
    "paid_on": "令和8年5月20日",
    "way": "振込",
    "amount_yen": 3000,
    "rest_yen": 1150,
}
WARD = {
    "name": "新潟市中央区",
    "signer": "見本市長",
    "department": "健康福祉課",
    "postal_code": "951-0000",
    "address": "新潟市中央区見本町9番9号",
    "phone": "025-000-0009",
}
LETTER: dict[str, Any] = {
    **COMMON,
    "number": "151035-G000412-1",
    "office": WARD,
    "reference": "見本第123号",
    "addressee": INVOICE["addressee"],
    "person": {
        "name": "髙橋 𠮷朗", "kana": "たかはし よしろう", "birth_date": "昭和60年4月1日", "certificate_number": "0012345678",
    },
    "rights": [
        "この決定に不服があるときは、3か月以内に審査請求をすることができます。",
        "取消しの訴えは、裁決を経た後にすることができます。",
    ],
    "note": "受給者証を同封しました。",
}  # fmt: skip
GRANT_NOTICE: dict[str, Any] = {
    **LETTER,
    "received_on": "令和8年3月2日",
    "decided_on": "令和8年3月20日",
    "service": CERTIFICATE["service"],
    "consultation": CERTIFICATE["consultation"],
    "caps": [{key: value for key, value in CERTIFICATE["caps"][0].items() if "number" not in key}],
    "reason": "仕事に慣れるまで、まわりとの調整が必要なため。",
}
REFUSAL_NOTICE: dict[str, Any] = {
    **LETTER,
    "person": {"name": "髙橋 𠮷朗", "kana": "たかはし よしろう", "birth_date": "昭和60年4月1日"},
    "service": {"name": "就労定着支援"},
    "received_on": "令和8年3月2日",
    "decided_on": "令和8年3月20日",
    "reason": "就職の前に、対象のサービスを使っていないため。\n相談先：こあサポート",
}
REVOCATION_NOTICE: dict[str, Any] = {
    **LETTER,
    "service": {
        "name": "就労定着支援", "starts_on": "令和8年4月1日", "ends_on": "令和9年3月31日",
    },
    "revoked_on": "令和8年9月30日",
    "reason": "転出のため",
}  # fmt: skip
RENEWAL_REMINDER: dict[str, Any] = {
    **LETTER,
    "service": {"name": "就労定着支援", "ends_on": "令和9年3月31日"},
    "apply_by": "令和9年2月28日",
    "last_usable_on": "令和10年9月30日",
    "rights": [],
}
PLAN_BASE: dict[str, Any] = {
    **{key: SUPPORT_REPORT[key] for key in ("dated", "number", "issued_on", "edition", "notice",
                                            "replaces", "replaced_by", "office")},
    "person": {"name": "新潟 太郎", "kana": "にいがた たろう"},
    "manager": "佐藤 花子",
}  # fmt: skip
SUPPORT_PLAN: dict[str, Any] = {
    **PLAN_BASE,
    "period": "令和8年4月1日から令和8年9月30日まで",
    "review_by": "令和8年9月30日",
    "wishes": "この会社で長く働きたい。\n一人で暮らしたい。",
    "support": "月に一度会って、困りごとを一緒に整理する。",
    "assessment": [{"label": "仕事", "text": "品出しは一人でできる。"}],
    "goals": [
        {
            "term": "短期目標", "goal": "朝、自分で起きる", "person_does": "目覚ましを2つかける",
            "staff_does": "朝の様子を聞く", "by": "次の見直しまで",
        }
    ],
    "steps": [{"label": "アセスメント", "on": "令和8年3月1日"}, {"label": "同意", "on": ""}],
    "participants": "本人、支援員",
    "meeting_notes": "貯金を先にしたいとの意見。",
    "signatures": [{"label": "本人", "name": ""}, {"label": "サービス管理責任者", "name": "佐藤 花子"}],
}  # fmt: skip
_RUNS = [["目標", "もくひょう"], ["です", ""]]
SUPPORT_PLAN_PLAIN: dict[str, Any] = {
    **PLAN_BASE,
    "title": _RUNS,
    "period": _RUNS,
    "wishes": [_RUNS],
    "goals": [{"goal": [_RUNS], "person_does": [_RUNS], "staff_does": [_RUNS], "by": _RUNS}],
    "words": dict.fromkeys(
        ("period", "wishes", "goal", "person", "staff", "by", "ask", "staff_name"), _RUNS
    ),
}
ADDRESS_LABELS: dict[str, Any] = {
    "dated": "2026-05-08",
    "sheet": {
        "columns": 2, "rows": 6, "width": 86.4, "height": 42.3, "top": 21.6, "left": 18.6,
        "gap_x": 0.0, "gap_y": 0.0,
    },
    "first": 3,
    "labels": [
        {
            "postal_code": "951-0000", "address": "新潟市中央区見本町1番1号コーポ見本201号室",
            "name": "髙橋 𠮷朗", "kana": "たかはし よしろう", "honorific": "様",
        },
        {
            "postal_code": "", "address": "新潟市西蒲区見本" + "とても長い番地と建物の名前" * 12,
            "name": "山﨑 みどり", "kana": "", "honorific": "",
        },
    ],
}  # fmt: skip
SAMPLES = {
    "address_labels": ADDRESS_LABELS,
    "invoice": INVOICE,
    "support_report": SUPPORT_REPORT,
    "support_reports": SUPPORT_REPORTS,
    "certificate": CERTIFICATE,
    "month_list": MONTH_LIST,
    "receipt": RECEIPT,
    "grant_notice": GRANT_NOTICE,
    "refusal_notice": REFUSAL_NOTICE,
    "revocation_notice": REVOCATION_NOTICE,
    "renewal_reminder": RENEWAL_REMINDER,
    "plain_renewal_reminder": plain_renewal_reminder(RENEWAL_REMINDER),
    "support_plan": SUPPORT_PLAN,
    "support_plan_plain": SUPPORT_PLAN_PLAIN,
}
