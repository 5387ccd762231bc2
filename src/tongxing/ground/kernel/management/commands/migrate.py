"""`migrate`, but an empty database gets its tables at once instead of through all migrations."""

from django.apps import apps
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor


class Command(migrate.Command):
    """Replayed one by one, each of 150 models has all the others rendered anew: half a minute of a first start."""

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        narrowed = options["app_label"] or any(
            options[name] for name in ("fake", "plan", "check_unapplied", "prune")
        )
        if not narrowed and not connection.introspection.table_names():
            create_tables(connection)
        super().handle(*args, **options)


def create_tables(connection: BaseDatabaseWrapper) -> None:
    """All or nothing: every model's tables, what our migrations create by code of their own, a note of them all.

    Code in migrations of other packages moves data that is not there yet.
    """
    executor = MigrationExecutor(connection)
    plan = [step for step, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    state = executor.loader.project_state()
    with connection.schema_editor() as editor:
        for model in state.apps.get_models():
            editor.create_model(model)
        for migration in plan:
            if apps.get_app_config(migration.app_label).name.startswith("tongxing."):
                for operation in migration.operations:
                    if isinstance(operation, RunPython):
                        operation.code(state.apps, editor)
        executor.recorder.ensure_schema()
        for migration in plan:
            executor.recorder.record_applied(migration.app_label, migration.name)
