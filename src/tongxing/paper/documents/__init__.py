"""Word, Excel and PDF from facts. One content model, several writers; no writer asks the database."""
