"""The categories that come along with the program, by code, in their first version."""

from services.issues.schemas import default_categories

CATEGORIES = {category.code: category.as_version(1) for category in default_categories()}
