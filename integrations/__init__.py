"""Adapters to the world outside, one folder each: adapter, fake, README. They implement companion/ports."""
