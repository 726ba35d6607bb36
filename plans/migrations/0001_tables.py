"""Every table as it stands, made in one go: for a new installation.

An older one walks the steps that this one stands for.
"""

from django.conf import settings
from django.db import migrations

from plans.migrations.tables import application, decision, interview, report, support_plan, ward
from teikyaku.first_tables import FirstTables


class Migration(FirstTables):

    initial = True

    replaces = [
        ('plans', '0001_initial'),
        ('plans', '0002_certificate_history'),
        ('plans', '0003_application_by_day'),
        ('plans', '0004_application_waiting'),
        ('plans', '0005_decision_by_day'),
        ('plans', '0006_completion_and_reason'),
        ('plans', '0007_ward_papers'),
        ('plans', '0008_pending_grant'),
        ('plans', '0009_file_transfer'),
        ('plans', '0010_interview_draft'),
        ('plans', '0011_interview_topics'),
        ('plans', '0012_proposal'),
        ('plans', '0013_interview_withdrawal'),
        ('plans', '0014_core_upload'),
        ('plans', '0015_reminders'),
        ('plans', '0016_report_versions'),
        ('plans', '0017_support_plan_steps'),
        ('plans', '0018_transfer_requests'),
    ]

    dependencies = [
        ('accounts', '0001_tables'),
        ('clients', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *application.OPERATIONS,
        *decision.OPERATIONS,
        *ward.OPERATIONS,
        *interview.OPERATIONS,
        *support_plan.OPERATIONS,
        *report.OPERATIONS,
    ]
