"""結果票の連絡 hangs on the line of a file that cancels a sheet or puts it right, no more on the 取消し alone."""

import django.db.models.deletion
from django.db import migrations, models


def hang_on_the_line(apps, schema_editor):
    """What was told so far was told of cancelled sheets."""
    told, gone = (apps.get_model("billing", name) for name in ("CapTelling", "CapSheetCancellation"))
    entry = gone.objects.filter(pk=models.OuterRef("cancellation")).values("entry")[:1]
    told.objects.update(entry_id=models.Subquery(entry))


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0039_claim_return_reasons'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='captelling',
            options={'ordering': ['pk'], 'verbose_name': '結果票の連絡', 'verbose_name_plural': '結果票の連絡'},
        ),
        migrations.AddField(
            model_name='captelling',
            name='entry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cap_tellings', to='billing.claimfileentry', verbose_name='取り消すか修正する請求ファイルの対象者'),
        ),
        migrations.RunPython(hang_on_the_line, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(
            model_name='captelling',
            name='cap_telling_number_once',
        ),
        migrations.RemoveField(
            model_name='captelling',
            name='cancellation',
        ),
        migrations.AlterField(
            model_name='captelling',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cap_tellings', to='billing.claimfileentry', verbose_name='取り消すか修正する請求ファイルの対象者'),
        ),
        migrations.AddConstraint(
            model_name='captelling',
            constraint=models.UniqueConstraint(fields=('entry', 'line', 'number'), name='cap_telling_number_once', violation_error_message='この事業所への連絡は、たったいま別の人が記録しました。'),
        ),
    ]
