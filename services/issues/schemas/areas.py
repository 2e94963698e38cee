"""Floor areas as people write them: m² with at most two decimals."""

from decimal import Decimal
from typing import Annotated

from marshmallow import ValidationError, validate

LARGEST_AREA = 1_000_000  # m² of one person


def _whole_hundredths(area: float) -> None:
    """Refuse what cannot be stored as a whole number of 0.01 m²."""
    if (Decimal(str(area)) * 100) % 1:
        raise ValidationError("At most two decimals of a square metre.")


Area = Annotated[float, validate.Range(0, LARGEST_AREA), _whole_hundredths]
TotalArea = Annotated[float, validate.Range(0, LARGEST_AREA * 2500), _whole_hundredths]


def square_decimetres(area: float) -> int:
    """Return the area as a whole number of 0.01 m²."""
    return int(Decimal(str(area)) * 100)
