"""The CDC's immunization logic (CDSi logic specification 4.6) on the CDC's supporting data."""

from schedule.cdsi.engine import forecast
from schedule.cdsi.loading import load_supporting_data
from schedule.cdsi.markup import SupportingDataError

__all__ = ["SupportingDataError", "forecast", "load_supporting_data"]
