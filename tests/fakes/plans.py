"""What a group must have agreed on before its doors can open, for tests that are about something else."""

from __future__ import annotations

from datetime import UTC, datetime

from companion.records import SafeguardingPlan

PLAN = SafeguardingPlan(
    lead="Sol",
    lead_number="020 7946 0111",
    second="Rae",
    steps="Stay with her. Phone the lead.",
    agreed_at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
)
