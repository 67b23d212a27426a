"""What can be done from a terminal, a few commands a module; ``companion.cli`` puts them together."""
