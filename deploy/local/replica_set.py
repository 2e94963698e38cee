"""Make one mongod a replica set and wait until it takes writes. Run by the virtual environment's python."""

from __future__ import annotations

import sys
import time
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

NOT_YET = 94  # NotYetInitialized, mongo/base/error_codes.yml


def main(port: int, seconds: float) -> None:
    """Initiate `rs0` once; if its port moved, tell it so."""
    host = f"127.0.0.1:{port}"
    client: MongoClient[Any] = MongoClient(host, directConnection=True, serverSelectionTimeoutMS=int(seconds * 1000))
    wanted = {"_id": "rs0", "members": [{"_id": 0, "host": host}]}
    try:
        config = client.admin.command("replSetGetConfig")["config"]
        if [member["host"] for member in config["members"]] != [host]:
            client.admin.command("replSetReconfig", {**wanted, "version": config["version"] + 1}, force=True)
    except OperationFailure as refusal:
        if refusal.code != NOT_YET:
            raise
        client.admin.command("replSetInitiate", wanted)
    end = time.monotonic() + seconds
    while not client.admin.command("hello")["isWritablePrimary"]:
        if time.monotonic() > end:
            sys.exit("the replica set elects no primary")
        time.sleep(0.05)  # between two looks at the election


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), float(sys.argv[2]))
    except PyMongoError as error:
        sys.exit(str(error))
