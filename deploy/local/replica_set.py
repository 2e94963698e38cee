"""Make mongods a replica set and wait until it takes writes. Run by the virtual environment's python."""

from __future__ import annotations

import sys
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

NOT_YET = 94  # NotYetInitialized, mongo/base/error_codes.yml


def main(seconds: float, hosts: list[str]) -> None:
    """Initiate `rs0` once; if a port moved, tell it so."""
    milliseconds = int(seconds * 1000)
    alone = [MongoClient[Any](host, directConnection=True, serverSelectionTimeoutMS=milliseconds) for host in hosts]
    for member in alone:
        member.admin.command("ping")  # all have to be there before they are told of each other
    client = alone[0]
    wanted = {"_id": "rs0", "members": [{"_id": number, "host": host} for number, host in enumerate(hosts)]}
    try:
        config = client.admin.command("replSetGetConfig")["config"]
        if [member["host"] for member in config["members"]] != hosts:
            client.admin.command("replSetReconfig", {**wanted, "version": config["version"] + 1}, force=True)
    except OperationFailure as refusal:
        if refusal.code != NOT_YET:
            raise
        client.admin.command("replSetInitiate", wanted)
    with MongoClient[Any](hosts, replicaSet="rs0", serverSelectionTimeoutMS=milliseconds) as members:
        members.admin.command("ping")  # answered by a primary that takes writes


if __name__ == "__main__":
    try:
        main(float(sys.argv[1]), sys.argv[2:])
    except PyMongoError as error:
        sys.exit(str(error))
