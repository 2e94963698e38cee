"""王小梅 with WeChat, SMS and e-mail, and a message to her that is due."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.notify import domain
from services.notify.domain import Cause, Channel, Language


@pytest.fixture
def now():
    return datetime(2025, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def contact():
    return domain.set_contact(
        None,
        person_id="R-1001",
        name="王小梅",
        addresses={Channel.WECHAT: "wx-1001", Channel.SMS: "13800001001", Channel.EMAIL: "r1001@example.org"},
        language=Language.CHINESE,
    )


@pytest.fixture
def cause():
    return Cause(id="E-1", correlation_id="IS-0101", issue_id="IS-0101")


@pytest.fixture
def notification(contact, cause, now):
    template = domain.TEMPLATES["confirm_request"]
    params = {"issue_id": "IS-0101"}
    created, _ = domain.compose(cause, template, params, person_ref="R-1001", contact=contact, now=now)
    return created
