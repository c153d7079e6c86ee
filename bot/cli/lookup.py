"""`lookup`: shows voice logs in the terminal, without Slack."""

import asyncio
import sys
from collections.abc import Mapping

from bot.app import new_request_id, signalwire_clients
from bot.cli.streams import print_json
from bot.cli.terminal import show
from bot.runtime import logging as logs
from bot.runtime.clock import utc_now
from bot.runtime.http_client import new_client
from bot.settings import Required, Settings
from bot.ui.card_context import CardContext
from bot.ui.help import no_id
from bot.ui.lookup_result import SourceText, lookup_result
from bot.voicelogs import ids, masking
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.results import Found


async def lookup(environment: Mapping[str, str], text: str, *, as_json: bool) -> int:
    """Print the reply to `/voicelog text`.

    Return 0 if every log was found, 1 if one wasn't, 2 if the text has no ID.
    """
    settings = Settings.from_environment(environment, Required.SIGNALWIRE)
    logs.configure("console", "error", sys.stderr)  # stdout has the message only
    found = ids.in_text(text)
    if not found.complete:
        show(no_id(found.truncated).blocks, sys.stderr, environment)
        return 2
    async with new_client() as http:
        voice_logs = Lookup(signalwire_clients(settings, http))
        log_ids, rest = voice_logs.select(found.complete)
        results = await asyncio.gather(*(voice_logs.get(log_id) for log_id in log_ids))
    # A terminal counts as private, like an ephemeral message.
    masked = settings.mask_numbers.applies(public=False)
    message = lookup_result(
        [masking.mask_result(result) if masked else result for result in results],
        CardContext(
            new_request_id(), utc_now(), voice_logs.has_several_projects, has_buttons=False
        ),
        SourceText(ids=found, rest=rest),
    )
    if as_json:
        print_json({"text": message.text, "blocks": message.blocks})
    else:
        show(message.blocks, sys.stdout, environment)
    return 0 if all(isinstance(result, Found) for result in results) else 1
