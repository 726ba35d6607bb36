"""定型文, 会う約束の変更, and with whom one spoke beside the person."""

import django.db.models.deletion
import teikyaku.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_saved_views'),
        ('clients', '0009_case_moves'),
        ('plans', '0022_handover_steps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AppointmentChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('changed_on', models.DateField(verbose_name='変えた日')),
                ('former_on', models.DateField(blank=True, null=True, verbose_name='前の約束の日')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='新しい約束の日')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='メモ')),
            ],
            options={
                'verbose_name': '会う約束の変更',
                'verbose_name_plural': '会う約束の変更',
                'ordering': ['-changed_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('field', models.CharField(choices=[('notes', '話したこと'), ('agreed', '決めたこと'), ('offered_instead', '代わりに提案したこと')], default='notes', max_length=20, verbose_name='入れる欄')),
                ('text', models.CharField(max_length=200, verbose_name='文')),
                ('position', models.PositiveSmallIntegerField(verbose_name='順番')),
            ],
            options={
                'verbose_name': '定型文',
                'verbose_name_plural': '定型文',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='historicalinterview',
            name='spoke_with',
            field=models.JSONField(blank=True, default=list, verbose_name='話した相手（本人のほか）'),
        ),
        migrations.AddField(
            model_name='historicalinterview',
            name='workplace_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='職場に連絡したわけ'),
        ),
        migrations.AddField(
            model_name='historicalinterview',
            name='workplace_talk',
            field=models.CharField(blank=True, choices=[('none', '職場の人とは話していない'), ('theirs', '職場の側から連絡があった（こちらからはしていない）'), ('ours', 'こちらから職場に連絡した（起きたこととして残す）')], max_length=20, verbose_name='職場との連絡（職場連絡禁止の方）'),
        ),
        migrations.AddField(
            model_name='interview',
            name='spoke_with',
            field=models.JSONField(blank=True, default=list, verbose_name='話した相手（本人のほか）'),
        ),
        migrations.AddField(
            model_name='interview',
            name='workplace_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='職場に連絡したわけ'),
        ),
        migrations.AddField(
            model_name='interview',
            name='workplace_talk',
            field=models.CharField(blank=True, choices=[('none', '職場の人とは話していない'), ('theirs', '職場の側から連絡があった（こちらからはしていない）'), ('ours', 'こちらから職場に連絡した（起きたこととして残す）')], max_length=20, verbose_name='職場との連絡（職場連絡禁止の方）'),
        ),
        migrations.AddConstraint(
            model_name='interview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('workplace_talk', 'ours'), _negated=True), models.Q(('workplace_reason', ''), _negated=True), _connector='OR'), name='interview_workplace_has_reason', violation_error_message='職場に連絡したわけを入れてください。'),
        ),
        migrations.AddField(
            model_name='appointmentchange',
            name='enrolment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointment_changes', to='clients.enrolment', verbose_name='利用'),
        ),
        migrations.AddField(
            model_name='appointmentchange',
            name='recorded_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者'),
        ),
        migrations.AddField(
            model_name='phrase',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phrases', to='accounts.office', verbose_name='事業所'),
        ),
        migrations.AddField(
            model_name='phrase',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='自分だけの人'),
        ),
        migrations.AddField(
            model_name='phrase',
            name='recorded_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者'),
        ),
        migrations.AddIndex(
            model_name='appointmentchange',
            index=models.Index(fields=['enrolment', '-changed_on'], name='appointment_by_enrolment'),
        ),
    ]
