"""移行の取込の列: what an office can bring of each person, how sheets call it, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.enums import Category, EndReason, ServiceKind
from clients.models import Disability
from plans.rules.move_in_back import BACK

__all__ = (
    "BACK", "BELOW", "BY_FIELD", "BY_LABEL", "CARDS", "CHOICES", "COLUMNS", "EXAMPLES", "GUIDE", "HALVES",
    "HELPERS", "MARKS", "MORE", "NAMES", "OTHER_WAY", "REQUIRED", "SAME_FACT", "SECOND_HALF", "STAFF_BELOW", "TIMES", "UNKNOWN_PLACE", "WHICH", "WORD", "YES", "MoveInColumn", "is_word", "label_of",
)  # fmt: skip

YES = ("○", "×")
# Sheets of the template beside the one to fill in: nobody stands in them.
EXAMPLES, GUIDE, CHOICES = "記入例", "入れ方", "選択肢"
# The heading of the column that says which rows are hidden or struck out.
MARKS = "行の印（隠れた行・取り消し線）"
# The heading of the column that says which line parting the table (【終了者】) a line stands below.
BELOW = "区切りの見出し"
# The same for 「担当：…」: read as 担当.
STAFF_BELOW = "担当（区切りの見出し）"
# What an answer about a word of a column (障害種別 3) is kept by: word:column:text.
WORD = "word"
# As the table of sheets of one person each is called.
CARDS = "個人票（1枚に1人）"
# How the message of a municipality that nobody has registered begins.
UNKNOWN_PLACE = _("登録にない市区町村です。")
HELPERS = (EXAMPLES, GUIDE, CHOICES)


@dataclass(frozen=True, slots=True)
class MoveInColumn:
    """列: the heading of the template, others that are read too, and what stands in it."""

    field: str
    names: tuple[str, ...]
    group: Promise
    meaning: Promise
    example: str = ""
    is_required: bool = False
    choices: tuple[str, ...] = ()


_DAY = _("西暦でも和暦でも（2026/4/1、令和8年4月1日、R8.4.1）。")
_PERSON, _WORK, _SERVICE = _("本人"), _("就労"), _("就職前のサービス")
_PAPER, _CAP, _CONTRACT = _("受給者証"), _("負担上限月額"), _("利用契約")
_SUPPORT, _PLAN = _("担当と面談"), _("個別支援計画")

COLUMNS = (
    MoveInColumn("name", ("氏名", "名前", "利用者名", "利用者氏名", "本人氏名", "お名前", "氏名漢字", "漢字氏名", "姓", "苗字", "名字"), _PERSON,
                 _("漢字の氏名。"), "架空 太郎", is_required=True),
    MoveInColumn("kana", ("ふりがな", "フリガナ", "カナ", "氏名カナ", "カナ氏名", "利用者氏名カナ", "利用者氏名フリガナ", "利用者氏名ふりがな", "氏名ふりがな", "氏名フリガナ", "よみがな", "かな", "利用者カナ", "利用者ふりがな", "利用者フリガナ", "カナ名", "カナ名称", "セイ", "せい", "姓カナ", "姓かな", "姓ふりがな", "姓フリガナ"),
                 _PERSON, _("ひらがなでもカタカナでも。生年月日と合わせて、同じ方を探します。"), "かくう たろう", is_required=True),
    MoveInColumn("birth_date", ("生年月日", "誕生日", "生年月日(西暦)"), _PERSON, _DAY, "平成3年4月2日", is_required=True),
    MoveInColumn("phone", ("電話番号", "電話", "携帯", "携帯電話", "連絡先", "本人電話番号", "TEL", "電話番号1", "電話1", "携帯番号", "携帯電話番号"), _PERSON,
                 _("市外局番から。"), "090-0000-0001"),
    MoveInColumn("postal_code", ("郵便番号", "〒", "郵便番号1", "〒番号", "自宅郵便番号"), _PERSON, _("住所の前に書いてあっても読みます。"), "950-0001"),
    MoveInColumn("lives_in", ("住所の市区町村", "居住地", "住所市区町村", "市区町村"), _PERSON,
                 _("住所が市区町村から書いてあれば、要りません。登録にある市区町村の名前。"), "新潟市中央区"),
    MoveInColumn("address", ("住所", "現住所", "所在", "本人住所", "住所1", "利用者住所"), _PERSON, _("市区町村から書いてあれば、分けて読みます。"), "架空町1-2-3"),
    MoveInColumn("lives_from", ("住み始めた日", "住所の開始日", "転入日"), _PERSON,
                 _("空欄なら、取り込んだ日からの住所とします。"), ""),
    MoveInColumn("disabilities", ("障害種別", "障がい種別", "障がい", "障害", "障害区分", "障がい名", "種別", "手帳", "手帳種別", "手帳の種類"), _PERSON,
                 _("身体・知的・精神・難病等。二つあるときは「・」で区切ります。"), "精神", choices=tuple(Disability.Kind.labels)),
    MoveInColumn("disabled_from", ("認定日", "障がいの認定日", "手帳交付日"), _PERSON,
                 _("空欄なら、支給決定期間の開始日（なければ取り込んだ日）に分かっていたこととします。"), ""),
    MoveInColumn("employer", ("就職先", "勤務先", "企業名", "会社名", "就労先", "就職先企業", "就職先の名前", "雇用先", "就職先名", "就職先名称", "雇用先名", "雇用先名称", "勤務先名", "勤務先名称", "会社名称"), _WORK,
                 _("会社の名前。"), "架空商店"),
    MoveInColumn("employer_address", ("就職先の所在地", "勤務先住所", "就職先住所", "会社住所", "勤務地"), _WORK, _("なくてもかまいません。"), ""),
    MoveInColumn("employed_on", ("就職日", "入社日", "就職年月日", "雇用開始日", "就労開始日", "入社年月日", "入社", "雇用年月日", "雇用日"), _WORK,
                 _("就職先を入れた行に要ります。"), "R7.4.1"),
    MoveInColumn("weekly_minutes", ("週の労働時間", "労働時間", "週労働時間", "勤務時間", "週所定労働時間", "週所定", "週所定時間", "所定労働時間", "週の勤務", "週の勤務時間", "週の時間", "週時間", "時間/週", "週当たり時間", "週"), _WORK, _("30、30.5、30:15 など。"), "30"),
    MoveInColumn("must_not_contact", ("職場に連絡しない", "クローズ就労", "クローズ", "職場連絡不可", "連絡禁止", "職場連絡禁止"), _WORK,
                 _("連絡しないときは ○。連絡してよいときは空欄か ×。"), "", choices=YES),
    MoveInColumn("left_on", ("離職日", "退職日", "離職年月日", "退職年月日", "退社日", "退社年月日", "退社", "雇用終了日", "就労終了日"), _WORK,
                 _("仕事をやめた方だけ。いまも働いている方は空欄。"), ""),
    MoveInColumn("left_reason", ("離職の理由", "離職理由", "退職理由", "退職の理由"), _WORK, _("なくてもかまいません。"), ""),
    MoveInColumn("improves", ("労働条件の改善のための転職", "改善のための転職"), _WORK,
                 _("離職日を入れたとき。はいは ○、いいえは ×、分からなければ空欄。"), "", choices=YES),
    MoveInColumn("leave_from", ("休職の開始日", "休職開始日", "休職開始", "休職日", "休職期間開始", "休職期間自"), _WORK,
                 _("休職している方、休職していた方だけ。"), ""),
    MoveInColumn("leave_until", ("休職の終了日", "休職終了日", "休職終了", "休職期間終了", "休職期間至"), _WORK,
                 _("復職した方だけ、休職の最後の日。いまも休職中なら空欄。"), ""),
    MoveInColumn("leave_reason", ("休職の理由", "休職理由"), _WORK, _("なくてもかまいません。"), ""),
    MoveInColumn("service_kind", ("就職前のサービス", "利用していたサービス", "サービス種別", "前サービス", "前のサービス", "送り出しサービス", "前サービス種別"), _SERVICE,
                 _("下の五つのどれか。利用できる期間が決まります。"), "就労移行支援", choices=tuple(map(str, ServiceKind.labels))),
    MoveInColumn("service_office", ("サービスの事業所", "前の事業所", "出身事業所", "送り出し事業所", "就職前の事業所", "移行事業所", "前サービス事業所", "前サービス事業所名", "移行元事業所", "移行元"), _SERVICE, _("なくてもかまいません。"), "架空就労センター"),
    MoveInColumn("service_from", ("サービスの開始日", "サービス利用開始日", "通所期間", "前サービス利用期間", "就職前のサービス開始日", "就職前のサービス開始"), _SERVICE,
                 _("就職前のサービスを入れた行に要ります。"), "R5.4.1"),
    MoveInColumn("service_until", ("サービスの終了日", "サービス利用終了日", "就職前のサービス終了日", "就職前のサービス終了"), _SERVICE, _DAY, "R7.3.31"),
    MoveInColumn("municipality", ("支給決定市町村", "支給市町村", "市町村", "援護の実施者", "支給決定区", "受給者証市町村", "区", "支給決定自治体", "受給者証の市町村", "交付市町村", "発行市町村", "支給市", "支給市区町村", "支給市町村名及び印", "支給市町村名", "市町村番号", "市町村コード", "市区町村コード", "支給市町村番号", "支給市町村コード", "支給決定市町村番号"),
                 _PAPER, _("受給者証を出した市区町村。登録にある名前か、6桁の番号。"), "新潟市中央区"),
    MoveInColumn("number", ("受給者証番号", "受給者番号", "証番号", "受給者証No", "受給者証No.", "受給者証№"), _PAPER, _("数字10桁。"), "1500000001"),
    MoveInColumn("granted_from", ("支給決定期間の開始日", "支給決定期間開始", "支給決定期間開始日", "支給決定開始", "支給期間開始", "支給期間開始日", "支給期間自", "支給決定期間自", "支給決定期間から", "支給開始日", "受給者証開始日", "受給者証期間開始", "受給者証開始", "支給開始", "決定開始日", "決定開始", "決定期間開始", "有効期間開始"),
                 _PAPER, _("受給者証番号を入れた行に要ります。"), "2025/10/1"),
    MoveInColumn("granted_until", ("支給決定期間の終了日", "支給決定期間終了", "支給決定期間終了日", "支給決定終了", "支給期間終了", "支給期間終了日", "支給期間至", "支給決定期間至", "支給決定期間まで", "支給終了日", "受給者証終了日", "受給者証期間終了", "受給者証終了", "受給者証有効期限", "受給者証期限", "支給終了", "決定終了日", "決定終了", "決定期間終了", "有効期間終了"),
                 _PAPER, _("受給者証番号を入れた行に要ります。"), "2026/9/30"),
    MoveInColumn("decided_on", ("支給決定日", "決定日"), _PAPER, _("空欄なら、交付日と同じ日とします。"), ""),
    MoveInColumn("issued_on", ("交付日", "受給者証交付日", "交付年月日"), _PAPER,
                 _("空欄なら、支給決定期間の開始日とします。正しい日は、あとから訂正できます。"), "2025/9/20"),
    MoveInColumn("amount", ("支給量", "支給量等"), _PAPER, _("空欄なら「当該月の日数」。"), "当該月の日数"),
    MoveInColumn("cap_yen", ("負担上限月額", "上限月額", "新上限額", "新上限月額", "新負担上限月額", "新しい上限額", "更新後の上限額", "利用者負担上限月額", "上限額", "負担上限額", "利用者負担上限", "負担上限"), _CAP,
                 _("円。0円も入れます。空欄なら、上限額が分かるまで月は保留になります。"), "9300"),
    MoveInColumn("category", ("負担区分", "区分", "所得区分", "利用者負担区分"), _CAP,
                 _("0円のときは「生活保護」か「低所得」が要ります。ほかは額から決まります。"), "一般1", choices=tuple(map(str, Category.labels))),
    MoveInColumn("cap_first_month", ("適用開始月", "上限額の最初の月", "上限額適用開始月", "適用期間開始", "負担上限月額適用開始"), _CAP,
                 _("空欄なら、支給決定期間の最初の月から。"), ""),
    MoveInColumn("cap_last_month", ("適用終了月", "上限額の最後の月", "上限額適用終了月", "適用期間終了", "負担上限月額適用終了"), _CAP,
                 _("空欄なら、終わりは決めません。"), "令和8年6月"),
    MoveInColumn("is_managed", ("上限額管理の有無", "上限管理", "上限額管理", "上限管理の有無", "上限額管理対象", "上限管理対象", "上限額管理対象者", "上限管理の対象"), _CAP,
                 _("対象なら ○、違えば ×。空欄なら、管理事業所を入れた方を対象とします。"), "×", choices=YES),
    MoveInColumn("managing_name", ("上限額管理事業所", "上限管理事業所", "上限額管理事業所名"), _CAP, _("上限額管理の対象のとき。"), ""),
    MoveInColumn("managing_number", ("上限額管理事業所の番号", "上限管理事業所番号", "上限額管理事業所番号"), _CAP, _("数字10桁。"), ""),
    MoveInColumn("consulted_from", ("相談の開始日", "相談開始日", "受付日"), _CONTRACT,
                 _("空欄なら、契約・利用開始・最後の面談のうち、いちばん早い日とします。"), ""),
    MoveInColumn("explained_on", ("重要事項を説明した日", "重要事項説明日", "重説日", "重要事項説明"), _CONTRACT, _("空欄なら、契約日と同じ日とします。"), ""),
    MoveInColumn("signed_on", ("契約日", "利用契約日", "契約年月日", "契約開始年月日", "契約開始日", "契約締結日", "契約"), _CONTRACT, _("利用を始めている方に要ります。"), "2025/10/1"),
    MoveInColumn("use_from", ("利用開始日", "定着支援開始日", "サービス提供開始日", "支援開始日", "利用開始", "契約利用開始日", "開始日"), _CONTRACT,
                 _("空欄なら、契約日と同じ日とします。"), "2025/10/1"),
    MoveInColumn("contracted_amount", ("契約支給量",), _CONTRACT, _("なくてもかまいません。"), ""),
    MoveInColumn("entry_number", ("事業者記入欄の番号", "記入欄番号", "事業者記入欄番号", "記入欄"), _CONTRACT, _("空欄なら 1。"), "1"),
    MoveInColumn("initial_month", ("初期加算を算定した月", "初期加算", "初期加算算定月", "初期加算の月"), _CONTRACT,
                 _("前に算定した月。ここで、もう一度は算定しません。"), "令和7年10月"),
    MoveInColumn("ended_on", ("利用終了日", "終了日", "契約終了日", "定着支援終了日", "サービス提供終了日", "支援終了日", "利用終了", "契約利用終了日"), _CONTRACT,
                 _("利用が終わった方だけ、最後の日。就労定着率を数えるため、過去3年度に利用した方も入れてください。"), ""),
    MoveInColumn("end_reason", ("利用終了の理由", "終了の理由", "終了理由", "終了事由", "利用終了理由"), _CONTRACT,
                 _("利用終了日を入れた行に要ります。離職日か3年の満了から分かるときは、空欄でもかまいません。"), "",
                 choices=tuple(map(str, EndReason.labels))),
    MoveInColumn("network_months", ("地域連携会議を算定した月", "地域連携会議", "地域連携会議実施加算", "地域連携会議の月", "地域連携会議実施加算の月", "地域連携会議の回数", "連携会議", "地域連携会議実施加算の回数"), _CONTRACT,
                 _("この1年に、前に算定した月。（Ⅰ）か（Ⅱ）を付けても。月が分からなければ「2回」。1年に4回までの数に入れます。"), "2026-05、2026-09(Ⅱ)"),
    MoveInColumn("staff", ("担当", "担当者", "支援員", "担当職員", "担当支援員"), _SUPPORT,
                 _("この事業所の職員の、メールアドレスか氏名。取り込んだ日からの担当になります。"), ""),
    MoveInColumn("last_met_on", ("最後の面談日", "最終面談日", "直近の面談", "前回面談", "前回の面談日", "最終面談", "直近面談日", "前回面談日", "最後の面談", "最後に会った日"), _SUPPORT,
                 _("前の記録にある、最後に会った日。次の期限を、ここから数えます。"), "2026/3/12"),
    MoveInColumn("pace_months", ("面談の間隔", "面談間隔", "頻度", "面談頻度", "間隔", "面談ペース", "ペース", "面談サイクル", "支援頻度", "訪問頻度"), _SUPPORT,
                 _("毎月・2か月・3か月。1〜3の数字でも。空欄なら毎月。"), "毎月", choices=("毎月", "2か月", "3か月")),
    MoveInColumn("settled", ("安定した面談の回数", "安定の回数", "安定回数"), _SUPPORT, _("続けて安定していた面談の数。空欄なら0。"), "2"),
    MoveInColumn("plan_made_on", ("個別支援計画の作成日", "計画作成日", "個別支援計画作成日", "支援計画作成日", "計画の同意日", "個別支援計画"), _PLAN,
                 _("同意と交付まで済んだ日。アセスメントからの手順も、この日に済んだものとして記録します。"), "2026/1/15"),
    MoveInColumn("plan_from", ("計画の開始日", "個別支援計画の開始日", "計画開始日"), _PLAN, _("空欄なら、作成日から。"), ""),
    MoveInColumn("plan_review_by", ("計画の見直し期限", "次回見直し", "次回見直し日", "モニタリング期限", "見直し期限", "次回モニタリング", "個別支援計画見直し", "次のモニタ", "次回モニタ", "次のモニタリング"), _PLAN,
                 _("空欄なら、開始日から数えたいちばん遅い日。"), "2026/7/14"),
    MoveInColumn("plan_goal", ("計画の目標", "支援目標", "目標", "短期目標"), _PLAN, _("なくてもかまいません。"), ""),
    MoveInColumn("without_plan_since", ("計画のない最初の月", "計画未作成減算の開始月", "減算開始月", "計画未作成減算", "個別支援計画未作成減算", "未作成減算"), _PLAN,
                 _("個別支援計画のない月が続いているときだけ、その最初の月。"), ""),
)  # fmt: skip
# The second half of a name, where a sheet has a column for each: joined to the first.
HALVES = (
    MoveInColumn("given_name", ("名（姓の列に続ける）", "名", "下の名前"), _PERSON, _("姓と名の列が別のとき、名の列。")),
    MoveInColumn("given_kana", ("名のふりがな（姓のふりがなに続ける）", "メイ", "めい", "名カナ", "名かな", "名ふりがな", "名フリガナ", "名よみ"),
                 _PERSON, _("セイとメイの列が別のとき、メイの列。")),
    MoveInColumn("address_more", ("住所の続き（住所の列に続ける）", "住所2", "住所続き", "番地", "建物名", "方書"), _PERSON,
                 _("住所の列が二つあるとき、うしろの列。")),
)  # fmt: skip
SECOND_HALF = {"name": "given_name", "kana": "given_kana", "address": "address_more"}
# The same fact told the other way round, as most lists do: ○ is yes, may be called.
OTHER_WAY = (
    MoveInColumn("may_contact", ("職場に連絡してよい", "職場連絡", "職場連絡可否", "職場連絡の可否", "職場への連絡", "職場への連絡可否", "職場への連絡の可否", "連絡可否", "会社連絡", "会社への連絡"), _WORK,
                 _("連絡してよいときは ○ か 可、連絡しないときは × か 不可。"), "", choices=YES),
)  # fmt: skip
# Of several people of one name, whom somebody chose on the page; no sheet tells it.
WHICH = MoveInColumn(
    "which", ("どの方か",), _PERSON, _("同じ氏名の方が何人かいるとき、画面で選んだ方。")
)
# A list that has a column for each time (1回目, 2回目): read as one.
MORE = {"network_months": ("network_second", "network_third", "network_fourth")}
TIMES = tuple(
    MoveInColumn(field, (f"地域連携会議を算定した月（{n}列目）",), _CONTRACT, _("1回目・2回目と列が分かれているとき、つなげて読みます。"))
    for n, field in enumerate(MORE["network_months"], 2)
)  # fmt: skip
SAME_FACT = {"must_not_contact": "may_contact"}
BY_FIELD = {column.field: column for column in (*COLUMNS, *HALVES, *OTHER_WAY, *TIMES, WHICH)}
NAMES = {field: column.names for field, column in BY_FIELD.items()}
BY_LABEL = {column.names[0]: column for column in (*COLUMNS, *OTHER_WAY)}
REQUIRED = tuple(column.field for column in COLUMNS if column.is_required)


def is_word(name: str) -> bool:
    """Whether an answer says what a word of a column means; else it is about lines that say nothing."""
    return name.startswith(f"{WORD}:")


def label_of(field: str) -> str:
    """The usual heading of a field; "" for what is none."""
    return BY_FIELD[field].names[0] if field in BY_FIELD else ""
