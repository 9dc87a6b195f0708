"""The Japanese schedule: editions of the rules and the engine that applies them."""

from schedule.japan.edition import Edition, load_edition
from schedule.japan.engine import forecast
from schedule.japan.faults import EditionFaultError
from schedule.japan.planning import VisitPlan, plan
from schedule.japan.status import due_status, with_due_status

__all__ = [
    "Edition",
    "EditionFaultError",
    "VisitPlan",
    "due_status",
    "forecast",
    "load_edition",
    "plan",
    "with_due_status",
]
