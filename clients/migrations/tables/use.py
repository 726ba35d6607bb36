"""The use of an office, and who is in charge."""

import django.db.models.deletion
import simple_history.models
import teikyaku.constraints
import teikyaku.ids
from django.conf import settings
from django.db import migrations, models

OPERATIONS = [
    migrations.CreateModel(
        name='Enrolment',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('starts_on', models.DateField(verbose_name='相談の開始日')),
            ('use_starts_on', models.DateField(blank=True, null=True, verbose_name='利用開始日')),
            ('ends_on', models.DateField(blank=True, null=True, verbose_name='終了日')),
            ('end_reason', models.CharField(blank=True, choices=[('expired', '期間満了'), ('left_job', '離職'), ('moved', '転出'), ('other_office', '他事業所へ'), ('own_wish', '本人希望'), ('died', '死亡')], max_length=20, verbose_name='終了の理由')),
            ('end_note', models.CharField(blank=True, max_length=200, verbose_name='終了の経過')),
            ('interview_due_on', models.DateField(editable=False, null=True, verbose_name='次の面談の期限')),
            ('pace_months', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='面談の間隔（月）')),
            ('suggested_months', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='ゆるめる提案（月）')),
            ('last_met_on', models.DateField(editable=False, null=True, verbose_name='最後の面談日')),
            ('window_starts_on', models.DateField(editable=False, null=True, verbose_name='利用可能期間の初日')),
            ('window_ends_on', models.DateField(editable=False, null=True, verbose_name='利用可能期間の最終日')),
            ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='clients.client', verbose_name='利用者')),
            ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='accounts.office', verbose_name='事業所')),
            ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
        ],
        options={
            'verbose_name': '利用',
            'verbose_name_plural': '利用',
            'ordering': ['pk'],
        },
    ),
    migrations.AddIndex(
        model_name='enrolment',
        index=models.Index(fields=['office', 'interview_due_on'], name='enrolment_due'),
    ),
    migrations.AddIndex(
        model_name='enrolment',
        index=models.Index(fields=['office', 'window_ends_on'], name='enrolment_window_end'),
    ),
    migrations.AddConstraint(
        model_name='enrolment',
        constraint=teikyaku.constraints.DateOrder(first='starts_on', last='ends_on', name='enrolment_date_order', violation_error_message='終了日は開始日以後にしてください。'),
    ),
    migrations.AddConstraint(
        model_name='enrolment',
        constraint=teikyaku.constraints.DateOrder(first='starts_on', last='use_starts_on', name='enrolment_use_after_start', violation_error_message='利用開始日は相談の開始日以後にしてください。'),
    ),
    migrations.AddConstraint(
        model_name='enrolment',
        constraint=teikyaku.constraints.DateOrder(first='use_starts_on', last='ends_on', name='enrolment_end_after_use', violation_error_message='終了日は利用開始日以後にしてください。'),
    ),
    migrations.AddConstraint(
        model_name='enrolment',
        constraint=teikyaku.constraints.NoOverlap(fields=('client', 'office'), name='enrolment_no_overlap', violation_error_code='overlap', violation_error_message='この方は、その期間すでにこの事業所に登録されています。'),
    ),
    migrations.AddConstraint(
        model_name='enrolment',
        constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ends_on__isnull', True)), models.Q(('ends_on__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='enrolment_end_has_reason', violation_error_message='終了日と終了の理由は一緒に入れてください。'),
    ),
    migrations.CreateModel(
        name='HistoricalEnrolment',
        fields=[
            ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
            ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('starts_on', models.DateField(verbose_name='相談の開始日')),
            ('use_starts_on', models.DateField(blank=True, null=True, verbose_name='利用開始日')),
            ('ends_on', models.DateField(blank=True, null=True, verbose_name='終了日')),
            ('end_reason', models.CharField(blank=True, choices=[('expired', '期間満了'), ('left_job', '離職'), ('moved', '転出'), ('other_office', '他事業所へ'), ('own_wish', '本人希望'), ('died', '死亡')], max_length=20, verbose_name='終了の理由')),
            ('end_note', models.CharField(blank=True, max_length=200, verbose_name='終了の経過')),
            ('history_id', models.AutoField(primary_key=True, serialize=False)),
            ('history_date', models.DateTimeField(db_index=True)),
            ('history_change_reason', models.CharField(max_length=100, null=True)),
            ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ('client', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client', verbose_name='利用者')),
            ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='clients.enrolment')),
            ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ('office', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.office', verbose_name='事業所')),
            ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
        ],
        options={
            'verbose_name': 'historical 利用',
            'verbose_name_plural': 'historical 利用',
            'ordering': ('-history_date', '-history_id'),
            'get_latest_by': ('history_date', 'history_id'),
        },
        bases=(simple_history.models.HistoricalChanges, models.Model),
    ),
    migrations.CreateModel(
        name='StaffAssignment',
        fields=[
            ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
            ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
            ('starts_on', models.DateField(verbose_name='担当開始日')),
            ('ends_on', models.DateField(blank=True, null=True, verbose_name='担当終了日')),
            ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='clients.enrolment', verbose_name='利用')),
            ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='accounts.membership', verbose_name='担当者')),
        ],
        options={
            'verbose_name': '担当',
            'verbose_name_plural': '担当',
            'ordering': ['starts_on'],
        },
    ),
    migrations.AddConstraint(
        model_name='staffassignment',
        constraint=teikyaku.constraints.DateOrder(first='starts_on', last='ends_on', name='assignment_date_order', violation_error_message='終了日は開始日以後にしてください。'),
    ),
    migrations.AddConstraint(
        model_name='staffassignment',
        constraint=teikyaku.constraints.NoOverlap(fields=('enrolment',), name='assignment_no_overlap', violation_error_code='overlap', violation_error_message='担当の期間が重なっています。'),
    ),
]
