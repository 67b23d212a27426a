"""What developers run: set-up helpers, and documents made from the code."""
