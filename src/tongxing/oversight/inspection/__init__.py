"""The monthly inspection (月督查): a month's figures frozen at one moment, thanks, and what is to be improved."""
