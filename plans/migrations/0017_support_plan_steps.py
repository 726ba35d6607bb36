"""個別支援計画 gets a life: steps one by one, goals as rows, their ratings, papers.

The table is made anew and filled from the old one, instead of sixty changes in a row.
"""

import django.db.models.deletion
import simple_history.models
import teikyaku.constraints
import teikyaku.ids
from django.conf import settings
from django.core.management.color import no_style
from django.db import migrations, models

PLAIN = (
    "id", "public_id", "recorded_at", "wishes", "support", "assessed_on", "drafted_on", "meeting_on",
    "consented_on", "handed_over_on", "starts_on", "review_by", "enrolment_id", "recorded_by_id",
)
PAST = (
    "history_id", "history_date", "history_change_reason", "history_type", "history_user_id",
    "history_relation_id",
)


def to_the_new_table(apps, schema_editor):
    """Every plan with its history; the goals' text becomes one short-term goal with its own.

    Each plan so far was signed by the person and explained on the day of its consent.
    """
    get = lambda name: apps.get_model("plans", name)  # noqa: E731
    Goal, PastGoal, Past = (
        get("SupportPlanGoal"), get("HistoricalSupportPlanGoal"), get("HistoricalSupportPlan"),
    )
    for old, new, names in (
        (get("SupportPlan"), get("SupportPlanNext"), PLAIN),
        (Past, get("HistoricalSupportPlanNext"), (*PLAIN, *PAST)),
    ):
        for row in old.objects.iterator():
            facts = {name: getattr(row, name) for name in names}
            new.objects.create(**facts, explained_on=row.consented_on, signer="person")
    for plan in get("SupportPlan").objects.exclude(goals="").iterator():
        facts = {"position": 1, "term": "short", "recorded_at": plan.recorded_at,
                 "plan_id": plan.pk, "recorded_by_id": plan.recorded_by_id}
        goal = Goal.objects.create(goal=plan.goals, **facts)
        before = None
        for row in Past.objects.filter(id=plan.pk).order_by("history_date", "history_id"):
            if row.goals != before:
                past = {name: getattr(row, name) for name in PAST[1:5]}
                past |= {"history_type": "+" if before is None else "~"}
                PastGoal.objects.create(
                    id=goal.pk, public_id=goal.public_id, goal=row.goals,
                    history_relation_id=goal.pk, **past, **facts,
                )
            before = row.goals
    _settle(schema_editor, get("SupportPlanNext"), get("HistoricalSupportPlanNext"))


def to_the_old_table(apps, schema_editor):
    """The way back for complete plans: their goals in order, one a line."""
    get = lambda name: apps.get_model("plans", name)  # noqa: E731
    goals = get("SupportPlanGoal").objects.order_by("position", "pk")
    for old, new, names in (
        (get("SupportPlan"), get("SupportPlanNext"), PLAIN),
        (get("HistoricalSupportPlan"), get("HistoricalSupportPlanNext"), (*PLAIN, *PAST)),
    ):
        for row in new.objects.filter(handed_over_on__isnull=False).iterator():
            text = "\n".join(goals.filter(plan_id=row.id).values_list("goal", flat=True))
            old.objects.create(**{name: getattr(row, name) for name in names}, goals=text)
    _settle(schema_editor, get("SupportPlan"), get("HistoricalSupportPlan"))


def _settle(schema_editor, *models_filled):
    """The next key comes after those that were copied; what was inserted is checked now.

    A table with checks to come cannot be altered on PostgreSQL.
    """
    connection = schema_editor.connection
    for sql in connection.ops.sequence_reset_sql(no_style(), models_filled):
        schema_editor.execute(sql)
    if connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")



