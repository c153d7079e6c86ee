"""When the result of a form is shown in its modal, on a fake clock."""

import asyncio
from dataclasses import replace
from typing import Final

import pytest

from bot.services.form_replies import FormReplies, FormTiming
from bot.slack.views import ViewRef
from bot.ui import block_kit, share_form
from bot.ui.block_kit import View
from tests.support.fake_time_loop import run
from tests.support.services import CLICK, RecordingViews, ServiceHarness

FORM: Final = replace(CLICK, response_url=None, message_ts=None, view=ViewRef("V1"))
RESULT: Final = block_kit.message_modal(share_form.TITLE, share_form.shared("C0SUPPORT"))


class TimedViews(RecordingViews):
    """Records when the modal was updated."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    async def update(self, modal: ViewRef, view: View) -> ViewRef:
        self.times.append(round(asyncio.get_running_loop().time(), 3))
        return await super().update(modal, view)


@pytest.mark.parametrize(
    ("work_seconds", "shown_at"), [(0.0, [0.3, 3.3]), (0.2, [0.3, 3.3]), (2.0, [2.0, 5.0])]
)
def test_result_is_shown_after_the_ack_and_again_later(
    work_seconds: float, shown_at: list[float]
) -> None:
    async def work() -> list[float]:
        harness = ServiceHarness()
        harness.views = views = TimedViews()
        forms = FormReplies(runner=harness.runner, timing=FormTiming())
        acknowledged_at = forms.acknowledged_at()
        await asyncio.sleep(work_seconds)
        await forms.show(harness.responder(FORM), RESULT, acknowledged_at)
        return views.times

    assert run(work) == shown_at
