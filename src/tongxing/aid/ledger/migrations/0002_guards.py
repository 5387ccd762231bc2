# ruff: noqa: S608  # the statements are written here, nothing in them comes from outside
"""What must never be wrong in the books is refused by the database itself, whoever writes: see decision 0100.

A later migration that makes SQLite build one of these tables anew loses its triggers there: it ends with
`RunPython(create, remove)` of this module, as a test sees to.
"""

from django.db import migrations

TABLES = (
    "ledger_line",
    "ledger_entry",
    "ledger_posting",
    "ledger_period",
    "ledger_budget",
    "ledger_statementline",
    "ledger_entryfile",
)
#: What a stated rule says in the database's log. Codes, not sentences: people are told by the actions.
POSTED = "EXISTS (SELECT 1 FROM ledger_posting p WHERE p.entry_id = {row}.{entry})"
SAID = (
    *("school_id", "client_id", "kind", "day", "narrative", "party", "reference", "source_kind"),
    *("source_id", "source_turn", "digest", "about_id", "made_by_id", "made_at"),
)

#: (name, table, when, condition under which the row is refused). {old} and {new} are the row before and after.
REFUSED = (
    ("line_changed", "ledger_line", "UPDATE", "TRUE"),
    ("line_deleted", "ledger_line", "DELETE", "TRUE"),
    (
        "line_added",
        "ledger_line",
        "INSERT",
        f"{POSTED.format(row='NEW', entry='entry_id')}"
        " OR EXISTS (SELECT 1 FROM ledger_line l WHERE l.id = NEW.id)",
    ),
    ("entry_changed", "ledger_entry", f"UPDATE OF {', '.join(SAID)}", "TRUE"),
    (
        "entry_ended",
        "ledger_entry",
        "UPDATE",
        POSTED.format(row="OLD", entry="id") + " OR OLD.ended_at IS NOT NULL",
    ),
    ("entry_deleted", "ledger_entry", "DELETE", "TRUE"),
    ("entry_replaced", "ledger_entry", "INSERT", "EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = NEW.id)"),
    ("posting_changed", "ledger_posting", "UPDATE", "TRUE"),
    ("posting_deleted", "ledger_posting", "DELETE", "TRUE"),
    (
        "posting_replaced",
        "ledger_posting",
        "INSERT",
        "EXISTS (SELECT 1 FROM ledger_posting p WHERE p.entry_id = NEW.entry_id"
        " OR (p.period_id = NEW.period_id AND p.number = NEW.number))",
    ),
    (
        "posting_adds_up",
        "ledger_posting",
        "INSERT",
        "(SELECT COUNT(*) FROM ledger_line l WHERE l.entry_id = NEW.entry_id) < 2"
        " OR EXISTS (SELECT 1 FROM ledger_line l WHERE l.entry_id = NEW.entry_id"
        " GROUP BY l.fund_id HAVING SUM(l.amount) <> 0)",
    ),
    (
        "posting_of_one_school",
        "ledger_posting",
        "INSERT",
        "EXISTS (SELECT 1 FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id"
        " JOIN ledger_fund f ON f.id = l.fund_id WHERE l.entry_id = NEW.entry_id"
        " AND (l.school_id <> NEW.school_id OR a.school_id <> NEW.school_id OR f.school_id <> NEW.school_id"
        " OR (a.kind = 'memo') <> f.memo))",
    ),
    (
        "posting_in_an_open_month",
        "ledger_posting",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM ledger_entry e JOIN ledger_period d ON d.id = NEW.period_id"
        " WHERE e.id = NEW.entry_id AND e.school_id = NEW.school_id AND d.school_id = NEW.school_id"
        " AND e.ended_at IS NULL AND e.made_by_id = NEW.made_by_id AND d.closed_at IS NULL"
        " AND e.day BETWEEN d.starts_on AND d.ends_on AND NEW.number = d.last_number + 1)",
    ),
    ("period_reopened", "ledger_period", "UPDATE", "OLD.closed_at IS NOT NULL"),
    ("period_deleted", "ledger_period", "DELETE", "TRUE"),
    (
        "budget_changed",
        "ledger_budget",
        "UPDATE OF school_id, fund_id, purpose_id, starts_on, ends_on, amount",
        "TRUE",
    ),
    ("budget_deleted", "ledger_budget", "DELETE", "TRUE"),
    ("statement_row_changed", "ledger_statementline", "UPDATE", "TRUE"),
    ("statement_row_deleted", "ledger_statementline", "DELETE", "TRUE"),
    ("file_changed", "ledger_entryfile", "UPDATE OF entry_id, file_id", "TRUE"),
    ("file_deleted", "ledger_entryfile", "DELETE", "TRUE"),
)

