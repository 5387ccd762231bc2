"""What the school honours and how: schemes, proposals, a committee, consent, publicity, the title that is given."""
