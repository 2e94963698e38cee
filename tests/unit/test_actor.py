"""Who holds a token, and what is none."""

from datetime import timedelta
from typing import Any

import pytest

from shared.actor import Actor, authenticate, issue_token
from shared.errors import Unauthenticated

KEY = "a key for tests only, as long as it should be"
PERSON = Actor(id="P-1", roles=("triage",), unit="C01", on_behalf_of="R-1")


def test_a_token_says_who_holds_it() -> None:
    assert authenticate(issue_token(PERSON, KEY, timedelta(days=36500)), KEY) == PERSON


@pytest.mark.parametrize("token", [None, 7, b"a.b.c", "", "a.b.c", "钥匙", "\ud83d", "e30.e30.\ud83d"], ids=repr)
def test_whatever_else_comes_as_a_token_is_refused(token: Any) -> None:
    with pytest.raises(Unauthenticated):
        authenticate(token, KEY)