#: What the database adds up when an entry is posted. “+ 0” keeps a planner without statistics from going through all
#: lines of an account or a fund instead of the few of the entry.
KIND = "(SELECT a.kind FROM ledger_account a WHERE a.id = l.account_id)"
OF_ENTRY = "FROM ledger_line l WHERE l.entry_id = NEW.entry_id"
COUNTED = (
    f"UPDATE ledger_account SET balance = balance + (SELECT SUM(l.amount) {OF_ENTRY}"
    " AND l.account_id + 0 = ledger_account.id)"
    f" WHERE id IN (SELECT l.account_id {OF_ENTRY})",
    f"UPDATE ledger_fund SET balance = balance + (SELECT COALESCE(SUM(l.amount), 0) {OF_ENTRY}"
    f" AND l.fund_id + 0 = ledger_fund.id AND {KIND} IN ('asset', 'payable'))"
    f" WHERE id IN (SELECT l.fund_id {OF_ENTRY})",
    f"UPDATE ledger_budget SET spent = spent + (SELECT COALESCE(SUM(l.amount), 0) {OF_ENTRY}"
    f" AND l.fund_id + 0 = ledger_budget.fund_id AND {KIND} = 'expense'"
    " AND (ledger_budget.purpose_id IS NULL OR l.purpose_id + 0 = ledger_budget.purpose_id))"
    f" WHERE ended_at IS NULL AND fund_id IN (SELECT l.fund_id {OF_ENTRY})"
    " AND (SELECT e.day FROM ledger_entry e WHERE e.id = NEW.entry_id) BETWEEN starts_on AND ends_on",
    "UPDATE ledger_period SET last_number = NEW.number WHERE id = NEW.period_id",
)


def sqlite():
    for name, table, when, condition in REFUSED:
        yield (
            f"CREATE TRIGGER ledger_{name} BEFORE {when} ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, 'ledger: {name}'); END"
        )
    yield (
        "CREATE TRIGGER ledger_posting_counted AFTER INSERT ON ledger_posting BEGIN "
        + "; ".join(COUNTED)
        + "; END"
    )


def postgresql():
    for name, table, when, condition in REFUSED:
        back = "OLD" if when == "DELETE" else "NEW"
        yield (
            f"CREATE FUNCTION ledger_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition} THEN RAISE EXCEPTION 'ledger: {name}' USING ERRCODE = 'check_violation'; END IF;"
            f" RETURN {back}; END $$"
        )
        yield (
            f"CREATE TRIGGER ledger_{name} BEFORE {when} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION ledger_{name}()"
        )
    yield (
        "CREATE FUNCTION ledger_posting_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        + "; ".join(COUNTED)
        + "; RETURN NULL; END $$"
    )
    yield (
        "CREATE TRIGGER ledger_posting_counted AFTER INSERT ON ledger_posting"
        " FOR EACH ROW EXECUTE FUNCTION ledger_posting_counted()"
    )
    yield (
        "CREATE FUNCTION ledger_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT 1 FROM ledger_posting) THEN"
        " RAISE EXCEPTION 'ledger: emptied' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$"
    )
    for table in TABLES:
        yield (
            f"CREATE TRIGGER {table}_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_emptied()"
        )


def create(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    names = [*(name for name, *_rest in REFUSED), "posting_counted"]
    if schema_editor.connection.vendor == "postgresql":
        for name in (*names, "emptied"):
            schema_editor.execute(f"DROP FUNCTION IF EXISTS ledger_{name}() CASCADE")
        return
    for name in names:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS ledger_{name}")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_ledger"),
    ]

    operations = [migrations.RunPython(create, remove)]
