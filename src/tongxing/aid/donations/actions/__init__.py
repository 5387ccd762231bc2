"""What people do in the room of giving; each module has its own invariants."""
