"""Everything that is kept, on SQLite or PostgreSQL, behind `companion.ports.Store`."""
