"""What several nodes share, by Redis or Valkey: hints that something has changed, and counts."""
