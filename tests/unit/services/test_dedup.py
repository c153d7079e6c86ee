from bot.services.dedup import LIFETIME_SECONDS, MAX_KEYS, Deduplicator
from bot.slack.views import ViewRef


def test_a_key_is_claimed_once_until_it_is_released() -> None:
    dedup = Deduplicator()

    assert [dedup.claim(("click", 1)) for _ in range(3)] == [True, False, False]
    assert dedup.claim(("click", 2))
    dedup.release(("click", 1))
    dedup.release("never claimed")
    assert dedup.claim(("click", 1))


def test_a_key_is_remembered_as_long_as_a_response_url_is_valid() -> None:
    seconds = [0.0]
    dedup = Deduplicator(lambda: seconds[0])
    dedup.claim("click")
    seconds[0] = LIFETIME_SECONDS - 1
    early = dedup.claim("click")
    seconds[0] = LIFETIME_SECONDS + 1

    assert not early
    assert dedup.claim("click")


def test_the_number_of_keys_is_bounded() -> None:
    dedup = Deduplicator()
    for number in range(MAX_KEYS + 1):
        dedup.claim(number)

    assert not dedup.claim(MAX_KEYS)
    assert dedup.claim(0)


def test_a_click_in_a_modal_is_remembered() -> None:
    dedup = Deduplicator()
    dedup.mark_clicked(ViewRef("V1", "hash"))

    assert dedup.was_clicked(ViewRef("V1"))
    assert not dedup.was_clicked(ViewRef("V2"))
