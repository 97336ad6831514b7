"""The breaker by its own clock."""

import asyncio
import contextlib

import pytest

from gateway.breaker import Breaker, Failed, Resting, State


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def fails(breaker: Breaker) -> None:
    with pytest.raises(Failed), breaker.calling():
        raise Failed


def state(breaker: Breaker) -> State:
    return breaker.state


def test_it_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(failures=3, clock=Clock())
    fails(breaker)
    fails(breaker)
    with breaker.calling():
        pass
    fails(breaker)
    fails(breaker)
    assert state(breaker) is State.CLOSED
    fails(breaker)
    assert state(breaker) is State.OPEN
    with pytest.raises(Resting), breaker.calling():
        pytest.fail("went through")


def test_a_refusal_is_an_answer() -> None:
    breaker = Breaker(failures=2)
    fails(breaker)
    with pytest.raises(ValueError, match="declined"), breaker.calling():
        raise ValueError("declined")
    fails(breaker)
    assert state(breaker) is State.CLOSED


def test_after_its_rest_one_call_tries_and_decides() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, rest=2, clock=clock)
    fails(breaker)
    clock.now = 2
    assert state(breaker) is State.HALF_OPEN
    with breaker.calling(), pytest.raises(Resting), breaker.calling():
        pytest.fail("a second one went through")
    assert state(breaker) is State.CLOSED

    fails(breaker)
    clock.now = 4
    fails(breaker)
    assert state(breaker) is State.OPEN


def test_a_trial_that_is_cancelled_leaves_room_for_the_next() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, rest=2, clock=clock)
    fails(breaker)
    clock.now = 2
    with pytest.raises(asyncio.CancelledError), breaker.calling():
        raise asyncio.CancelledError
    assert state(breaker) is State.HALF_OPEN
    with breaker.calling():
        pass
    assert state(breaker) is State.CLOSED


def test_a_failure_that_does_not_count_neither_opens_nor_closes() -> None:
    clock = Clock()
    breaker = Breaker(failures=2, rest=2, clock=clock)
    unclear = Failed()
    unclear.counts = False

    def short() -> None:
        with pytest.raises(Failed), breaker.calling(fair=False):
            raise unclear

    fails(breaker)
    short()
    assert state(breaker) is State.CLOSED
    fails(breaker)
    assert state(breaker) is State.OPEN
    clock.now = 2
    short()
    assert state(breaker) is State.HALF_OPEN


def test_who_has_little_time_does_not_keep_others_from_trying() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, rest=2, clock=clock)
    fails(breaker)
    clock.now = 2
    with contextlib.suppress(asyncio.CancelledError), breaker.calling(fair=False):
        with breaker.calling():
            pass
        raise asyncio.CancelledError
    assert state(breaker) is State.CLOSED
