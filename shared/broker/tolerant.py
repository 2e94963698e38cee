"""Take messages whose properties cannot be read: py-amqp would end the connection at each, again and again."""

from typing import Any

from amqp import method_framing
from amqp.basic_message import Message

from shared import logs

log = logs.get(__name__)


class TolerantMessage(Message):
    """A message that has no properties where they are no valid AMQP or no UTF-8; its body is judged by itself."""

    def _load_properties(self, class_id: int, buf: bytes, offset: int) -> int:
        try:
            return int(super()._load_properties(class_id, buf, offset))
        except Exception as error:  # noqa: BLE001 -- whatever a stranger put there
            log.warning("message with unreadable properties", error=type(error).__name__)
            self.properties: dict[str, Any] = {}
            return len(buf)


def install() -> None:
    """Let every connection of this process build its messages this way."""
    method_framing.Message = TolerantMessage
