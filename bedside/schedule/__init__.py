"""What is done at which time of day."""

from bedside.schedule.days import Appointment, Due, time_of_day, upcoming

__all__ = ["Appointment", "Due", "time_of_day", "upcoming"]
