import re
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.dev.playground.web.render.inline import close_bidi
from bot.dev.playground.web.render.mrkdwn import as_plain, html
from tests.dev.parsed_html import ParsedHtml

QUICK = settings(max_examples=150)
NAMES = {"U1": "ana", "C1": "general", "S1": "ops", "U2": "<b>&amp;"}
MAX_LENGTH = 20_000
WITHOUT_ATTRIBUTES = ("bdi", "br", "strong", "em", "s", "code", "blockquote")
ALLOWED = {
    **{tag: set[str]() for tag in WITHOUT_ATTRIBUTES},
    "pre": {"tabindex", "role", "aria-label"},
    "span": {"class"},
    "a": {"href", "rel", "target"},
    "time": {"class", "datetime", "data-format", "title"},
}
HOSTILE = (
    *("<!channel>", "<!here|x>", "<@U1>", "<@U2>", "<@U9|bob>", "<#C1|x>", "<!subteam^S1>"),
    *("<https://a.example/?a=1&amp;b|x>", "<javascript:alert(1)|x>", "<data:text/html,x>"),
    *('<https://a.example/"onclick=x>', "<mailto:a@acme.example>", "https://b.example/_x_", "<"),
    *("<!date^1700000000^{date}|then>", "<!date^1^{date}^javascript:x|a>", "<!foo|bar>", ">", "|"),
    *("*", "_", "~", "`", "```", "> ", "&gt;", "&lt;script&gt;", "&amp;lt;", "&", "\n", "\r\n"),
    *("<img src=x onerror=alert(1)>", "<script>", "</bdi>", "<!--", "]]>", '"', "'", " ", "a", "b"),
    *("\u2028", "\x85", "\u202e", "\u2066", "\u2067", "\u2069", "\u202c", "\ufffc", "\x00"),
    *("\ud800", "\u05d0", "\U0001f4de", "://", "^", "<!date^99999999999999^{date}|far>"),
)
MARKUP = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=5)), max_size=25).map(
    "".join
)
DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def rendered(text: str, *, verbatim: bool = False) -> str:
    return str(html(text, NAMES, verbatim=verbatim))


def inline(text: str) -> str:
    """Return the HTML of a single line without the element that isolates it."""
    return rendered(text).removeprefix("<bdi>").removesuffix("</bdi>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*bold* _italic_ ~struck~", "<strong>bold</strong> <em>italic</em> <s>struck</s>"),
        ("_*both*_", "<em><strong>both</strong></em>"),
        ("(*bold*), \u201c_italic_\u201d", "(<strong>bold</strong>), \u201c<em>italic</em>\u201d"),
        ("*two words*", "<strong>two words</strong>"),
        ("*a _b* c_", "<strong>a _b</strong> c_"),
        ("`*code*`", "<code>*code*</code>"),
        ("*a `code` b*", "<strong>a <code>code</code> b</strong>"),
        ("*<https://a.example|a>*", None),
        ("&lt;*b*&gt;", "&lt;<strong>b</strong>&gt;"),
    ],
)
def test_markup_around_words_formats_them(text: str, expected: str | None) -> None:
    found = inline(text)
    if expected is None:
        assert found.startswith("<strong><a ")
        assert found.endswith("</a></strong>")
    else:
        assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        *("snake_case_name", "2*3*4", "a~b~c", "* not bold *", "*open", "close*", "**", "*a\nb*"),
        *("a`b`c", "``", "`open", "`a\nb`", "```", "``````"),
        *("*a*b", ":fire: :x:", "* *", "_ _", "**a**"),
    ],
)
def test_unpaired_markup_is_text(text: str) -> None:
    page = ParsedHtml(rendered(text))
    assert {tag for tag, *_ in page.found} <= {"bdi", "br"}
    assert page.visible == text


def test_preformatted_text_is_a_focusable_block() -> None:
    assert rendered("see\n```\n*a* &lt;b&gt;\n  c\n```\nthere") == (
        """\
<bdi>see</bdi><pre tabindex="0" role="group" aria-label="Preformatted text">
*a* &lt;b&gt;
  c</pre><bdi>there</bdi>\
"""
    )


