"""The rules of a live session: pure Python, no framework, no clock, no I/O."""
