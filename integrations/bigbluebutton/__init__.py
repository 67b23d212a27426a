"""Calls on a BigBlueButton server."""
