"""Measures the companion beside what somebody would use instead, on the same work in the same minutes."""
