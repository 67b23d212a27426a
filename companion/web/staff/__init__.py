"""Pages of staff accounts: signing in, one's own account, colleagues, and coming back."""
