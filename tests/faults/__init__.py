"""A network that fails on purpose, between a client and a real server."""

from tests.faults.faults import FAULTS, NAMES, Fault
from tests.faults.plan import Decision, Plan, When
from tests.faults.proxy import FaultProxy

__all__ = ["FAULTS", "NAMES", "Decision", "Fault", "FaultProxy", "Plan", "When"]
