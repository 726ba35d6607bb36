"""What the house keeps of itself: figures, papers, audit, mail, jobs."""

import django.core.serializers.json
import django.db.models.deletion
import simple_history.models
import teikyaku.constraints
import teikyaku.ids
from django.conf import settings
from django.db import migrations, models

OPERATIONS = [
    migrations.CreateModel(
        name='FigureOverride',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('key', models.CharField(max_length=80, verbose_name='項目')),
            ('value', models.CharField(max_length=80, verbose_name='値')),
            ('first_month', models.DateField(verbose_name='最初の月')),
            ('last_month', models.DateField(blank=True, null=True, verbose_name='最後の月')),
            ('source', models.CharField(max_length=200, verbose_name='根拠')),
        ],
        options={
            'verbose_name': '制度の数値の訂正',
            'verbose_name_plural': '制度の数値の訂正',
            'ordering': ['key', 'first_month'],
        },
    ),
    migrations.AddConstraint(
        model_name='figureoverride',
        constraint=teikyaku.constraints.FirstOfMonth(field='first_month', name='figure_override_first_month', violation_error_message='月の初日で保存します。'),
    ),
    migrations.AddConstraint(
        model_name='figureoverride',
        constraint=teikyaku.constraints.DateOrder(first='first_month', last='last_month', name='figure_override_order', violation_error_message='最後の月は最初の月以後にしてください。'),
    ),
    migrations.AddConstraint(
        model_name='figureoverride',
        constraint=teikyaku.constraints.NoOverlap(ends='last_month', fields=('key',), name='figure_override_no_overlap', starts='first_month', violation_error_code='overlap', violation_error_message='この項目の訂正は、月が重なっています。'),
    ),
    migrations.CreateModel(
        name='HistoricalFigureOverride',
        fields=[
            ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
            ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('key', models.CharField(max_length=80, verbose_name='項目')),
            ('value', models.CharField(max_length=80, verbose_name='値')),
            ('first_month', models.DateField(verbose_name='最初の月')),
            ('last_month', models.DateField(blank=True, null=True, verbose_name='最後の月')),
            ('source', models.CharField(max_length=200, verbose_name='根拠')),
            ('history_id', models.AutoField(primary_key=True, serialize=False)),
            ('history_date', models.DateTimeField(db_index=True)),
            ('history_change_reason', models.CharField(max_length=100, null=True)),
            ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='accounts.figureoverride')),
            ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
        ],
        options={
            'verbose_name': 'historical 制度の数値の訂正',
            'verbose_name_plural': 'historical 制度の数値の訂正',
            'ordering': ('-history_date', '-history_id'),
            'get_latest_by': ('history_date', 'history_id'),
        },
        bases=(simple_history.models.HistoricalChanges, models.Model),
    ),
    migrations.CreateModel(
        name='IssuedDocument',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
            ('kind', models.CharField(max_length=40, verbose_name='種類')),
            ('number', models.CharField(max_length=40, unique=True, verbose_name='番号')),
            ('template', models.CharField(max_length=60, verbose_name='様式')),
            ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='内容')),
            ('digest', models.CharField(max_length=64, verbose_name='検査値')),
            ('person_id', models.UUIDField(blank=True, db_index=True, null=True, verbose_name='利用者')),
            ('issued_at', models.DateTimeField(verbose_name='交付日時')),
            ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='accounts.issueddocument', verbose_name='訂正前の文書')),
            ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='交付者')),
        ],
        options={
            'verbose_name': '交付文書',
            'verbose_name_plural': '交付文書',
            'ordering': ['-issued_at', '-pk'],
        },
    ),
    migrations.CreateModel(
        name='AuditEvent',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('at', models.DateTimeField(verbose_name='日時')),
            ('verb', models.CharField(max_length=60, verbose_name='操作')),
            ('outcome', models.CharField(choices=[('done', '実行'), ('read', '閲覧'), ('refused', '拒否')], default='done', max_length=10, verbose_name='結果')),
            ('subject_type', models.CharField(blank=True, max_length=60, verbose_name='対象の種類')),
            ('subject_id', models.UUIDField(blank=True, null=True, verbose_name='対象')),
            ('person_id', models.UUIDField(blank=True, null=True, verbose_name='利用者')),
            ('fields', models.JSONField(default=list, verbose_name='項目名')),
            ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='職員')),
            ('membership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='所属')),
        ],
        options={
            'verbose_name': '操作の記録',
            'verbose_name_plural': '操作の記録',
            'ordering': ['-at', '-pk'],
        },
    ),
    migrations.AddIndex(
        model_name='auditevent',
        index=models.Index(fields=['person_id', '-at'], name='audit_by_person'),
    ),
    migrations.AddIndex(
        model_name='auditevent',
        index=models.Index(fields=['membership', '-at'], name='audit_by_membership'),
    ),
    migrations.AddIndex(
        model_name='auditevent',
        index=models.Index(condition=models.Q(('subject_type', 'membership')), fields=['subject_id'], name='audit_of_membership'),
    ),
    migrations.CreateModel(
        name='OutboxMail',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('kind', models.CharField(max_length=40, verbose_name='種類')),
            ('period', models.CharField(max_length=40, verbose_name='対象期間')),
            ('subject', models.CharField(max_length=120, verbose_name='件名')),
            ('body', models.TextField(verbose_name='本文')),
            ('created_at', models.DateTimeField(verbose_name='作成日時')),
            ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='送信日時')),
            ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='取り下げ日時')),
            ('last_on', models.DateField(blank=True, null=True, verbose_name='この日まで送る')),
            ('membership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='所属')),
            ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='宛先')),
        ],
        options={
            'verbose_name': '送信箱',
            'verbose_name_plural': '送信箱',
        },
    ),
    migrations.AddConstraint(
        model_name='outboxmail',
        constraint=models.UniqueConstraint(fields=('kind', 'recipient', 'period'), name='outbox_once', violation_error_message='この知らせは作成済みです。'),
    ),
    migrations.AddConstraint(
        model_name='outboxmail',
        constraint=models.CheckConstraint(condition=models.Q(('sent_at', None), ('withdrawn_at', None), _connector='OR'), name='outbox_sent_or_withdrawn', violation_error_message='送ったメールは取り下げられません。'),
    ),
    migrations.CreateModel(
        name='JobRun',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('name', models.CharField(choices=[('send_mail', 'メールの送信'), ('send_reminders', '期限の知らせ'), ('check_derived', '面談の期限の点検'), ('verify_months', '締めた月の点検'), ('check_attachments', '添付の点検')], max_length=40, unique=True, verbose_name='処理')),
            ('started_at', models.DateTimeField(verbose_name='開始日時')),
            ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='終了日時')),
            ('has_failed', models.BooleanField(default=False, verbose_name='失敗した')),
            ('said', models.CharField(blank=True, max_length=200, verbose_name='結果')),
        ],
        options={
            'verbose_name': '定期処理',
            'verbose_name_plural': '定期処理',
            'constraints': [models.CheckConstraint(condition=models.Q(('finished_at', None), ('finished_at__gte', models.F('started_at')), _connector='OR'), name='job_run_ends_after_start', violation_error_message='終了は開始より後です。')],
        },
    ),
]
