"""A first migration that makes its tables in one go.

Django renders every model anew after each step of a migration; for the steps that build an empty
database this is most of a minute spent on models that nobody has asked for yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class FirstTables(migrations.Migration):
    """Steps that only create tables, indexes and constraints: all known first, then made once."""

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        """Make each table as it stands after the last step, with its indexes and constraints."""
        before = project_state.clone()
        project_state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            if isinstance(operation, migrations.CreateModel):
                operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state
