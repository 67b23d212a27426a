"""Any call that has an https address."""
