"""Consents and files."""

import django.db.models.deletion
import simple_history.models
import teikyaku.constraints
import teikyaku.ids
from django.conf import settings
from django.db import migrations, models

OPERATIONS = [
    migrations.CreateModel(
        name='Consent',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('recipient', models.CharField(choices=[('employer', '職場'), ('family', '家族'), ('centre', '就業・生活支援センター'), ('medical', '医療機関'), ('consultation', '相談支援事業所'), ('other', 'その他')], max_length=20, verbose_name='相手')),
            ('recipient_name', models.CharField(blank=True, max_length=80, verbose_name='相手の名称')),
            ('scope', models.CharField(choices=[('report', '支援レポート'), ('contact', '連絡・相談'), ('handover', '引き継ぎの情報'), ('support_plan', '個別支援計画')], max_length=20, verbose_name='範囲')),
            ('starts_on', models.DateField(verbose_name='同意した日')),
            ('ends_on', models.DateField(blank=True, null=True, verbose_name='同意の最終日')),
            ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='撤回した日')),
            ('items', models.JSONField(blank=True, default=list, verbose_name='渡してよい項目')),
            ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='clients.enrolment', verbose_name='利用')),
        ],
        options={
            'verbose_name': '同意',
            'verbose_name_plural': '同意',
            'ordering': ['starts_on'],
        },
    ),
    migrations.AddConstraint(
        model_name='consent',
        constraint=teikyaku.constraints.DateOrder(first='starts_on', last='ends_on', name='consent_date_order', violation_error_message='最終日は同意した日以後にしてください。'),
    ),
    migrations.AddConstraint(
        model_name='consent',
        constraint=teikyaku.constraints.DateOrder(first='starts_on', last='withdrawn_on', name='consent_withdrawn_order', violation_error_message='撤回した日は、同意した日以後にしてください。'),
    ),
    migrations.CreateModel(
        name='HistoricalConsent',
        fields=[
            ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
            ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('recipient', models.CharField(choices=[('employer', '職場'), ('family', '家族'), ('centre', '就業・生活支援センター'), ('medical', '医療機関'), ('consultation', '相談支援事業所'), ('other', 'その他')], max_length=20, verbose_name='相手')),
            ('recipient_name', models.CharField(blank=True, max_length=80, verbose_name='相手の名称')),
            ('scope', models.CharField(choices=[('report', '支援レポート'), ('contact', '連絡・相談'), ('handover', '引き継ぎの情報'), ('support_plan', '個別支援計画')], max_length=20, verbose_name='範囲')),
            ('starts_on', models.DateField(verbose_name='同意した日')),
            ('ends_on', models.DateField(blank=True, null=True, verbose_name='同意の最終日')),
            ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='撤回した日')),
            ('items', models.JSONField(blank=True, default=list, verbose_name='渡してよい項目')),
            ('history_id', models.AutoField(primary_key=True, serialize=False)),
            ('history_date', models.DateTimeField(db_index=True)),
            ('history_change_reason', models.CharField(max_length=100, null=True)),
            ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ('enrolment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.enrolment', verbose_name='利用')),
            ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='clients.consent')),
            ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
        ],
        options={
            'verbose_name': 'historical 同意',
            'verbose_name_plural': 'historical 同意',
            'ordering': ('-history_date', '-history_id'),
            'get_latest_by': ('history_date', 'history_id'),
        },
        bases=(simple_history.models.HistoricalChanges, models.Model),
    ),
    migrations.CreateModel(
        name='Attachment',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('kind', models.CharField(choices=[('certificate', '受給者証'), ('consent', '同意書'), ('support_plan', '個別支援計画'), ('employment', '労働条件通知書など'), ('contract', '契約書・重要事項説明書'), ('handbook', '障害者手帳'), ('other', 'その他')], max_length=20, verbose_name='書類の種類')),
            ('dated_on', models.DateField(blank=True, null=True, verbose_name='書類の日付')),
            ('title', models.CharField(blank=True, max_length=60, verbose_name='見出し')),
            ('content_type', models.CharField(editable=False, max_length=40, verbose_name='形式')),
            ('size', models.PositiveIntegerField(editable=False, verbose_name='大きさ（バイト）')),
            ('sha256', models.CharField(editable=False, max_length=64, verbose_name='検査値')),
            ('pages', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='ページ数')),
            ('width', models.PositiveSmallIntegerField(editable=False, verbose_name='横（画素）')),
            ('height', models.PositiveSmallIntegerField(editable=False, verbose_name='縦（画素）')),
            ('file', models.FileField(blank=True, editable=False, upload_to='', verbose_name='ファイル')),
            ('picture', models.FileField(blank=True, editable=False, upload_to='', verbose_name='1ページ目の写真')),
            ('thumbnail', models.FileField(blank=True, editable=False, upload_to='', verbose_name='縮小した写真')),
            ('subject_type', models.CharField(blank=True, choices=[('decision', '受給者証の転記'), ('consent', '同意'), ('supportplan', '個別支援計画'), ('employment', '就労'), ('contract', '利用契約')], max_length=20, verbose_name='記録の種類')),
            ('subject_id', models.UUIDField(blank=True, db_index=True, null=True, verbose_name='記録')),
            ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='取消日時')),
            ('withdrawn_reason', models.CharField(blank=True, editable=False, max_length=100, verbose_name='取消しの理由')),
            ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ('withdrawn_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='取り消した人')),
            ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='clients.enrolment', verbose_name='利用')),
        ],
        options={
            'verbose_name': '添付',
            'verbose_name_plural': '添付',
            'ordering': ['-pk'],
        },
    ),
    migrations.AddConstraint(
        model_name='attachment',
        constraint=teikyaku.constraints.Together(fields=('withdrawn_at', 'withdrawn_by'), name='attachment_withdrawn_by', violation_error_message='取消しには、日時と人が要ります。'),
    ),
    migrations.AddConstraint(
        model_name='attachment',
        constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), models.Q(('file', ''), _negated=True)), models.Q(('file', ''), ('picture', ''), ('thumbnail', ''), ('withdrawn_at__isnull', False)), _connector='OR'), name='attachment_kept_or_withdrawn', violation_error_message='ファイルは、取り消すまで残し、取り消したら残しません。'),
    ),
    migrations.AddConstraint(
        model_name='attachment',
        constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='attachment_withdrawn_why', violation_error_message='取消しには理由が要ります。'),
    ),
    migrations.AddConstraint(
        model_name='attachment',
        constraint=models.CheckConstraint(condition=models.Q(models.Q(('subject_id', None), ('subject_type', '')), models.Q(('subject_id__isnull', False), models.Q(('subject_type', ''), _negated=True)), _connector='OR'), name='attachment_subject_whole', violation_error_message='記録とその種類は一緒に入れてください。'),
    ),
    migrations.AddConstraint(
        model_name='attachment',
        constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('enrolment', 'sha256'), name='attachment_once', violation_error_message='同じファイルが、この方の書類にもうあります。'),
    ),
    migrations.CreateModel(
        name='HistoricalAttachment',
        fields=[
            ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
            ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('kind', models.CharField(choices=[('certificate', '受給者証'), ('consent', '同意書'), ('support_plan', '個別支援計画'), ('employment', '労働条件通知書など'), ('contract', '契約書・重要事項説明書'), ('handbook', '障害者手帳'), ('other', 'その他')], max_length=20, verbose_name='書類の種類')),
            ('dated_on', models.DateField(blank=True, null=True, verbose_name='書類の日付')),
            ('title', models.CharField(blank=True, max_length=60, verbose_name='見出し')),
            ('subject_type', models.CharField(blank=True, choices=[('decision', '受給者証の転記'), ('consent', '同意'), ('supportplan', '個別支援計画'), ('employment', '就労'), ('contract', '利用契約')], max_length=20, verbose_name='記録の種類')),
            ('subject_id', models.UUIDField(blank=True, db_index=True, null=True, verbose_name='記録')),
            ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='取消日時')),
            ('withdrawn_reason', models.CharField(blank=True, editable=False, max_length=100, verbose_name='取消しの理由')),
            ('history_id', models.AutoField(primary_key=True, serialize=False)),
            ('history_date', models.DateTimeField(db_index=True)),
            ('history_change_reason', models.CharField(max_length=100, null=True)),
            ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ('enrolment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.enrolment', verbose_name='利用')),
            ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='clients.attachment')),
            ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ('withdrawn_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='取り消した人')),
        ],
        options={
            'verbose_name': 'historical 添付',
            'verbose_name_plural': 'historical 添付',
            'ordering': ('-history_date', '-history_id'),
            'get_latest_by': ('history_date', 'history_id'),
        },
        bases=(simple_history.models.HistoricalChanges, models.Model),
    ),
]
