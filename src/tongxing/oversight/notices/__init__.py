"""What a school tells its people and hears from them: circulars, meetings, publicity, suggestions; who leads the work."""
