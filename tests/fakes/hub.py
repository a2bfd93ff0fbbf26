"""A Hugging Face Hub on loopback: models of a made-up world, datasets that can be written."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlencode

from tests.fakes.hub_files import Datasets
from tests.fakes.hub_questions import (
    DETAIL_FIELDS,
    LIST_FIELDS,
    PLAIN_DETAIL,
    PLAIN_LIST,
    RELATIONS,
    SORTS,
    bad_request,
    order,
    read_cursor,
    refused,
    relation_and_parent,
    write_cursor,
)
from tests.fakes.records import Record, declared, relation_of
from tests.fakes.server import Answer, FakeServer, Request
from tests.fakes.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

ANONYMOUS_QUOTA: Final = 500
TOKEN_QUOTA: Final = 1_000
RESOLVERS_QUOTA: Final = 3_000
WINDOW_SECONDS: Final = 300
LARGEST_PAGE: Final = 1_000

_MODEL: Final = re.compile(r"/api/models/([^/]+/[^/]+?)(?:/revision/[^/]+)?")


class HubFake(FakeServer):
    """``world`` as the Hub tells it, and the datasets in ``datasets``.

    An address may ask ``quota`` times in a window, a token twice as often.
    The window's time comes from ``clock`` (seconds); without one, time stands
    still until ``pass_time``. The token ``hf_x`` may write.
    """

    def __init__(
        self,
        world: World,
        *,
        quota: int = ANONYMOUS_QUOTA,
        clock: Callable[[], float] | None = None,
        port: int = 0,
        latency: float = 0.0,
    ) -> None:
        super().__init__(port=port, latency=latency)
        self.world = world
        self.quota = quota
        self.largest_page = LARGEST_PAGE
        self.datasets = Datasets()
        self._clock = clock
        self._passed = 0.0
        self._windows: dict[tuple[str, str], tuple[int, int]] = {}

    @classmethod
    def demo(cls, *, latency: float = 0.0) -> Self:
        """The demo world: 16 families, 40,000 derivatives."""
        return cls(World.demo(), latency=latency)

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the limits. Only without a clock of one's own."""
        with self.lock:
            self._passed += seconds

    def answer(self, request: Request) -> Answer:
        """What the Hub says, with its limits in the headers."""
        kind = "resolvers" if "/resolve/" in request.path else "api"
        limits, exhausted = self._limits(request, kind)
        if exhausted:
            return Answer.of_json({"error": "Too Many Requests"}, 429, limits)
        answer = self._answer(request)
        answer.headers |= limits
        return answer

    def _answer(self, request: Request) -> Answer:
        if request.path == "/api/models" and request.method == "GET":
            with self.world.lock:
                return self._listing(request)
        model = _MODEL.fullmatch(request.path)
        if model and request.method == "GET":
            with self.world.lock:
                return self._detail(model[1], request)
        answer = self.datasets.answer(request, self.url)
        return answer or Answer.of_json({"error": "Sorry, we can't find the page"}, 404)

    def _limits(self, request: Request, kind: str) -> tuple[dict[str, str], bool]:
        """Headers, and whether this request is one too many."""
        token = request.headers.get("authorization", "")
        quota = self.quota * (TOKEN_QUOTA // ANONYMOUS_QUOTA) if token else self.quota
        if kind == "resolvers":
            quota = max(quota, RESOLVERS_QUOTA)
        with self.lock:
            now = self._clock() if self._clock else self._passed
            window = int(now // WINDOW_SECONDS)
            began, used = self._windows.get((token, kind), (window, 0))
            used = 0 if began != window else used
            exhausted = used >= quota
            used += not exhausted
            self._windows[token, kind] = (window, used)
        rest = math.ceil((window + 1) * WINDOW_SECONDS - now)
        return {
            "RateLimit": f'"{kind}";r={quota - used};t={rest}',
            "RateLimit-Policy": f'"fixed window";"{kind}";q={quota};w={WINDOW_SECONDS}',
        }, exhausted

    def _listing(self, request: Request) -> Answer:
        fields = request.query.get("expand", [])
        refusal = refused(fields, LIST_FIELDS)
        if refusal:
            return refusal
        sort = request.first("sort", "trendingScore")
        limit = request.first("limit", str(self.largest_page))
        if sort not in SORTS:
            return bad_request(f"Invalid sort parameter: {sort}")
        if not limit.isdecimal() or not int(limit):
            return bad_request("Invalid limit parameter")
        found = sorted(self._matching(request), key=lambda told: order(told, sort), reverse=True)
        cursor = request.first("cursor")
        if cursor:
            after = read_cursor(cursor)
            if after is None:
                return bad_request("Invalid cursor")
            found = [told for told in found if order(told, sort) < after]
        size = min(int(limit), self.largest_page)
        page = found[:size]
        headers = {}
        if len(found) > size:
            query = {name: values for name, values in request.query.items() if name != "cursor"}
            query["cursor"] = [write_cursor(order(page[-1], sort))]
            headers["Link"] = f'<{self.url}/api/models?{urlencode(query, doseq=True)}>; rel="next"'
        return Answer.of_json(
            [self._told(told, fields, PLAIN_LIST) for told in page], headers=headers
        )

    def _matching(self, request: Request) -> list[Record]:
        """Models that fit all of the question."""
        world = self.world
        tags = list(request.query.get("filter", []))
        author, search = request.first("author"), request.first("search").casefold()
        base = next((tag for tag in tags if tag.lower().startswith("base_model:")), "")
        if base:
            tags.remove(base)
            relation, parent = relation_and_parent(base)
            found = world.declaring(parent)
            if relation:
                found = [told for told in found if relation_of(told) == relation]
        else:
            found = world.of_author(author) if author else world.everything()
        for tag in tags:
            wanted = tag.casefold()
            found = [told for told in found if wanted in {own.casefold() for own in told["tags"]}]
        if author:
            found = [told for told in found if told["author"].casefold() == author.casefold()]
        if search:
            found = [told for told in found if search in told["id"].casefold()]
        return found

    def _detail(self, model_id: str, request: Request) -> Answer:
        fields = request.query.get("expand", [])
        refusal = refused(fields, DETAIL_FIELDS)
        if refusal:
            return refusal
        new_name = self.world.now_called(model_id)
        if new_name:
            query = f"?{urlencode(request.query, doseq=True)}" if request.query else ""
            place = f"/api/models/{new_name}{query}"
            text = f"Temporary Redirect. Redirecting to {place}"
            return Answer.of_text(text, 307, headers={"Location": place})
        told = self.world.find(model_id)
        if told is None:
            message = "Repository not found"
            return Answer.of_json(
                {"error": message},
                404,
                {"X-Error-Code": "RepoNotFound", "X-Error-Message": message},
            )
        return Answer.of_json(self._told(told, fields, PLAIN_DETAIL))

    def _told(self, told: Record, fields: list[str], plain: tuple[str, ...]) -> dict[str, Any]:
        """One model with the fields asked for; those that it does not have are left out."""
        row: dict[str, Any] = {"_id": told["_id"], "id": told["id"]}
        if not fields:
            row["modelId"] = told["id"]
        for name in fields or plain:
            if name in told:
                row[name] = told[name]
            elif name == "baseModels":
                row[name] = self._base_models(told)
            elif name == "childrenModelCount":
                row[name] = self._children_count(told["id"])
            elif name == "usedStorage":
                row[name] = told.get("safetensors", {}).get("total", 0) * 2
            elif name == "siblings":
                row[name] = [{"rfilename": ".gitattributes"}, {"rfilename": "README.md"}]
        return row

    def _base_models(self, told: Record) -> dict[str, Any] | None:
        parents = declared(told)
        if not parents:
            return None
        known = [(parent, self.world.find(parent)) for parent in parents]
        models = [{"_id": base["_id"], "id": base["id"]} for _, base in known if base is not None]
        return {"relation": relation_of(told), "models": models}

    def _children_count(self, model_id: str) -> dict[str, int]:
        relations = [relation_of(told) for told in self.world.children(model_id)]
        return {name: relations.count(name) for name in RELATIONS if name in relations}
