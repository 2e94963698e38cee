from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.notify.channels import Message


@pytest.fixture
def message():
    return Message(
        message_id="5f0e",
        key="5f0e:wechat",
        to="wx-1001",
        subject="【滨湖世纪社区】请您评价",
        text="【滨湖世纪社区】王小梅您好。",
        at=datetime(2025, 3, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
    )
