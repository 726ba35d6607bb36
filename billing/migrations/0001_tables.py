"""Every table as it stands, made in one go: for a new installation.

An older one walks the steps that this one stands for.
"""

import django.db.models.deletion
import django.db.models.expressions
import simple_history.models
import teikyaku.constraints
import teikyaku.ids
from django.conf import settings
from django.db import migrations, models

from teikyaku.first_tables import FirstTables


class Migration(FirstTables):

    initial = True

    replaces = [
        ('billing', '0001_initial'),
        ('billing', '0002_notified_staffing'),
        ('billing', '0003_one_base_fee'),
        ('billing', '0004_tariff_history'),
        ('billing', '0005_payments'),
    ]

    dependencies = [
        ('accounts', '0001_tables'),
        ('clients', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('amount_yen', models.PositiveIntegerField(verbose_name='請求額（円）')),
                ('due_on', models.DateField(verbose_name='支払期限')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='invoice', to='accounts.issueddocument', verbose_name='文書')),
            ],
            options={
                'verbose_name': '請求書',
                'verbose_name_plural': '請求書',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='MonthClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('month', models.DateField(verbose_name='サービス提供月')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='回')),
                ('closed_at', models.DateTimeField(verbose_name='締めた日時')),
                ('tariff', models.CharField(max_length=40, verbose_name='報酬表')),
                ('is_sample_tariff', models.BooleanField(default=False, verbose_name='見本の報酬表')),
                ('digest', models.CharField(max_length=64, verbose_name='検査値')),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='締めた人')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='accounts.office', verbose_name='事業所')),
            ],
            options={
                'verbose_name': '月の締め',
                'verbose_name_plural': '月の締め',
                'ordering': ['month', 'number'],
            },
        ),
        migrations.CreateModel(
            name='OfficeNotification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('item', models.CharField(choices=[('retention_record', '就労定着実績体制加算'), ('job_coach_trained', '職場適応援助者養成研修修了者配置体制加算'), ('special_area', '特別地域加算'), ('treatment_1', '福祉・介護職員等処遇改善加算（Ⅰ）'), ('treatment_3', '福祉・介護職員等処遇改善加算（Ⅲ）'), ('treatment_4', '福祉・介護職員等処遇改善加算（Ⅳ）'), ('no_manager', 'サービス管理責任者欠如減算（4か月目まで）'), ('no_manager_long', 'サービス管理責任者欠如減算（5か月目から）'), ('few_workers', '就労定着支援員欠如減算（2か月目まで）'), ('few_workers_long', '就労定着支援員欠如減算（3か月目から）'), ('no_handover_system', '支援体制構築未実施減算'), ('no_abuse_prevention', '虐待防止措置未実施減算'), ('no_continuity_plan', '業務継続計画未策定減算'), ('no_public_report', '情報公表未報告減算')], max_length=40, verbose_name='項目')),
                ('first_month', models.DateField(verbose_name='最初の月')),
                ('last_month', models.DateField(blank=True, null=True, verbose_name='最後の月')),
                ('notified_on', models.DateField(verbose_name='届出日')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to='accounts.office', verbose_name='事業所')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ],
            options={
                'verbose_name': '加算・減算の届出',
                'verbose_name_plural': '加算・減算の届出',
                'ordering': ['first_month'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalOfficeNotification',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('item', models.CharField(choices=[('retention_record', '就労定着実績体制加算'), ('job_coach_trained', '職場適応援助者養成研修修了者配置体制加算'), ('special_area', '特別地域加算'), ('treatment_1', '福祉・介護職員等処遇改善加算（Ⅰ）'), ('treatment_3', '福祉・介護職員等処遇改善加算（Ⅲ）'), ('treatment_4', '福祉・介護職員等処遇改善加算（Ⅳ）'), ('no_manager', 'サービス管理責任者欠如減算（4か月目まで）'), ('no_manager_long', 'サービス管理責任者欠如減算（5か月目から）'), ('few_workers', '就労定着支援員欠如減算（2か月目まで）'), ('few_workers_long', '就労定着支援員欠如減算（3か月目から）'), ('no_handover_system', '支援体制構築未実施減算'), ('no_abuse_prevention', '虐待防止措置未実施減算'), ('no_continuity_plan', '業務継続計画未策定減算'), ('no_public_report', '情報公表未報告減算')], max_length=40, verbose_name='項目')),
                ('first_month', models.DateField(verbose_name='最初の月')),
                ('last_month', models.DateField(blank=True, null=True, verbose_name='最後の月')),
                ('notified_on', models.DateField(verbose_name='届出日')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.office', verbose_name='事業所')),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
                ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='billing.officenotification')),
            ],
            options={
                'verbose_name': 'historical 加算・減算の届出',
                'verbose_name_plural': 'historical 加算・減算の届出',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='OfficeTier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('tier', models.CharField(choices=[('95', '95％以上'), ('90', '90％以上95％未満'), ('80', '80％以上90％未満'), ('70', '70％以上80％未満'), ('50', '50％以上70％未満'), ('30', '30％以上50％未満'), ('00', '30％未満')], max_length=20, verbose_name='区分')),
                ('numerator', models.PositiveIntegerField(blank=True, null=True, verbose_name='続いている人')),
                ('denominator', models.PositiveIntegerField(blank=True, null=True, verbose_name='対象の人')),
                ('notified_on', models.DateField(verbose_name='届出日')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tiers', to='accounts.office', verbose_name='事業所')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ],
            options={
                'verbose_name': '就労定着率の区分',
                'verbose_name_plural': '就労定着率の区分',
                'ordering': ['fiscal_year'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalOfficeTier',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('tier', models.CharField(choices=[('95', '95％以上'), ('90', '90％以上95％未満'), ('80', '80％以上90％未満'), ('70', '70％以上80％未満'), ('50', '50％以上70％未満'), ('30', '30％以上50％未満'), ('00', '30％未満')], max_length=20, verbose_name='区分')),
                ('numerator', models.PositiveIntegerField(blank=True, null=True, verbose_name='続いている人')),
                ('denominator', models.PositiveIntegerField(blank=True, null=True, verbose_name='対象の人')),
                ('notified_on', models.DateField(verbose_name='届出日')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.office', verbose_name='事業所')),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
                ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='billing.officetier')),
            ],
            options={
                'verbose_name': 'historical 就労定着率の区分',
                'verbose_name_plural': 'historical 就労定着率の区分',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('paid_on', models.DateField(verbose_name='入金日')),
                ('amount_yen', models.PositiveIntegerField(verbose_name='入金額（円）')),
                ('way', models.CharField(choices=[('transfer', '振込'), ('cash', '現金'), ('debit', '口座振替'), ('other', 'その他')], max_length=20, verbose_name='方法')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='メモ・取り消しの理由')),
                ('cancels', models.OneToOneField(blank=True, error_messages={'unique': 'この入金は、たったいま別の人が取り消しました。'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cancelled_by', to='billing.payment', verbose_name='取り消した入金')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='billing.invoice', verbose_name='請求書')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ],
            options={
                'verbose_name': '入金',
                'verbose_name_plural': '入金',
                'ordering': ['paid_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PersonMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('month', models.DateField(verbose_name='サービス提供月')),
                ('certificate_number', models.CharField(max_length=10, verbose_name='受給者証番号')),
                ('units', models.PositiveIntegerField(verbose_name='単位数')),
                ('unit_price', models.DecimalField(decimal_places=3, max_digits=5, verbose_name='単価（円）')),
                ('total_cost_yen', models.PositiveIntegerField(verbose_name='総費用額（円）')),
                ('one_tenth_yen', models.PositiveIntegerField(verbose_name='1割（円）')),
                ('cap_yen', models.PositiveIntegerField(verbose_name='負担上限月額（円）')),
                ('copayment_yen', models.PositiveIntegerField(verbose_name='利用者負担額（円）')),
                ('benefit_yen', models.PositiveIntegerField(verbose_name='給付費（円）')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='person_months', to='clients.client', verbose_name='利用者')),
                ('closing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='person_months', to='billing.monthclosing', verbose_name='月の締め')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='person_months', to='clients.enrolment', verbose_name='利用')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='支給決定市町村')),
            ],
            options={
                'verbose_name': '利用者の月',
                'verbose_name_plural': '利用者の月',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='invoice',
            name='person_month',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='billing.personmonth', verbose_name='利用者の月'),
        ),
        migrations.CreateModel(
            name='PersonMonthLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='順')),
                ('kind', models.CharField(max_length=40, verbose_name='種類')),
                ('label', models.CharField(max_length=80, verbose_name='項目')),
                ('units', models.IntegerField(verbose_name='単位数')),
                ('times', models.PositiveSmallIntegerField(default=1, verbose_name='回数')),
                ('total_units', models.IntegerField(verbose_name='合計単位数')),
                ('expression', models.CharField(blank=True, max_length=200, verbose_name='計算')),
                ('rule', models.CharField(max_length=120, verbose_name='規則')),
                ('source', models.CharField(max_length=200, verbose_name='根拠')),
                ('certainty', models.CharField(max_length=1, verbose_name='確かさ')),
                ('person_month', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='billing.personmonth', verbose_name='利用者の月')),
            ],
            options={
                'verbose_name': '明細',
                'verbose_name_plural': '明細',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='accounts.issueddocument', verbose_name='文書')),
                ('payment', models.OneToOneField(error_messages={'unique': 'この入金の領収書は、たったいま別の人が出しました。'}, on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='billing.payment', verbose_name='入金')),
            ],
            options={
                'verbose_name': '領収書',
                'verbose_name_plural': '領収書',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TariffConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('tariff', models.CharField(max_length=40, verbose_name='報酬表')),
                ('first_month', models.DateField(verbose_name='最初の月')),
                ('last_month', models.DateField(blank=True, null=True, verbose_name='最後の月')),
                ('source', models.CharField(max_length=200, verbose_name='根拠')),
                ('is_sample', models.BooleanField(default=False, verbose_name='見本（本番では使えません）')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ],
            options={
                'verbose_name': '報酬表の確認',
                'verbose_name_plural': '報酬表の確認',
                'ordering': ['first_month'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalTariffConfirmation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('tariff', models.CharField(max_length=40, verbose_name='報酬表')),
                ('first_month', models.DateField(verbose_name='最初の月')),
                ('last_month', models.DateField(blank=True, null=True, verbose_name='最後の月')),
                ('source', models.CharField(max_length=200, verbose_name='根拠')),
                ('is_sample', models.BooleanField(default=False, verbose_name='見本（本番では使えません）')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
                ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='billing.tariffconfirmation')),
            ],
            options={
                'verbose_name': 'historical 報酬表の確認',
                'verbose_name_plural': 'historical 報酬表の確認',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddConstraint(
            model_name='monthclosing',
            constraint=teikyaku.constraints.FirstOfMonth(field='month', name='month_closing_month', violation_error_message='月の初日で保存します。'),
        ),
        migrations.AddConstraint(
            model_name='monthclosing',
            constraint=models.UniqueConstraint(fields=('office', 'month', 'number'), name='month_closing_once', violation_error_message='この月は、たったいま別の人が締めました。'),
        ),
        migrations.AddConstraint(
            model_name='officenotification',
            constraint=teikyaku.constraints.FirstOfMonth(field='first_month', name='office_notification_month', violation_error_message='月の初日で保存します。'),
        ),
        migrations.AddConstraint(
            model_name='officenotification',
            constraint=teikyaku.constraints.DateOrder(first='first_month', last='last_month', name='office_notification_order', violation_error_message='最後の月は最初の月以後にしてください。'),
        ),
        migrations.AddConstraint(
            model_name='officenotification',
            constraint=teikyaku.constraints.NoOverlap(ends='last_month', fields=('office', 'item'), name='office_notification_no_overlap', starts='first_month', violation_error_code='overlap', violation_error_message='同じ項目の届出の月が重なっています。'),
        ),
        migrations.AddConstraint(
            model_name='officetier',
            constraint=models.UniqueConstraint(fields=('office', 'fiscal_year'), name='office_tier_once', violation_error_message='この年度の区分は確認済みです。'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0)), name='payment_amount_positive', violation_error_message='入金額は1円以上で入れてください。'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('cancels__isnull', True), models.Q(('note', ''), _negated=True), _connector='OR'), name='payment_cancellation_has_reason', violation_error_message='取り消す理由を入れてください。'),
        ),
        migrations.AddConstraint(
            model_name='personmonth',
            constraint=teikyaku.constraints.FirstOfMonth(field='month', name='person_month_month', violation_error_message='月の初日で保存します。'),
        ),
        migrations.AddConstraint(
            model_name='personmonth',
            constraint=models.UniqueConstraint(fields=('client', 'month'), name='person_month_once', violation_error_message='この方のこの月は、たったいま別に締められました。'),
        ),
        migrations.AddConstraint(
            model_name='personmonth',
            constraint=models.CheckConstraint(condition=models.Q(('total_cost_yen', django.db.models.expressions.CombinedExpression(models.F('copayment_yen'), '+', models.F('benefit_yen')))), name='person_month_sums', violation_error_message='総費用額と、負担額・給付費の合計が合いません。'),
        ),
        migrations.AddConstraint(
            model_name='personmonth',
            constraint=models.CheckConstraint(condition=models.Q(('copayment_yen__lte', models.F('cap_yen')), ('copayment_yen__lte', models.F('one_tenth_yen'))), name='person_month_copayment_capped', violation_error_message='利用者負担額が上限か1割を超えています。'),
        ),
        migrations.AddConstraint(
            model_name='personmonthline',
            constraint=models.UniqueConstraint(fields=('person_month', 'position'), name='person_month_line_once', violation_error_message='明細の順が重なっています。'),
        ),
        migrations.AddConstraint(
            model_name='tariffconfirmation',
            constraint=teikyaku.constraints.FirstOfMonth(field='first_month', name='tariff_confirmation_month', violation_error_message='月の初日で保存します。'),
        ),
        migrations.AddConstraint(
            model_name='tariffconfirmation',
            constraint=teikyaku.constraints.DateOrder(first='first_month', last='last_month', name='tariff_confirmation_order', violation_error_message='最後の月は最初の月以後にしてください。'),
        ),
        migrations.AddConstraint(
            model_name='tariffconfirmation',
            constraint=teikyaku.constraints.NoOverlap(ends='last_month', fields=('tariff',), name='tariff_confirmation_no_overlap', starts='first_month', violation_error_code='overlap', violation_error_message='この報酬表の確認は、月が重なっています。'),
        ),
    ]