class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_second_officer'),
        ('clients', '0008_consent_to_support_plan'),
        ('plans', '0016_report_versions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Its name is taken over by the new table.
        migrations.RemoveConstraint(model_name='supportplan', name='support_plan_once'),
        migrations.CreateModel(
            name='SupportPlanNext',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='support_plans', to='clients.enrolment', verbose_name='利用')),
                ('wishes', models.TextField(blank=True, verbose_name='本人の希望（本人の言葉で）')),
                ('work', models.TextField(blank=True, verbose_name='仕事のようす')),
                ('living', models.TextField(blank=True, verbose_name='生活のようす')),
                ('health', models.TextField(blank=True, verbose_name='健康・通院・服薬')),
                ('around', models.TextField(blank=True, verbose_name='まわりの支え')),
                ('strengths', models.TextField(blank=True, verbose_name='得意なこと・強み')),
                ('support', models.TextField(blank=True, verbose_name='支援の方針')),
                ('assessed_on', models.DateField(verbose_name='アセスメントの日')),
                ('drafted_on', models.DateField(blank=True, null=True, verbose_name='原案の作成日')),
                ('meeting_on', models.DateField(blank=True, null=True, verbose_name='本人を交えた会議の日')),
                ('participants', models.CharField(blank=True, max_length=200, verbose_name='会議に出た人')),
                ('meeting_notes', models.TextField(blank=True, verbose_name='会議で出た意見')),
                ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='サービス管理責任者')),
                ('explained_on', models.DateField(blank=True, null=True, verbose_name='説明した日')),
                ('consented_on', models.DateField(blank=True, null=True, verbose_name='文書で同意を得た日')),
                ('signer', models.CharField(blank=True, choices=[('person', '本人'), ('both', '本人と、後見人など'), ('representative', '後見人など（本人に代わって）')], max_length=20, verbose_name='署名した人')),
                ('representative', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.relatedperson', verbose_name='署名した後見人など')),
                ('guardian_note', models.CharField(blank=True, max_length=200, verbose_name='後見人の署名がない理由')),
                ('handed_over_on', models.DateField(blank=True, null=True, verbose_name='本人に交付した日')),
                ('consultation', models.CharField(blank=True, choices=[('handed', '渡した'), ('none', '相談支援事業所がない（セルフプランなど）'), ('declined', '本人が、渡すことを希望しない')], max_length=20, verbose_name='相談支援への交付')),
                ('consultation_on', models.DateField(blank=True, null=True, verbose_name='相談支援に渡した日・確かめた日')),
                ('consultation_name', models.CharField(blank=True, max_length=80, verbose_name='相談支援事業所')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='計画の開始日')),
                ('review_by', models.DateField(blank=True, null=True, verbose_name='見直しの期限')),
                ('stopped_on', models.DateField(blank=True, null=True, verbose_name='取りやめた日')),
                ('stop_reason', models.CharField(blank=True, max_length=200, verbose_name='取りやめた理由')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='書き換えの回数')),
            ],
            options={
                'verbose_name': '個別支援計画',
                'verbose_name_plural': '個別支援計画',
                'ordering': ['starts_on', 'pk'],
                'constraints': [teikyaku.constraints.DateOrder(first='assessed_on', last='drafted_on', name='support_plan_drafted_on_order', violation_error_message='「原案」の日は、「アセスメント」の日以後にしてください。'), teikyaku.constraints.DateOrder(first='drafted_on', last='meeting_on', name='support_plan_meeting_on_order', violation_error_message='「会議」の日は、「原案」の日以後にしてください。'), teikyaku.constraints.DateOrder(first='meeting_on', last='explained_on', name='support_plan_explained_on_order', violation_error_message='「説明」の日は、「会議」の日以後にしてください。'), teikyaku.constraints.DateOrder(first='explained_on', last='consented_on', name='support_plan_consented_on_order', violation_error_message='「同意」の日は、「説明」の日以後にしてください。'), teikyaku.constraints.DateOrder(first='consented_on', last='handed_over_on', name='support_plan_handed_over_on_order', violation_error_message='「本人への交付」の日は、「同意」の日以後にしてください。'), teikyaku.constraints.DateOrder(first='consented_on', last='consultation_on', name='support_plan_consultation_on_order', violation_error_message='「相談支援への交付」は、「同意」の日以後にしてください。'), teikyaku.constraints.DateOrder(first='starts_on', last='review_by', name='support_plan_review_by_order', violation_error_message='見直しの期限は、計画の開始日以後にしてください。'), models.CheckConstraint(condition=models.Q(('meeting_on__isnull', True), ('drafted_on__isnull', False), _connector='OR'), name='support_plan_meeting_on_needs', violation_error_message='先に「原案」を書いてください。'), models.CheckConstraint(condition=models.Q(('explained_on__isnull', True), ('meeting_on__isnull', False), _connector='OR'), name='support_plan_explained_on_needs', violation_error_message='先に「会議」を記録してください。'), models.CheckConstraint(condition=models.Q(('consented_on__isnull', True), ('explained_on__isnull', False), _connector='OR'), name='support_plan_consented_on_needs', violation_error_message='先に「説明」の日を入れてください。'), models.CheckConstraint(condition=models.Q(('handed_over_on__isnull', True), ('consented_on__isnull', False), _connector='OR'), name='support_plan_handed_over_on_needs', violation_error_message='先に「同意」を記録してください。'), models.CheckConstraint(condition=models.Q(('consultation_on__isnull', True), ('consented_on__isnull', False), _connector='OR'), name='support_plan_consultation_on_needs', violation_error_message='先に「同意」を記録してください。'), models.CheckConstraint(condition=models.Q(('drafted_on__isnull', True), ('starts_on__isnull', False), _connector='OR'), name='support_plan_drafted_on_needs', violation_error_message='原案には、計画の開始日が要ります。'), teikyaku.constraints.Together(fields=('starts_on', 'review_by'), name='support_plan_period', violation_error_message='計画の開始日と見直しの期限は、両方入れてください。'), models.CheckConstraint(condition=models.Q(('consented_on__isnull', True), models.Q(('signer', ''), _negated=True), _connector='OR'), name='support_plan_consent_signed', violation_error_message='だれが署名したかを選んでください。'), models.CheckConstraint(condition=models.Q(models.Q(('representative__isnull', True), ('signer__in', ['', 'person'])), models.Q(('representative__isnull', False), ('signer__in', ['both', 'representative'])), _connector='OR'), name='support_plan_representative', violation_error_message='署名した後見人などを選んでください。'), models.CheckConstraint(condition=models.Q(models.Q(('consultation', ''), ('consultation_on__isnull', True)), models.Q(models.Q(('consultation', ''), _negated=True), ('consultation_on__isnull', False)), _connector='OR'), name='support_plan_consultation_dated', violation_error_message='相談支援への交付には、日付を入れてください。'), models.CheckConstraint(condition=models.Q(('stopped_on__isnull', True), models.Q(('handed_over_on__isnull', True), models.Q(('stop_reason', ''), _negated=True)), _connector='OR'), name='support_plan_stopped_why', violation_error_message='交付していない計画だけを、理由を書いて取りやめられます。'), models.UniqueConstraint(condition=models.Q(('stopped_on__isnull', True)), fields=('enrolment', 'starts_on'), name='support_plan_once', violation_error_message='同じ開始日の計画があります。'), models.UniqueConstraint(condition=models.Q(('handed_over_on__isnull', True), ('stopped_on__isnull', True)), fields=('enrolment',), name='support_plan_one_open', violation_error_message='作成中の計画があります。先にその計画を進めるか、取りやめてください。')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalSupportPlanNext',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('wishes', models.TextField(blank=True, verbose_name='本人の希望（本人の言葉で）')),
                ('work', models.TextField(blank=True, verbose_name='仕事のようす')),
                ('living', models.TextField(blank=True, verbose_name='生活のようす')),
                ('health', models.TextField(blank=True, verbose_name='健康・通院・服薬')),
                ('around', models.TextField(blank=True, verbose_name='まわりの支え')),
                ('strengths', models.TextField(blank=True, verbose_name='得意なこと・強み')),
                ('support', models.TextField(blank=True, verbose_name='支援の方針')),
                ('assessed_on', models.DateField(verbose_name='アセスメントの日')),
                ('drafted_on', models.DateField(blank=True, null=True, verbose_name='原案の作成日')),
                ('meeting_on', models.DateField(blank=True, null=True, verbose_name='本人を交えた会議の日')),
                ('participants', models.CharField(blank=True, max_length=200, verbose_name='会議に出た人')),
                ('meeting_notes', models.TextField(blank=True, verbose_name='会議で出た意見')),
                ('explained_on', models.DateField(blank=True, null=True, verbose_name='説明した日')),
                ('consented_on', models.DateField(blank=True, null=True, verbose_name='文書で同意を得た日')),
                ('signer', models.CharField(blank=True, choices=[('person', '本人'), ('both', '本人と、後見人など'), ('representative', '後見人など（本人に代わって）')], max_length=20, verbose_name='署名した人')),
                ('guardian_note', models.CharField(blank=True, max_length=200, verbose_name='後見人の署名がない理由')),
                ('handed_over_on', models.DateField(blank=True, null=True, verbose_name='本人に交付した日')),
                ('consultation', models.CharField(blank=True, choices=[('handed', '渡した'), ('none', '相談支援事業所がない（セルフプランなど）'), ('declined', '本人が、渡すことを希望しない')], max_length=20, verbose_name='相談支援への交付')),
                ('consultation_on', models.DateField(blank=True, null=True, verbose_name='相談支援に渡した日・確かめた日')),
                ('consultation_name', models.CharField(blank=True, max_length=80, verbose_name='相談支援事業所')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='計画の開始日')),
                ('review_by', models.DateField(blank=True, null=True, verbose_name='見直しの期限')),
                ('stopped_on', models.DateField(blank=True, null=True, verbose_name='取りやめた日')),
                ('stop_reason', models.CharField(blank=True, max_length=200, verbose_name='取りやめた理由')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='書き換えの回数')),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
                ('enrolment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.enrolment', verbose_name='利用')),
                ('manager', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='サービス管理責任者')),
                ('representative', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.relatedperson', verbose_name='署名した後見人など')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='plans.supportplannext')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical 個別支援計画',
                'verbose_name_plural': 'historical 個別支援計画',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'constraints': [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='SupportPlanGoal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goal_rows', to='plans.supportplannext', verbose_name='個別支援計画')),
                ('position', models.PositiveSmallIntegerField(verbose_name='順番')),
                ('term', models.CharField(choices=[('long', '長期目標'), ('short', '短期目標')], max_length=10, verbose_name='長期・短期')),
                ('goal', models.TextField(verbose_name='目標')),
                ('person_does', models.TextField(blank=True, verbose_name='本人がすること')),
                ('staff_does', models.TextField(blank=True, verbose_name='支援者がすること')),
                ('target_on', models.DateField(blank=True, null=True, verbose_name='いつまでに')),
            ],
            options={
                'verbose_name': '個別支援計画の目標',
                'verbose_name_plural': '個別支援計画の目標',
                'ordering': ['plan', 'position', 'pk'],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='HistoricalSupportPlanGoal',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('position', models.PositiveSmallIntegerField(verbose_name='順番')),
                ('term', models.CharField(choices=[('long', '長期目標'), ('short', '短期目標')], max_length=10, verbose_name='長期・短期')),
                ('goal', models.TextField(verbose_name='目標')),
                ('person_does', models.TextField(blank=True, verbose_name='本人がすること')),
                ('staff_does', models.TextField(blank=True, verbose_name='支援者がすること')),
                ('target_on', models.DateField(blank=True, null=True, verbose_name='いつまでに')),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.membership', verbose_name='記録者')),
                ('plan', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='plans.supportplannext', verbose_name='個別支援計画')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='plans.supportplangoal')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical 個別支援計画の目標',
                'verbose_name_plural': 'historical 個別支援計画の目標',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'constraints': [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(to_the_new_table, to_the_old_table),
        migrations.DeleteModel(name='HistoricalSupportPlan'),
        migrations.DeleteModel(name='SupportPlan'),
        migrations.RenameModel('SupportPlanNext', 'SupportPlan'),
        migrations.RenameModel('HistoricalSupportPlanNext', 'HistoricalSupportPlan'),
        migrations.CreateModel(
            name='SupportPlanPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('kind', models.CharField(choices=[('support_plan', '個別支援計画書'), ('support_plan_plain', 'わたしの計画（やさしい言葉）')], max_length=30, verbose_name='種類')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='plans.supportplan', verbose_name='個別支援計画')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='support_plan_paper', to='accounts.issueddocument', verbose_name='交付文書')),
            ],
            options={
                'verbose_name': '個別支援計画書',
                'verbose_name_plural': '個別支援計画書',
                'ordering': ['pk'],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='GoalRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('interview', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goal_ratings', to='plans.interview', verbose_name='面談・連絡')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='plans.supportplangoal', verbose_name='目標')),
                ('rating', models.CharField(choices=[('reached', 'できた'), ('progress', '進んでいる'), ('steady', 'いまのまま'), ('hard', 'むずかしい')], max_length=10, verbose_name='ようす')),
            ],
            options={
                'verbose_name': '目標のようす',
                'verbose_name_plural': '目標のようす',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('interview', 'goal'), name='goal_rating_once', violation_error_message='この面談での目標のようすは記録済みです。')],
            },
        ),
    ]
