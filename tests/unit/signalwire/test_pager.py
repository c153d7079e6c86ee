import json
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import JsonValue

from bot.signalwire.errors import InvalidResponseError, RateLimitedError, SignalWireError
from bot.signalwire.pager import VoiceLogPager
from tests.support.signalwire import ScriptedApi, client_over, new_project

LIST = "https://acme.signalwire.com/api/voice/logs"
MAX_PAGES = 20


def page(*ids: str, next_: JsonValue = None) -> httpx.Response:
    links = {"self": "/x", "first": "/x"} | ({} if next_ is None else {"next": next_})
    rows = [{"id": id_} for id_ in ids]
    # Not `json=`, so that a link may have a lone surrogate.
    return httpx.Response(200, content=json.dumps({"links": links, "data": rows}))


def json_response(body: JsonValue) -> httpx.Response:
    return httpx.Response(200, json=body)


def urls(api: ScriptedApi) -> list[str]:
    return [str(request.url) for request in api.requests]


def pager_over(
    api: ScriptedApi,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    space: str = "acme",
) -> VoiceLogPager:
    return VoiceLogPager(
        client_over(httpx.MockTransport(api), new_project(space=space)), since=since, before=before
    )


async def read_all(pager: VoiceLogPager, into: list[list[str]] | None = None) -> list[list[str]]:
    pages = [] if into is None else into
    while not pager.exhausted:
        pages.append([log.id for log in await pager.next_page()])
        assert len(pages) < MAX_PAGES, "the list never ends"
    return pages


async def read_until_error(api: ScriptedApi) -> tuple[list[list[str]], SignalWireError]:
    pager, pages = pager_over(api), list[list[str]]()
    with pytest.raises(SignalWireError) as caught:
        await read_all(pager, pages)
    return pages, caught.value


async def test_one_page_takes_one_request() -> None:
    api = ScriptedApi(page("a", "b"))
    assert await read_all(pager_over(api)) == [["a", "b"]]
    assert urls(api) == [f"{LIST}?page_size=200"]
    assert api.requests[0].headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "link",
    [
        f"{LIST}?page_number=1&page_token=PA1",
        "/api/voice/logs?page_number=1&page_token=PA1",
        "?page_number=1&page_token=PA1",
        "//acme.signalwire.com/api/voice/logs?page_number=1&page_token=PA1",
        "https://ACME.SignalWire.com:443/api/voice/logs/?page_number=1&page_token=PA1",
    ],
)
async def test_a_link_is_followed_whether_absolute_or_relative(link: str) -> None:
    api = ScriptedApi(page("a", next_=link), page("b"))
    assert await read_all(pager_over(api)) == [["a"], ["b"]]
    assert urls(api)[1] == f"{LIST}?page_number=1&page_token=PA1"


async def test_a_links_query_is_sent_unchanged() -> None:
    query = "page_token=PA%2Bx%3D&q=a+b%20c&created_after=2026-11-20T00:00:00Z"
    api = ScriptedApi(page("a", next_=f"/api/voice/logs?{query}"), page("b"))
    await read_all(pager_over(api))
    assert api.requests[1].url.query.decode() == query


@pytest.mark.parametrize(
    "before_query",
    [
        *("", "/", "/api/relay/rest/phone_numbers", "javascript:alert(1)", "file:///etc/passwd"),
        *("//evil.example/api/voice/logs", "https://evil.example/api/voice/logs"),
        "https://me:secret@acme.signalwire.com@evil.example/api",
        "https://acme.signalwire.com\\@evil.example/api/voice/logs",
        "http://acme.signalwire.com/api/voice/logs",
        "https://acme.signalwire.com:8443/api/voice/logs",
        *("https://[::1", "https://acme.signalwire.com:x/", "/a\nb\0 \ud800"),
        "/api/voice/logs/../../relay/rest/phone_numbers",
    ],
)
async def test_only_the_query_of_a_link_is_used(before_query: str) -> None:
    link = f"{before_query}?page_number=1&page_token=PA1#top?page_number=9"
    api = ScriptedApi(page("a", next_=link), page("b"))
    assert await read_all(pager_over(api)) == [["a"], ["b"]]
    assert urls(api)[1] == f"{LIST}?page_number=1&page_token=PA1"


