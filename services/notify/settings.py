"""Where the providers are, read once from the environment; what is not set is not a channel."""

from dataclasses import dataclass, field
from functools import cache

from environs import Env


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`smtp_url` is smtp://, smtp+starttls:// or smtps://, with user and password where the server wants them."""

    gateway_url: str | None
    smtp_url: str | None = field(repr=False)
    smtp_from: str


@cache
def settings() -> Settings:
    """Read the environment."""
    env = Env()
    return Settings(
        gateway_url=env.str("GATEWAY_URL", None) or None,
        smtp_url=env.str("SMTP_URL", None) or None,
        smtp_from=env.str("SMTP_FROM", "linli@linli.example"),
    )
