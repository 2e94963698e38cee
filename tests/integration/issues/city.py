"""A running issues service with its tree, its places and an API client."""

from typing import Any

import requests

from tests.e2e.fixture import B09, TREE
from tests.support.eventually import eventually
from tests.support.processes import free_port
from tests.support.system import System

HERE = {"lat": 31.72, "long": 117.28}  # building 9
B10 = "C01-G03-E07-B10"
ANSWERS = {"attribute[on_fire]": "no", "attribute[wanted][]": ["tidying", "charging"]}
THERE = {"lat": 31.7212, "long": 117.28}  # building 10, some 130 m north


class City:
    """One process of issues, as a system outside sees it, and as an administrator does."""

    def __init__(self, system: System) -> None:
        address = f"127.0.0.1:{free_port()}"
        self.system, self.url = system, f"http://{address}/open311/v2"
        [self.process] = system.start("issues", API_ADDRESS=address)
        for unit in TREE:
            system.dispatch("volunteer", "org_unit.updated", {**unit, "revision": 1})
        units = system.database("issues").org_units
        eventually(lambda: units.count_documents({}) == len(TREE))
        self.call("set_places", places=[{"org_unit_id": B09, **HERE}, {"org_unit_id": B10, **THERE}])
        self.key = self.new_key("reporting-app")

    def new_key(self, client: str, **options: Any) -> str:
        return str(self.call("issue_api_key", client, **options)["api_key"])

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call the service as its administrator."""
        return self.system.call("issues", method, *args, **kwargs)

    def get(self, path: str, **query: Any) -> requests.Response:
        return requests.get(f"{self.url}/{path}", params=query, timeout=20)

    def post(self, form: str = "json", *, headers: dict[str, str] | None = None, **sent: Any) -> requests.Response:
        """Post a request as it should be, but for what is named."""
        good = {"api_key": self.key, "service_code": "bike_shed", "address_id": B09, "description": "车棚", **ANSWERS}
        data = {name: value for name, value in {**good, **sent}.items() if value is not None}
        return requests.post(f"{self.url}/requests.{form}", data=data, headers=headers, timeout=20)

    def report(self, **sent: Any) -> str:
        """Post a request and return its id."""
        answer = self.post(**sent)
        assert answer.ok, answer.text
        return str(answer.json()[0]["service_request_id"])

    def solve(self, issue_id: str) -> None:
        """Bring an issue to the point where its reporter is asked."""
        self.call("triage", issue_id, category="bike_shed")
        self.call("act", issue_id, by="P-0009")
        self.call("resolve", issue_id, by="P-0007")

    def stored(self, issue_id: str) -> dict[str, Any]:
        """Return the issue as it is kept."""
        return dict(self.system.database("issues").issues.find_one({"_id": issue_id}))

    def issues(self) -> int:
        """Count what is kept."""
        return int(self.system.database("issues").issues.count_documents({}))
