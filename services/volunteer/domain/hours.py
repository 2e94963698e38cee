"""Hours of service, kept as whole hundredths so that sums are exact."""

STAR_HOURS = (100, 300, 600, 1_000, 1_500)  # hours for 1 to 5 stars, national rules on volunteer records (R9)


def to_hundredths(hours: float) -> int:
    """Return hours as whole hundredths, rounded to the nearest."""
    return round(hours * 100)


def to_hours(hundredths: int) -> float:
    """Return hundredths as hours, such as 43.0."""
    return hundredths / 100


def star_at(hundredths: int) -> int:
    """Return the number of stars that a total of hours is worth."""
    return sum(1 for hours in STAR_HOURS if hundredths >= to_hundredths(hours))


def hours_to_next_star(hundredths: int) -> float | None:
    """Return the hours still missing to the next star, None above the last."""
    star = star_at(hundredths)
    return to_hours(to_hundredths(STAR_HOURS[star]) - hundredths) if star < len(STAR_HOURS) else None
