"""Nobody is missed: each term everyone is looked at, and the school decides on support."""
