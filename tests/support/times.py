"""The times of issues as they come, on a calendar of plain weeks; a rule's test asks for no holidays."""

from datetime import datetime

from services.issues import domain
from services.issues.service.keeping import Weekdays
from shared.clock import COMMUNITY_TIME

TIMES = domain.Times(domain.Rules(), Weekdays())
NOW = datetime(2025, 3, 3, 9, 0, tzinfo=COMMUNITY_TIME)  # T0 of the stories, a Monday