async def test_a_link_to_another_loopback_port_is_requested_from_the_space() -> None:
    api = ScriptedApi(
        page("a", next_="http://127.0.0.1:4011/api/voice/logs?page_number=1"), page("b")
    )
    assert await read_all(pager_over(api, space="http://127.0.0.1:4010")) == [["a"], ["b"]]
    assert urls(api)[1] == "http://127.0.0.1:4010/api/voice/logs?page_number=1"


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("q=a b", b"q=a%20b"),
        ("q=\r\nHost: evil.example", b"q=%0D%0AHost:%20evil.example"),
        ("q=é\0", b"q=%C3%A9%00"),
        ("q=%2B%zz", b"q=%2B%zz"),
        ('q="<[\\]>"?a/b', b"q=%22%3C%5B%5C%5D%3E%22?a/b"),
    ],
)
async def test_characters_not_allowed_in_a_query_are_encoded(query: str, sent: bytes) -> None:
    api = ScriptedApi(page("a", next_=f"?{query}"), page("b"))
    assert await read_all(pager_over(api)) == [["a"], ["b"]]
    assert api.requests[1].url.query == sent


@pytest.mark.parametrize(
    "link",
    [
        *(
            "/api/voice/logs",
            "https://evil.example/",
            "https://acme.signalwire.com/api/voice/logs?",
        ),
        *("#?page_number=1", "data:text/plain,x", "?\ud800"),
        pytest.param("?page_token=" + "x" * 8000, id="8,012 bytes"),
        pytest.param("?page_token=" + "x" * 100_000, id="100,012 bytes"),
    ],
)
async def test_a_link_without_a_valid_query_is_an_error(link: str) -> None:
    pages, error = await read_until_error(ScriptedApi(page("a", next_=link), page("never")))
    assert pages == [["a"]]
    assert isinstance(error, InvalidResponseError)
    assert error.cause == "a paging link that can't be read"


@pytest.mark.parametrize("link", [5, True, {}, ["?page_number=1"]])
async def test_a_link_that_is_not_text_is_not_the_last_page(link: JsonValue) -> None:
    _, error = await read_until_error(ScriptedApi(page("a", next_=link)))
    assert isinstance(error, InvalidResponseError)


@pytest.mark.parametrize("links", [None, {}, {"next": None}, {"next": ""}])
async def test_a_page_without_a_link_is_the_last(links: JsonValue) -> None:
    assert await read_all(
        pager_over(ScriptedApi(json_response({"links": links, "data": [{"id": "a"}]})))
    ) == [["a"]]


async def test_an_empty_page_may_have_a_link() -> None:
    api = ScriptedApi(page(next_="?page_number=1"), page(next_="?page_number=2"), page("a"))
    assert await read_all(pager_over(api)) == [[], [], ["a"]]


async def test_a_row_that_is_not_a_log_is_skipped() -> None:
    rows: list[JsonValue] = [None, 5, "x", [], {}, {"id": ""}, {"id": None}, {"id": "a"}]
    assert await read_all(pager_over(ScriptedApi(json_response({"links": {}, "data": rows})))) == [
        ["a"]
    ]


@pytest.mark.parametrize("body", [[], {}, {"links": {}}, {"data": {}}, {"data": None}, 5, None])
async def test_a_response_that_is_not_a_page_is_invalid(body: JsonValue) -> None:
    _, error = await read_until_error(ScriptedApi(json_response(body)))
    assert isinstance(error, InvalidResponseError)


async def test_after_a_failure_the_same_page_can_be_requested_again() -> None:
    refusal = httpx.Response(429, headers={"retry-after": "60"})
    api = ScriptedApi(page("a", next_="?page_number=1"), refusal, page("b"))
    pager = pager_over(api)
    await pager.next_page()
    with pytest.raises(RateLimitedError):
        await pager.next_page()
    assert await read_all(pager) == [["b"]]


@pytest.mark.parametrize("links", [["?page_size=200"], ["?page=1", "?page=2", "?page=1"]])
async def test_a_link_that_was_followed_before_is_an_error(links: list[str]) -> None:
    api = ScriptedApi(*(page(link, next_=link) for link in links))
    pages, error = await read_until_error(api)
    assert pages == [[link] for link in links]
    assert isinstance(error, InvalidResponseError)
    assert error.cause == "a paging link that was followed before"


@pytest.mark.parametrize(
    ("bound", "created_after", "created_before"),
    [
        (bound, "2026-11-20T13:59:59Z", "2026-11-20T14:00:02Z")
        for bound in (
            datetime(2026, 11, 20, 14, 0, 0, 250_000, UTC),
            datetime.fromisoformat("2026-11-20T16:00:00+02:00"),
        )
    ]
    + [(datetime.max.replace(tzinfo=UTC), "9999-12-31T23:59:58Z", "9999-01-01T00:00:02Z")],
)
async def test_the_bounds_are_sent_in_utc_and_rounded_outward_to_seconds(
    bound: datetime, created_after: str, created_before: str
) -> None:
    api = ScriptedApi(page())
    await read_all(pager_over(api, since=bound, before=bound))
    assert dict(api.requests[0].url.params) == {
        "page_size": "200",
        "created_after": created_after,
        "created_before": created_before,
    }
