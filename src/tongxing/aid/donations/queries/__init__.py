"""What is read in the room of giving."""
