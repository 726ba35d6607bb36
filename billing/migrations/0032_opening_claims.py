# What other software claimed, and a record taken back in one shape.

import django.db.models.deletion
import teikyaku.constraints
import teikyaku.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_inconsistencies'),
        ('billing', '0031_city_answers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='captelling',
            name='cancels',
            field=models.OneToOneField(blank=True, error_messages={'unique': 'この記録は、たったいま別の人が取り消しました。'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cancelled_by', to='billing.captelling', verbose_name='取り消した記録'),
        ),
        migrations.AlterField(
            model_name='claimdeduction',
            name='cancels',
            field=models.OneToOneField(blank=True, error_messages={'unique': 'この記録は、たったいま別の人が取り消しました。'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cancelled_by', to='billing.claimdeduction', verbose_name='取り消した記録'),
        ),
        migrations.AlterField(
            model_name='claimpayment',
            name='cancels',
            field=models.OneToOneField(blank=True, error_messages={'unique': 'この記録は、たったいま別の人が取り消しました。'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cancelled_by', to='billing.claimpayment', verbose_name='取り消した記録'),
        ),
        migrations.AlterField(
            model_name='payment',
            name='cancels',
            field=models.OneToOneField(blank=True, error_messages={'unique': 'この記録は、たったいま別の人が取り消しました。'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cancelled_by', to='billing.payment', verbose_name='取り消した記録'),
        ),
        migrations.AlterField(
            model_name='refund',
            name='cancels',
            field=models.OneToOneField(blank=True, error_messages={'unique': 'この記録は、たったいま別の人が取り消しました。'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cancelled_by', to='billing.refund', verbose_name='取り消した記録'),
        ),
        migrations.CreateModel(
            name='OpeningClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='訂正・取り下げの理由')),
                ('is_withdrawn', models.BooleanField(default=False, verbose_name='取り下げ')),
                ('month', models.DateField(verbose_name='サービス提供月')),
                ('amount_yen', models.PositiveBigIntegerField(verbose_name='引き継いだ額（円）')),
                ('carried_on', models.DateField(verbose_name='繰り越した日')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opening_claims', to='accounts.office', verbose_name='事業所')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
                ('replaces', models.OneToOneField(blank=True, error_messages={'unique': 'この請求は、たったいま別の人が訂正しました。'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='billing.openingclaim', verbose_name='訂正前の記録')),
            ],
            options={
                'verbose_name': '移行前の国保連への請求',
                'verbose_name_plural': '移行前の国保連への請求',
                'ordering': ['month', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='OpeningClaimPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('paid_on', models.DateField(verbose_name='支払日')),
                ('amount_yen', models.PositiveBigIntegerField(verbose_name='支払われた額（円）')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='取り消しの理由')),
                ('cancels', models.OneToOneField(blank=True, error_messages={'unique': 'この記録は、たったいま別の人が取り消しました。'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cancelled_by', to='billing.openingclaimpayment', verbose_name='取り消した記録')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='billing.openingclaim', verbose_name='移行前の国保連への請求')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ],
            options={
                'verbose_name': '移行前の請求への支払い',
                'verbose_name_plural': '移行前の請求への支払い',
                'ordering': ['paid_on', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='openingclaim',
            constraint=teikyaku.constraints.FirstOfMonth(field='month', name='opening_claim_month', violation_error_message='月の初日で保存します。'),
        ),
        migrations.AddConstraint(
            model_name='openingclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('replaces__isnull', True)), fields=('office', 'month'), name='opening_claim_once', violation_error_message='この月の請求は、もう入っています。違うときは、それを訂正してください。'),
        ),
        migrations.AddConstraint(
            model_name='openingclaim',
            constraint=models.CheckConstraint(condition=models.Q(('replaces__isnull', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='opening_claim_correction_has_reason', violation_error_message='訂正の理由を入れてください。'),
        ),
        migrations.AddConstraint(
            model_name='openingclaim',
            constraint=models.CheckConstraint(condition=models.Q(('is_withdrawn', False), ('replaces__isnull', False), _connector='OR'), name='opening_claim_withdrawal_replaces', violation_error_message='取り下げは、取り下げる記録と一緒に残します。'),
        ),
        migrations.AddConstraint(
            model_name='openingclaimpayment',
            constraint=models.CheckConstraint(condition=models.Q(('amount_yen__gt', 0)), name='opening_claim_payment_positive', violation_error_message='支払われた額は1円以上で入れてください。'),
        ),
        migrations.AddConstraint(
            model_name='openingclaimpayment',
            constraint=models.CheckConstraint(condition=models.Q(('cancels__isnull', True), models.Q(('note', ''), _negated=True), _connector='OR'), name='opening_claim_payment_cancellation_has_reason', violation_error_message='取り消す理由を入れてください。'),
        ),
    ]
