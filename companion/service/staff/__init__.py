"""Accounts of staff: signing in, roles in groups, links that work once, and coming back after being locked out."""
