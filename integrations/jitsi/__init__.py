"""Private rooms on a Jitsi server."""
