"""What category and right are judged by."""

import django.core.serializers.json
import django.db.models.deletion
import simple_history.models
import teikyaku.constraints
import teikyaku.ids
from django.conf import settings
from django.db import migrations, models

OPERATIONS = [
    migrations.CreateModel(
        name='HouseholdFact',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('first_month', models.DateField(verbose_name='適用の最初の月')),
            ('last_month', models.DateField(blank=True, null=True, verbose_name='適用の最後の月')),
            ('receives_public_assistance', models.BooleanField(blank=True, null=True, verbose_name='生活保護を受けている')),
            ('gross_salary_yen', models.PositiveIntegerField(blank=True, help_text='課税かどうか分からないときだけ。手取りではなく、税や保険料を引く前の額です。', null=True, verbose_name='前年の給与収入（円）')),
            ('is_taxed', models.BooleanField(blank=True, null=True, verbose_name='本人に市民税が課税されている')),
            ('has_spouse', models.BooleanField(blank=True, null=True, verbose_name='配偶者がいる')),
            ('is_spouse_taxed', models.BooleanField(blank=True, null=True, verbose_name='配偶者に課税されている')),
            ('income_levy_yen', models.PositiveIntegerField(blank=True, help_text='政令市では調整後の額を入れます。通知書の額とは違うことがあります。', null=True, verbose_name='所得割額（円）')),
            ('lives_in_group_home', models.BooleanField(blank=True, null=True, verbose_name='グループホームに住んでいる')),
            ('is_in_facility', models.BooleanField(blank=True, null=True, verbose_name='施設に入所している')),
            ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='household_facts', to='clients.client', verbose_name='利用者')),
            ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
        ],
        options={
            'verbose_name': '世帯の収入状況',
            'verbose_name_plural': '世帯の収入状況',
            'ordering': ['first_month'],
        },
    ),
    migrations.AddConstraint(
        model_name='householdfact',
        constraint=teikyaku.constraints.FirstOfMonth(field='first_month', name='household_first_month', violation_error_message='月の初日で保存します。'),
    ),
    migrations.AddConstraint(
        model_name='householdfact',
        constraint=teikyaku.constraints.DateOrder(first='first_month', last='last_month', name='household_month_order', violation_error_message='最後の月は最初の月以後にしてください。'),
    ),
    migrations.AddConstraint(
        model_name='householdfact',
        constraint=teikyaku.constraints.NoOverlap(ends='last_month', fields=('client',), name='household_no_overlap', starts='first_month', violation_error_code='overlap', violation_error_message='世帯の収入状況の月が重なっています。'),
    ),
    migrations.AddConstraint(
        model_name='householdfact',
        constraint=models.CheckConstraint(condition=models.Q(models.Q(('has_spouse', False), _negated=True), ('is_spouse_taxed__isnull', True), _connector='OR'), name='household_spouse_tax_needs_spouse', violation_error_message='配偶者がいないときは、配偶者の課税は空欄にしてください。'),
    ),
    migrations.CreateModel(
        name='HistoricalHouseholdFact',
        fields=[
            ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
            ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('first_month', models.DateField(verbose_name='適用の最初の月')),
            ('last_month', models.DateField(blank=True, null=True, verbose_name='適用の最後の月')),
            ('receives_public_assistance', models.BooleanField(blank=True, null=True, verbose_name='生活保護を受けている')),
            ('gross_salary_yen', models.PositiveIntegerField(blank=True, help_text='課税かどうか分からないときだけ。手取りではなく、税や保険料を引く前の額です。', null=True, verbose_name='前年の給与収入（円）')),
            ('is_taxed', models.BooleanField(blank=True, null=True, verbose_name='本人に市民税が課税されている')),
            ('has_spouse', models.BooleanField(blank=True, null=True, verbose_name='配偶者がいる')),
            ('is_spouse_taxed', models.BooleanField(blank=True, null=True, verbose_name='配偶者に課税されている')),
            ('income_levy_yen', models.PositiveIntegerField(blank=True, help_text='政令市では調整後の額を入れます。通知書の額とは違うことがあります。', null=True, verbose_name='所得割額（円）')),
            ('lives_in_group_home', models.BooleanField(blank=True, null=True, verbose_name='グループホームに住んでいる')),
            ('is_in_facility', models.BooleanField(blank=True, null=True, verbose_name='施設に入所している')),
            ('history_id', models.AutoField(primary_key=True, serialize=False)),
            ('history_date', models.DateTimeField(db_index=True)),
            ('history_change_reason', models.CharField(max_length=100, null=True)),
            ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ('client', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client', verbose_name='利用者')),
            ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='clients.householdfact')),
        ],
        options={
            'verbose_name': 'historical 世帯の収入状況',
            'verbose_name_plural': 'historical 世帯の収入状況',
            'ordering': ('-history_date', '-history_id'),
            'get_latest_by': ('history_date', 'history_id'),
        },
        bases=(simple_history.models.HistoricalChanges, models.Model),
    ),
    migrations.CreateModel(
        name='Disability',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('kind', models.CharField(choices=[('physical', '身体'), ('intellectual', '知的'), ('mental', '精神'), ('intractable', '難病等')], max_length=20, verbose_name='種別')),
            ('handbook', models.CharField(blank=True, max_length=60, verbose_name='手帳と等級')),
            ('starts_on', models.DateField(verbose_name='認定日')),
            ('ends_on', models.DateField(blank=True, null=True, verbose_name='終了日')),
            ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disabilities', to='clients.client', verbose_name='利用者')),
            ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
        ],
        options={
            'verbose_name': '障がい種別',
            'verbose_name_plural': '障がい種別',
            'ordering': ['starts_on'],
        },
    ),
    migrations.AddConstraint(
        model_name='disability',
        constraint=teikyaku.constraints.DateOrder(first='starts_on', last='ends_on', name='disability_date_order', violation_error_message='終了日は認定日以後にしてください。'),
    ),
    migrations.AddConstraint(
        model_name='disability',
        constraint=teikyaku.constraints.NoOverlap(fields=('client', 'kind'), name='disability_no_overlap', violation_error_code='overlap', violation_error_message='同じ種別の期間が重なっています。'),
    ),
    migrations.CreateModel(
        name='HistoricalDisability',
        fields=[
            ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
            ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('kind', models.CharField(choices=[('physical', '身体'), ('intellectual', '知的'), ('mental', '精神'), ('intractable', '難病等')], max_length=20, verbose_name='種別')),
            ('handbook', models.CharField(blank=True, max_length=60, verbose_name='手帳と等級')),
            ('starts_on', models.DateField(verbose_name='認定日')),
            ('ends_on', models.DateField(blank=True, null=True, verbose_name='終了日')),
            ('history_id', models.AutoField(primary_key=True, serialize=False)),
            ('history_date', models.DateTimeField(db_index=True)),
            ('history_change_reason', models.CharField(max_length=100, null=True)),
            ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ('client', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client', verbose_name='利用者')),
            ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='clients.disability')),
            ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
        ],
        options={
            'verbose_name': 'historical 障がい種別',
            'verbose_name_plural': 'historical 障がい種別',
            'ordering': ('-history_date', '-history_id'),
            'get_latest_by': ('history_date', 'history_id'),
        },
        bases=(simple_history.models.HistoricalChanges, models.Model),
    ),
    migrations.CreateModel(
        name='Screening',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('screened_on', models.DateField(verbose_name='確認日')),
            ('inputs', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='入力')),
            ('answer', models.CharField(max_length=30, verbose_name='結果')),
            ('reasons', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='理由')),
            ('rules_version', models.CharField(max_length=20, verbose_name='規則の版')),
            ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='screenings', to='clients.client', verbose_name='利用者')),
            ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
        ],
        options={
            'verbose_name': '利用できるかの確認',
            'verbose_name_plural': '利用できるかの確認',
            'ordering': ['-screened_on', '-pk'],
        },
    ),
]