def test_preformatted_text_may_begin_within_a_line() -> None:
    assert ParsedHtml(rendered("a ```b``` c")).visible == "a \nb c"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\nb", "<bdi>a</bdi><br><br><bdi>b</bdi>"),
        ("a\u2029\u202eb\x85c", "<bdi>a</bdi><br><bdi>\u202eb\u202c</bdi><br><bdi>c</bdi>"),
        ("*From*\n`+1`", "<bdi><strong>From</strong></bdi><br><bdi><code>+1</code></bdi>"),
    ],
)
def test_each_line_is_isolated(text: str, expected: str) -> None:
    assert rendered(text) == expected


@pytest.mark.parametrize("sign", ["> ", ">", "&gt; ", "&gt;"])
def test_consecutive_quoted_lines_are_one_quotation(sign: str) -> None:
    assert rendered(f"{sign}*a*\n{sign}b\nc") == (
        "<blockquote><bdi><strong>a</strong></bdi><br><bdi>b</bdi></blockquote><bdi>c</bdi>"
    )


def test_mentions_show_the_name_the_label_or_the_id() -> None:
    assert inline("<@U1> <#C1> <!subteam^S1> <@U9|bob> <!subteam^S9|@night> <@U9>") == (
        '<span class="mention">@ana</span> <span class="mention">#general</span> <span class="mention">@ops</span> <span class="mention">@bob</span> <span class="mention">@night</span> <span class="mention">@U9</span>'  # noqa: E501 - as it is written
    )


@pytest.mark.parametrize("text", ["<!channel>", "`<!channel>`", "```<!channel>```", "*<!channel>*"])
def test_a_broadcast_is_highlighted_anywhere(text: str) -> None:
    assert '<span class="mention broadcast">@channel</span>' in rendered(text)


@pytest.mark.parametrize("range_", ["here", "channel", "everyone"])
def test_each_broadcast_is_recognized_unless_escaped(range_: str) -> None:
    assert inline(f"<!{range_}|x>") == f'<span class="mention broadcast">@{range_}</span>'
    assert inline(f"&lt;!{range_}&gt;") == f"&lt;!{range_}&gt;"


def test_a_date_token_keeps_its_timestamp_and_format() -> None:
    token = "<!date^1763651049^{date_short_pretty} at {time_secs}|2025-11-20 15:04:09 UTC>"
    assert inline(token) == (
        '<time class="local" datetime="2025-11-20T15:04:09Z" data-format="{date_short_pretty} at {time_secs}" title="2025-11-20 15:04:09 UTC">2025-11-20 15:04:09 UTC</time>'  # noqa: E501 - as it is written
    )


def test_a_date_token_may_have_a_web_link_and_any_timestamp() -> None:
    assert ParsedHtml(rendered("<!date^1^{date}^https://a.example/|x>")).found[1][0] == "a"
    assert ParsedHtml(rendered("<!date^1^{date}^javascript:x|x>")).found[1][0] == "time"
    assert inline("<!date^99999999999999^{date}|far away>") == "far away"


def test_links_may_be_web_or_mail() -> None:
    assert inline("<https://a.example/?a=1&amp;b=2|*here*>") == (
        '<a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer" target="_blank">*here*</a>'  # noqa: E501 - as it is written
    )
    assert ParsedHtml(rendered("<mailto:a@acme.example|write>")).found[1][1]["href"] == (
        "mailto:a@acme.example"
    )


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///x", "x"),
        *("//x", " https://a.example", "https:", "java\tscript:x", "vbscript:x", "https://a b"),
    ],
)
def test_a_link_with_another_scheme_is_text(url: str) -> None:
    page = ParsedHtml(rendered(f"<{url}|press>", verbatim=True))
    assert [tag for tag, *_ in page.found] == ["bdi"]
    assert page.visible == f"<{url}|press>"


def test_bare_urls_are_links_unless_the_text_is_verbatim() -> None:
    text = "(see https://a.example/x_y_z?a&amp;b). &lt;https://b.example&gt;"
    hrefs = [attrs["href"] for tag, attrs, _ in ParsedHtml(rendered(text)).found if tag == "a"]
    assert hrefs == ["https://a.example/x_y_z?a&b", "https://b.example"]
    assert "<a" not in rendered(text, verbatim=True)
    assert "<a" not in rendered("`https://a.example`")


