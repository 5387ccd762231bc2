from django.db import migrations

#: Full text beside the table, carried along by triggers; words of deleted rows are overwritten, not just unlinked.
SQLITE = (
    "CREATE VIRTUAL TABLE contacts_noteindex USING fts5"
    "(text, content='contacts_notetext', content_rowid='id', tokenize='unicode61')",
    "INSERT INTO contacts_noteindex(contacts_noteindex, rank) VALUES ('secure-delete', 1)",
    "CREATE TRIGGER contacts_notetext_added AFTER INSERT ON contacts_notetext BEGIN"
    " INSERT INTO contacts_noteindex(rowid, text) VALUES (new.id, new.text); END",
    "CREATE TRIGGER contacts_notetext_removed AFTER DELETE ON contacts_notetext BEGIN"
    " INSERT INTO contacts_noteindex(contacts_noteindex, rowid, text) VALUES ('delete', old.id, old.text); END",
    "CREATE TRIGGER contacts_notetext_changed AFTER UPDATE ON contacts_notetext BEGIN"
    " INSERT INTO contacts_noteindex(contacts_noteindex, rowid, text) VALUES ('delete', old.id, old.text);"
    " INSERT INTO contacts_noteindex(rowid, text) VALUES (new.id, new.text); END",
)
SQLITE_BACK = (
    "DROP TRIGGER contacts_notetext_added",
    "DROP TRIGGER contacts_notetext_removed",
    "DROP TRIGGER contacts_notetext_changed",
    "DROP TABLE contacts_noteindex",
)
POSTGRESQL = (
    "CREATE INDEX contacts_notetext_words ON contacts_notetext USING gin (to_tsvector('simple', text))",
)
POSTGRESQL_BACK = ("DROP INDEX contacts_notetext_words",)


def create(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, remove)]
