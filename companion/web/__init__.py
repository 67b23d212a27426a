"""HTTP pages: joining, the seat's own page and its forms, leaving, the organiser, the probes."""
