# ruff: noqa: S608  # the questions are written here, nothing in them comes from outside
"""An auditor who trusts nobody: reads the tables in plain SQL, shares no line with the ledger, and names what is wrong."""

from django.db import connection

LINES = (
    "FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id JOIN ledger_posting p ON p.entry_id = e.id "
    "JOIN ledger_account a ON a.id = l.account_id "
)
#: (what is wrong, rows that show it; none: all is well)
QUESTIONS = (
    ("entry does not add up", f"SELECT l.entry_id {LINES} GROUP BY l.entry_id, l.fund_id HAVING SUM(l.amount) <> 0"),
    ("entry with fewer than two lines", "SELECT p.entry_id FROM ledger_posting p WHERE 2 > "
     "(SELECT COUNT(*) FROM ledger_line l WHERE l.entry_id = p.entry_id)"),
    ("debits are not credits", f"SELECT l.school_id {LINES} GROUP BY l.school_id HAVING SUM(l.amount) <> 0"),
    ("account holds another amount", "SELECT a.id FROM ledger_account a WHERE a.balance <> "
     "(SELECT COALESCE(SUM(l.amount), 0) FROM ledger_line l JOIN ledger_posting p ON p.entry_id = l.entry_id "
     "WHERE l.account_id = a.id)"),
    ("fund holds another amount", "SELECT f.id FROM ledger_fund f WHERE f.balance <> (SELECT COALESCE(SUM(l.amount), 0) "
     f"{LINES} WHERE l.fund_id = f.id AND a.kind IN ('asset', 'payable'))"),
    ("budget counts another amount", "SELECT b.id FROM ledger_budget b WHERE b.ended_at IS NULL AND b.spent <> "
     f"(SELECT COALESCE(SUM(l.amount), 0) {LINES} WHERE l.fund_id = b.fund_id AND a.kind = 'expense' "
     "AND (b.purpose_id IS NULL OR l.purpose_id = b.purpose_id) AND e.day BETWEEN b.starts_on AND b.ends_on)"),
    ("budget is overspent", "SELECT id FROM ledger_budget WHERE spent > amount"),
    ("numbers have a gap", "SELECT d.id FROM ledger_period d LEFT JOIN ledger_posting p ON p.period_id = d.id "
     "GROUP BY d.id, d.last_number HAVING COUNT(p.entry_id) <> d.last_number OR COALESCE(MAX(p.number), 0) <> d.last_number"),
    ("outside its month or school", "SELECT p.entry_id FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id "
     "JOIN ledger_period d ON d.id = p.period_id WHERE e.day < d.starts_on OR e.day > d.ends_on "
     "OR e.school_id <> p.school_id OR d.school_id <> p.school_id OR e.ended_at IS NOT NULL"),
    ("checked by its maker", "SELECT p.entry_id FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id "
     "WHERE p.checked_by_id IN (p.made_by_id, e.made_by_id) OR p.made_by_id <> e.made_by_id"),
    ("paid more than was promised", "SELECT id FROM ledger_account WHERE kind = 'payable' AND balance > 0"),
    ("reversal is not the opposite", f"SELECT e.id {LINES} WHERE e.kind = 'reversal' GROUP BY e.id, e.about_id "
     "HAVING SUM(l.amount * l.amount) <> (SELECT SUM(o.amount * o.amount) FROM ledger_line o WHERE o.entry_id = e.about_id)"),
)  # fmt: skip
#: What stood at the end of each day, of every place for money and of every fund.
DAYS = (
    ("place", f"SELECT l.account_id, e.day, SUM(l.amount) {LINES} WHERE a.kind = 'asset' GROUP BY 1, 2 ORDER BY 1, 2"),
    ("fund", f"SELECT l.fund_id, e.day, SUM(l.amount) {LINES} WHERE a.kind IN ('asset', 'payable') "
     "GROUP BY 1, 2 ORDER BY 1, 2"),
)  # fmt: skip


def complaints() -> list[str]:
    """What is wrong in the books of any school, with the ids of the rows; empty: nothing."""
    found = []
    with connection.cursor() as cursor:
        for what, question in QUESTIONS:
            cursor.execute(question)
            found += [f"{what}: {row[0]}" for row in cursor.fetchall()]
        for what, question in DAYS:
            cursor.execute(question)
            standing: dict[int, int] = {}
            for key, day, amount in cursor.fetchall():
                standing[key] = standing.get(key, 0) + int(amount)
                if standing[key] < 0:
                    found.append(f"{what} below nothing on {day}: {key}")
    return found
