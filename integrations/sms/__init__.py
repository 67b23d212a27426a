"""Text messages by a gateway, into a folder, or into a list."""
