"""The review of a term: what families say, praise that came, what helpers think of their term, what is done next."""
