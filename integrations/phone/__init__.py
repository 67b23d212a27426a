"""The telephone and text line."""
