"""Text from outside, as hostile as it can be, and what may be left of it in mrkdwn."""

import re
from typing import Final

from hypothesis import strategies as st

MARK: Final = "\u0416"
"""In every text from outside, and in no text of the bot."""
HOSTILE: Final = (
    *("<!channel>", "<!here|x>", "<@U0001>", "<#C0001>", "<https://evil.example|SignalWire>"),
    *("<!date^0^{date}|never>", "`", "```", "*b*", "_i_", "~s~", "&", "&amp;", "<", ">", "@here"),
    *("\n", "\r\n> ", "\u2028", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2060", "\U000e0041"),
    *(":fire:", "\x00", "\x1b[31m", "\u0301", "\U0001f4de", "\u05d0", "A", " ", '"', "\\"),
    *("%s", "{}"),
)
OWN_DATE: Final = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} at \{time_secs\}\|"
    r"\d{1,4}-\d\d-\d\d \d\d:\d\d:\d\d UTC>"
)
CODE: Final = re.compile("`[^`<>\n]+`")
BOLD: Final = re.compile(r"\*[^*\n]+\*")
HIDDEN: Final = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Categories of characters that aren't shown."""

_PIECES: Final = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)


def outside(longest: int) -> st.SearchStrategy[str]:
    """Draw a text with MARK. It has no capital N, so it can't contain `None`."""
    bodies = st.one_of(
        st.lists(_PIECES, max_size=12).map("".join),
        st.tuples(_PIECES, st.integers(1, longest)).map(lambda pair: pair[0] * pair[1]),
    )
    return bodies.map(lambda body: MARK + body.replace("N", "n")[: longest - 1])
