"""Calls at Zoom, planned ahead with a place for each person."""
