"""読んでください.txt: how to read the file, for whoever opens it years later."""

from __future__ import annotations

from datetime import date

from teikyaku.accounts.models import Office
from teikyaku.desk.takeout.tables import LEFT_OUT
from teikyaku.era import both

README = "読んでください.txt"


def readme(office: Office, on: date, product: str) -> str:
    """The text; lines end as every editor reads them."""
    reasons = "\n".join(f"・{reason}" for reason in dict.fromkeys(LEFT_OUT.values()))
    text = f"""{office.name}（事業所番号 {office.number}）のデータ
{both(on)} に teikyaku {product} から持ち出しました。

【大切なこと】
利用者と職員の個人情報が、すべて入っています。住所を知られてはいけない方（支援措置）の住所も入っています。
鍵のかかる場所か、暗号化した媒体に置き、要らなくなったら消してください。メールで送らないでください。

【中に入っているもの】
office.xlsx      表計算ソフトで見るためのブック。最初のシートが目次です。コードは、言葉と並べてあります。日付は西暦です。
                 長い表は、3万行ごとに次のシート（名前に (2) が付きます）に続きます。
data/            すべての値。1つの表が1つのファイルで、1行が1件の JSON です（JSON Lines、UTF-8）。
                 *historical* は、訂正する前の値（だれがいつ何を直したか）です。
columns.xlsx     data/ の列の説明（名前、型、選択肢、つながる先、個人の情報かどうか）。columns.json は同じもの。
files/           添付（attachments）、交付した文書の PDF（papers）、支援レポートの控（reports）、請求ファイル（claims）。
files.xlsx       files/ の一覧。大きさと SHA-256、入らなかったファイルとその理由。
manifest.json    目録。件数と SHA-256。中身が変わっていないことを、これで確かめられます。

【読み方】
表の間のつながりは、番号（id）です。たとえば plans.interview の enrolment_id は clients.enrolment の id、
その client_id は clients.client の id です。氏名は clients.clientname にあります。
日時は世界標準時です。日本の時刻は9時間後です。金額は円、時間は分です。

【入っていないもの】
{reasons}
・支援を終えた方について、終えた日より後のこと。
・ほかの事業所と区の職員の氏名とアドレス（「ほかの所属の職員」と書いてあります）。
・まだ送っていない知らせのメール。パスワード。

【別の teikyaku に入れる】
空の teikyaku で、サーバーの管理者が次を動かします（docs/operations.md）。
manage.py import_office このファイル.zip
"""
    return text.replace("\n", "\r\n")
