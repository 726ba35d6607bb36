"""Of a 修正 that was sent before tellings of it were recorded nobody is asked whom he told."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0040_cap_telling_entry'),
    ]

    operations = [
        migrations.AddField(
            model_name='capsheetrevision',
            name='is_telling_asked',
            field=models.BooleanField(default=False, editable=False, verbose_name='連絡を尋ねる'),
        ),
        migrations.AlterField(
            model_name='capsheetrevision',
            name='is_telling_asked',
            field=models.BooleanField(default=True, editable=False, verbose_name='連絡を尋ねる'),
        ),
    ]