def test_entities_are_decoded_once_and_nothing_becomes_markup() -> None:
    assert inline("&amp;lt; &lt;b&gt; <b> &quot;") == "&amp;lt; &lt;b&gt; &lt;b&gt; &amp;quot;"
    assert (
        ParsedHtml(rendered("<img src=x onerror=alert(1)>")).visible
        == "<img src=x onerror=alert(1)>"
    )
    assert inline("<@U2>") == '<span class="mention">@&lt;b&gt;&amp;amp;</span>'


@QUICK
@given(text=MARKUP, verbatim=st.booleans())
@example(text="<https://a.example/\u2069|\u202ex>", verbatim=False)
@example(text="\ud800<@U2>\x00", verbatim=True)
def test_any_text_renders_to_allowed_html_only(*, text: str, verbatim: bool) -> None:
    made = rendered(text, verbatim=verbatim)
    made.encode()
    page = ParsedHtml(made)
    assert page.odd == []
    assert page.open == []
    for tag, attrs, _ in page.found:
        assert set(attrs) <= ALLOWED[tag]
        href = attrs.get("href", "https://")
        assert href is not None
        assert re.match("https?://|mailto:", href, re.IGNORECASE)
        assert attrs.get("class") in {None, "local", "mention", "mention broadcast"}


@QUICK
@given(text=MARKUP, verbatim=st.booleans())
def test_the_plain_text_of_any_text_is_its_visible_text(*, text: str, verbatim: bool) -> None:
    # Except formatting characters and line breaks.
    def bare(words: str) -> str:
        return re.sub(r"[*_~`>\s]", "", DIRECTION_MARKS.sub("", words))

    assert bare(ParsedHtml(rendered(text, verbatim=verbatim)).visible) == bare(
        as_plain(text, NAMES)
    )


@QUICK
@given(
    text=st.text(st.sampled_from("ab\n \u05d0\u202a\u202e\u2066\u2068\u2069\u202c"), max_size=40)
)
def test_direction_marks_end_where_their_text_ends(text: str) -> None:
    kept = close_bidi(text)
    assert DIRECTION_MARKS.sub("", kept) == DIRECTION_MARKS.sub("", text)
    for line in kept.split("\n"):
        depth = [0, 0]
        for character in line:
            depth[0] += (character in "\u2066\u2068") - (character == "\u2069")
            depth[1] += (character in "\u202a\u202e") - (character == "\u202c")
            assert depth[0] >= 0
        assert depth[0] == 0


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("a \u2067\u05d0 \u202eb\u202c\u2069 c", "a \u2067\u05d0 \u202eb\u202c\u2069 c"),
        ("a\u2069b\u202c", "ab"),
        ("\u2067a\u202eb\u2069c", "\u2067a\u202eb\u2069c"),
        ("\u202ea", "\u202ea\u202c"),
    ],
)
def test_direction_marks_are_closed_and_stray_ones_removed(text: str, closed: str) -> None:
    assert close_bidi(text) == closed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Completed &amp; billed &lt;9 s&gt;", "Completed & billed <9 s>"),
        ("<@U1> in <#C1>: <!here>, `<!channel>`", "@ana in #general: @here, `@channel`"),
        ("<https://a.example|here> <https://a.example>", "here https://a.example"),
        ("<!date^1^{date}|1970-01-01>", "1970-01-01"),
        ("*bold*\n> quoted", "*bold*\n> quoted"),
        ("&amp;lt;!channel&amp;gt;", "&lt;!channel&gt;"),
        ("<javascript:x|y>", "<javascript:x|y>"),
    ],
)
def test_plain_text_has_words_instead_of_tokens(text: str, expected: str) -> None:
    assert as_plain(text, NAMES) == expected


@pytest.mark.parametrize(
    "piece", [*HOSTILE, "*_~", "_*a ", "`a", "*a", "a*", "<@U1> ", "https://a "]
)
def test_any_text_is_parsed_in_linear_time(piece: str) -> None:
    text = (piece * MAX_LENGTH)[:MAX_LENGTH]
    began = process_time()
    rendered(text)
    as_plain(text, NAMES)
    # It takes less than half a second; in quadratic time it would take minutes.
    assert process_time() - began < 15
