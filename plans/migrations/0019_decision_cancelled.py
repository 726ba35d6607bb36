"""支給決定: one that was cancelled before it began is told apart, and holds no day against another."""

import teikyaku.constraints
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0001_tables'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_no_overlap',
        ),
        migrations.AddField(
            model_name='decision',
            name='is_cancelled',
            field=models.BooleanField(default=False, editable=False, verbose_name='始まる前に取消'),
        ),
        migrations.AddField(
            model_name='historicaldecision',
            name='is_cancelled',
            field=models.BooleanField(default=False, editable=False, verbose_name='始まる前に取消'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=teikyaku.constraints.NoOverlap(condition=models.Q(('is_cancelled', False)), fields=('client',), name='decision_no_overlap', violation_error_code='overlap', violation_error_message='この方の別の支給決定と期間が重なっています。'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_cancelled', True), ('revoked_on__isnull', False), ('revoked_on__lt', models.F('starts_on'))), models.Q(('is_cancelled', False), ('revoked_on__isnull', True)), models.Q(('is_cancelled', False), ('revoked_on__gte', models.F('starts_on'))), _connector='OR'), name='decision_cancelled_before_start', violation_error_message='開始日より前の取消は、始まる前の取消だけです。'),
        ),
    ]
