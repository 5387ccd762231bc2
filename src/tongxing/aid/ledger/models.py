"""The school's aid money, to the fen: books, entries that are never changed, and what the bank says about them."""

from .models_books import Account, Books, Budget, Fund, Period, Purpose
from .models_entries import Entry, EntryFile, Line, Posting
from .models_statements import Settled, Statement, StatementLine

__all__ = [
    "Account",
    "Books",
    "Budget",
    "Entry",
    "EntryFile",
    "Fund",
    "Line",
    "Period",
    "Posting",
    "Purpose",
    "Settled",
    "Statement",
    "StatementLine",
]
