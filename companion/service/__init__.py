"""Use cases: what happens around one command, with no web framework in sight."""
