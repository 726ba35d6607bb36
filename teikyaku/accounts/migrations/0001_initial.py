import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
import teikyaku.constraints
import teikyaku.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('email', models.EmailField(error_messages={'unique': 'このアドレスは登録済みです。'}, max_length=254, unique=True, verbose_name='メールアドレス')),
                ('name', models.CharField(max_length=80, verbose_name='氏名')),
                ('is_active', models.BooleanField(default=True, verbose_name='サインインできる')),
            ],
            options={
                'verbose_name': '職員',
                'verbose_name_plural': '職員',
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_folded', violation_error_message='メールアドレスは小文字で保存します。')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('roles', models.JSONField(default=list, verbose_name='役割')),
                ('starts_on', models.DateField(verbose_name='所属開始日')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='所属終了日')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='終了の操作日時')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='職員')),
            ],
            options={
                'verbose_name': '所属',
                'verbose_name_plural': '所属',
                'ordering': ['starts_on', 'pk'],
            },
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
            name='Municipality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('code', models.CharField(error_messages={'unique': 'この市町村番号は登録済みです。'}, max_length=6, unique=True, validators=[django.core.validators.RegexValidator('^\\d{6}\\Z', '市町村番号は数字6桁です。')], verbose_name='市町村番号')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('kana', models.CharField(max_length=80, verbose_name='ふりがな')),
                ('kind', models.CharField(choices=[('ward', '区'), ('city', '政令市（本庁）'), ('other', '市町村')], default='other', max_length=10, verbose_name='種別')),
                ('department', models.CharField(blank=True, max_length=60, verbose_name='担当課')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='電話番号')),
                ('city', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wards', to='accounts.municipality', verbose_name='政令市')),
            ],
            options={
                'verbose_name': '支給市町村',
                'verbose_name_plural': '支給市町村',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('city__isnull', False), ('kind', 'ward')), models.Q(models.Q(('kind', 'ward'), _negated=True), ('city__isnull', True)), _connector='OR'), name='municipality_ward_has_city', violation_error_message='区には政令市を、それ以外には空欄を入れてください。')],
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='municipality',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.municipality', verbose_name='自治体'),
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('number', models.CharField(error_messages={'unique': 'この事業所番号は登録済みです。'}, max_length=10, unique=True, validators=[django.core.validators.RegexValidator('^\\d{10}\\Z', '事業所番号は数字10桁です。')], verbose_name='事業所番号')),
                ('name', models.CharField(max_length=80, verbose_name='事業所名')),
                ('kana', models.CharField(blank=True, max_length=120, verbose_name='ふりがな')),
                ('corporation', models.CharField(max_length=80, verbose_name='法人名')),
                ('postal_code', models.CharField(blank=True, max_length=8, verbose_name='郵便番号')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='所在地')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='電話番号')),
                ('bank_account', models.CharField(blank=True, help_text='請求書に印字します。', max_length=120, verbose_name='振込先')),
                ('shares_number', models.BooleanField(default=False, help_text='就労移行支援などと番号を共にすると、請求の総括が一つになります。', verbose_name='他のサービスと同じ事業所番号を使う')),
                ('opened_on', models.DateField(verbose_name='指定年月日')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='廃止年月日')),
            ],
            options={
                'verbose_name': '事業所',
                'verbose_name_plural': '事業所',
                'ordering': ['number'],
                'constraints': [teikyaku.constraints.DateOrder(first='opened_on', last='closed_on', name='office_date_order', violation_error_message='廃止の日は指定の日以後にしてください。')],
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='office',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.office', verbose_name='事業所'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('office__isnull', True), ('municipality__isnull', True), _connector='OR'), name='membership_one_place', violation_error_message='事業所と自治体の両方には所属できません。'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=teikyaku.constraints.DateOrder(first='starts_on', last='ends_on', name='membership_date_order', violation_error_message='終了日は開始日以後にしてください。'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=teikyaku.constraints.NoOverlap(fields=('user', 'office'), name='membership_no_overlap_office', violation_error_code='overlap', violation_error_message='この職員は、その期間すでにこの事業所に所属しています。'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=teikyaku.constraints.NoOverlap(fields=('user', 'municipality'), name='membership_no_overlap_municipality', violation_error_code='overlap', violation_error_message='この職員は、その期間すでにこの自治体に所属しています。'),
        ),
        migrations.CreateModel(
            name='HistoricalOffice',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
                ('number', models.CharField(db_index=True, error_messages={'unique': 'この事業所番号は登録済みです。'}, max_length=10, validators=[django.core.validators.RegexValidator('^\\d{10}\\Z', '事業所番号は数字10桁です。')], verbose_name='事業所番号')),
                ('name', models.CharField(max_length=80, verbose_name='事業所名')),
                ('kana', models.CharField(blank=True, max_length=120, verbose_name='ふりがな')),
                ('corporation', models.CharField(max_length=80, verbose_name='法人名')),
                ('postal_code', models.CharField(blank=True, max_length=8, verbose_name='郵便番号')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='所在地')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='電話番号')),
                ('bank_account', models.CharField(blank=True, help_text='請求書に印字します。', max_length=120, verbose_name='振込先')),
                ('shares_number', models.BooleanField(default=False, help_text='就労移行支援などと番号を共にすると、請求の総括が一つになります。', verbose_name='他のサービスと同じ事業所番号を使う')),
                ('opened_on', models.DateField(verbose_name='指定年月日')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='廃止年月日')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='accounts.office')),
            ],
            options={
                'verbose_name': 'historical 事業所',
                'verbose_name_plural': 'historical 事業所',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalMembership',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=teikyaku.ids.new_public_id, editable=False, verbose_name='公開ID')),
                ('roles', models.JSONField(default=list, verbose_name='役割')),
                ('starts_on', models.DateField(verbose_name='所属開始日')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='所属終了日')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='終了の操作日時')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='職員')),
                ('history_relation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history_rows', to='accounts.membership')),
                ('municipality', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.municipality', verbose_name='自治体')),
                ('office', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.office', verbose_name='事業所')),
            ],
            options={
                'verbose_name': 'historical 所属',
                'verbose_name_plural': 'historical 所属',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='OfficeTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='記録日時')),
                ('starts_on', models.DateField(verbose_name='適用開始日')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='適用終了日')),
                ('area_class', models.CharField(choices=[('11', '一級地'), ('12', '二級地'), ('13', '三級地'), ('14', '四級地'), ('15', '五級地'), ('16', '六級地'), ('17', '七級地'), ('23', 'その他')], max_length=2, verbose_name='級地')),
                ('unit_price', models.DecimalField(decimal_places=3, max_digits=5, validators=[django.core.validators.MinValueValidator(1)], verbose_name='1単位の単価（円）')),
                ('source', models.CharField(help_text='告示や通知の名前と日付', max_length=120, verbose_name='根拠')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='accounts.office', verbose_name='事業所')),
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ],
            options={
                'verbose_name': '地域区分と単価',
                'verbose_name_plural': '地域区分と単価',
                'ordering': ['starts_on'],
                'constraints': [teikyaku.constraints.DateOrder(first='starts_on', last='ends_on', name='office_terms_date_order', violation_error_message='終了日は開始日以後にしてください。'), teikyaku.constraints.NoOverlap(fields=('office',), name='office_terms_no_overlap', violation_error_code='overlap', violation_error_message='この事業所の単価は、期間が重なっています。')],
            },
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
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='宛先')),
            ],
            options={
                'verbose_name': '送信箱',
                'verbose_name_plural': '送信箱',
                'constraints': [models.UniqueConstraint(fields=('kind', 'recipient', 'period'), name='outbox_once', violation_error_message='この知らせは作成済みです。')],
            },
        ),
        migrations.CreateModel(
            name='SecondFactorReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=teikyaku.ids.new_public_id, editable=False, unique=True, verbose_name='公開ID')),
                ('reason', models.CharField(max_length=200, verbose_name='理由と本人確認の方法')),
                ('requested_at', models.DateTimeField(verbose_name='依頼日時')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='確認日時')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='確認者')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='依頼者')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='second_factor_resets', to=settings.AUTH_USER_MODEL, verbose_name='職員')),
            ],
            options={
                'verbose_name': '二要素の解除',
                'verbose_name_plural': '二要素の解除',
                'ordering': ['-requested_at'],
                'constraints': [teikyaku.constraints.Together(fields=('confirmed_at', 'confirmed_by'), name='second_factor_reset_confirmed_together', violation_error_message='確認の日時と確認者は一緒に記録します。'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('requested_by')), _negated=True), _connector='OR'), name='second_factor_reset_two_people', violation_error_message='依頼した人とは別の管理者が確認してください。'), models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', True)), fields=('user',), name='second_factor_reset_one_open', violation_error_message='この職員の解除は、すでに確認待ちです。')],
            },
        ),
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
                ('recorded_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership', verbose_name='記録者')),
            ],
            options={
                'verbose_name': '制度の数値の訂正',
                'verbose_name_plural': '制度の数値の訂正',
                'ordering': ['key', 'first_month'],
                'constraints': [teikyaku.constraints.FirstOfMonth(field='first_month', name='figure_override_first_month', violation_error_message='月の初日で保存します。'), teikyaku.constraints.DateOrder(first='first_month', last='last_month', name='figure_override_order', violation_error_message='最後の月は最初の月以後にしてください。'), teikyaku.constraints.NoOverlap(ends='last_month', fields=('key',), name='figure_override_no_overlap', starts='first_month', violation_error_code='overlap', violation_error_message='この項目の訂正は、月が重なっています。')],
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
                'indexes': [models.Index(fields=['person_id', '-at'], name='audit_by_person'), models.Index(fields=['membership', '-at'], name='audit_by_membership')],
            },
        ),
    ]
