"""推定: what no source said and the product reads one way, by name and day, for a person to confirm.

Whoever exports or checks a file is shown this list. A confirmed entry leaves it with its source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from billing.kokuhoren.layouts import LABELS, Record, records
from teikyaku.reasons import Certainty

NOTED_ON = date(2026, 11, 26)
ANALOGY = "J411"


@dataclass(frozen=True, slots=True)
class Inferred:
    """One reading: what it is about, how it is read, since when, and where it acts."""

    key: str
    what: str
    reading: str
    noted_on: date = NOTED_ON


READINGS = (
    Inferred(
        "order", "請求書と明細書の並び",
        "市町村ごとの請求書（J111 01・02）をすべて並べてから、明細書（J121）を利用者ごとに並べます。"
        "確かめるときは、市町村ごとに請求書と明細書が続く並びも認めます。",
    ),
    Inferred(
        "late_months", "月遅れの請求",
        "サービス提供年月ごとに、別のファイルの組にします。コントロール行の処理対象年月は、どの組も"
        "請求する月です。確かめるときは、いくつかの月が1つにまとまったファイルも認めます。",
    ),
    Inferred(
        "negative_units", "減算の行",
        "単位数とサービス単位数を、先頭に半角の「-」を付けて書きます（1バイトに数えます）。",
    ),
    Inferred(
        "zero_codes", "コントロール行の市町村番号・都道府県番号",
        "桁をそろえずに「0」と書きます。確かめるときは、「000000」のような0だけの値も認めます。",
    ),
    Inferred(
        "cap_sheet_control", "上限額管理結果票のコントロール行",
        "事業所番号は、結果票をつくる上限額管理事業所の番号です。",
    ),
    Inferred(
        "cap_sheet_kana", "上限額管理結果票の氏名カナ",
        "明細書と同じく、空欄でもよいものとします。",
    ),
    Inferred(
        "kana_blank", "氏名カナの姓と名の間",
        "半角の空白を1つ入れます（その値は「\"」で囲みます）。",
    ),
    Inferred(
        "days_of_use", "明細書の日数と集計の日数",
        "利用日数（J121 02）とサービス利用日数（J121 04）は同じ数です。",
    ),
    Inferred(
        "contracted_days", "契約支給量の「当該月の日数」",
        "その月の日数（28〜31）を書きます。",
    ),
    Inferred(
        "first_of_all", "開始年月日",
        "このソフトに記録のある、その方の最も早い利用開始日を書きます。"
        "前にほかの事業所で使っていた方は、受給者証の事業者記入欄と比べてください。",
    ),
    Inferred(
        "special_area_day", "特別地域加算の日",
        "加算のある月は、算定した最初の日に1回として書きます（明細書の回数と同じ）。",
    ),
    Inferred(
        "liaison_day", "地域連携会議実施加算の日",
        "明細書に加算のある月だけ、その区分の会議の最初の日に書きます。",
    ),
    Inferred(
        "shared_number", "事業所番号を共用するときの請求書",
        "ほかのサービスの合計を足すときは、件数・単位数・金額をサービス種類ごとの行に書き、その合計を"
        "請求書に書きます。請求書を入れないときは、明細書だけの情報をJ11のファイルに書きます。",
    ),
    Inferred(
        "cap_sheet_kind", "上限額管理結果票の作成区分",
        "初めは「新規」（1）、送った結果票を直したときは「修正」（2）、効かなくなった結果票は「取消し」（3）と"
        "書きます。受給者証番号か市町村が変わったときは、前の番号で取り消し、新しい番号で「新規」にします。",
    ),
    Inferred(
        "cap_sheet_cancelled", "取り消す上限額管理結果票の金額",
        "送った結果票と同じ内容（上限月額・管理結果・事業所ごとの額）を書き、作成区分だけを「取消し」（3）に"
        "します。取り消しだけのファイルを別に作ります。",
        date(2026, 11, 27),
    ),
    Inferred(
        "cap_sheet_alone", "ほかの事業所の行だけが変わった上限額管理結果票",
        "この事業所の請求額が変わらないときは、請求を出し直さず、「修正」（2）の結果票だけのファイルを作れます。"
        "前の結果票と同じ処理月には作りません。過誤申立もいるかは、支給市町村に確かめます。",
        date(2026, 11, 28),
    ),
    Inferred(
        "subsidy_elsewhere", "支給市町村と別の市町村の助成",
        "助成する市町村が支給市町村と違うときも、助成の額は支給市町村あての請求書（J111）に足し、"
        "助成する市町村の番号は明細書（J121 01）だけに書きます。別に請求する決まりなら、助成の記録を外します。",
        date(2026, 11, 27),
    ),
)  # fmt: skip


def inferred() -> tuple[Inferred, ...]:
    """Every reading that waits for a person: those of the layouts first, then those above."""
    return (*_of_layouts(), *READINGS)


def _of_layouts() -> Iterator[Inferred]:
    for shape in records().values():
        yield from _of_record(shape)
    label = LABELS[f"{ANALOGY}:01"]
    yield Inferred(
        "cap_sheet_widths",
        f"{label}（{ANALOGY}）のバイト数",
        "ほかのレコードに合わせて決めた幅です。",
    )


def _of_record(shape: Record) -> Iterator[Inferred]:
    for field in shape.fields:
        if field.certainty == Certainty.UNKNOWN:
            reading = (
                f"いつも「{field.fixed}」と書きます。"
                if field.fixed
                else _WORDS[field.position, shape.key]
            )
            yield Inferred(
                f"{shape.key}.{field.position}",
                f"{shape.label}（{shape.key}）の{field.name}",
                reading,
            )


_WORDS = {
    (8, "J121:02"): "このサービスを初めて使った日です。契約を結び直しても変わりません。",
    (10, "J121:02"): "請求する支援のあった日の数です。",
    (
        7,
        "J121:05",
    ): "取り込んだサービスコード表の決定サービスコードです（471000 と推定していますが、表になければ書きません）。",
    (37, "J611:01"): "日ごとの「算定日数」の合計です。",
    (
        64,
        "J611:01",
    ): "初期加算を算定する月にだけ書く、利用を始めた日です（それより前の月に始めた方も、その日を書きます）。",
}
