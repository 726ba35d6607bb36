# How many days before the debit a file goes is asked; what offices have told stays.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0032_opening_claims'),
    ]

    operations = [
        migrations.AlterField(
            model_name='debitsetting',
            name='lead_days',
            field=models.PositiveSmallIntegerField(verbose_name='ファイルを送る期限（振替日の何日前）'),
        ),
        migrations.AlterField(
            model_name='historicaldebitsetting',
            name='lead_days',
            field=models.PositiveSmallIntegerField(verbose_name='ファイルを送る期限（振替日の何日前）'),
        ),
    ]
