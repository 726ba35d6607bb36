from django.apps import AppConfig


class ConstraintTestsConfig(AppConfig):
    name = "tests.constraints.app"
    label = "constraint_tests"
    verbose_name = "制約の試験"
