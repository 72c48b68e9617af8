"""Answers that leave most of the page alone: gradio's own, and at their own price."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any

import gradio as gr
import pytest
from gradio.state_holder import SessionState

from lab.ui.serving.sparse_blocks import SparseBlocks

Parts = dict[str, gr.blocks.Block]


def in_a_loop(test: Callable[..., Coroutine]) -> Callable[..., None]:
    """Runs a test in an event loop: outside one, gradio's Blocks makes one that nobody closes.

    In a thread of its own: a browser driven from this one keeps its event loop running.
    """

    @wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, test(*arguments, **named)).result()

    return run


class Costly(gr.Textbox):
    """Counts how often it is made."""

    made = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        type(self).made += 1


def lay_out(kind: type[gr.Blocks]) -> tuple[gr.Blocks, Parts]:
    with kind() as page:
        parts: Parts = {
            "text": gr.Textbox(),
            "choice": gr.Dropdown(["a", "b"], value="a"),
            "button": gr.Button("go"),
            "state": gr.State(0),
            "costly": Costly(),
            "picture": gr.HTML(),
        }
        parts["button"].click(lambda: None, None, list(parts.values()))
    return page, parts


ANSWERS: dict[str, Any] = {
    "nothing": lambda parts: gr.update(),
    "one value": lambda parts: {parts["text"]: "said"},
    "a None": lambda parts: {parts["text"]: None},
    "updates": lambda parts: {
        parts["choice"]: gr.update(choices=["c", "d"], value="d"),
        parts["button"]: gr.update(interactive=False),
    },
    "a state": lambda parts: {parts["state"]: 7, parts["picture"]: "<p>drawn</p>"},
    "out of order": lambda parts: {parts["picture"]: "last", parts["text"]: "first"},
    "a list": lambda parts: ["said", gr.update(), gr.update(visible=False), 3, gr.update(), "x"],
    "all": lambda parts: ["a", "b", "c", 4, "e", "f"],
}


async def tell(page: gr.Blocks, state: SessionState, answer: Any) -> list[Any]:
    (block_fn,) = page.fns.values()
    return await page.postprocess_data(block_fn, answer, state)


async def answer(kind: type[gr.Blocks], make: Any) -> tuple[list[Any], Any]:
    page, parts = lay_out(kind)
    state = SessionState(page)
    told = await tell(page, state, make(parts))
    for value in told:  # gradio adds to what leaves an HTML alone that its props are left alone
        if isinstance(value, dict) and value.get("props") == gr.update():
            del value["props"]
    return told, state[parts["state"]._id]


@pytest.mark.parametrize("make", ANSWERS.values(), ids=ANSWERS)
@in_a_loop
async def test_the_page_is_told_what_gradio_would_tell_it(make: Any) -> None:
    assert await answer(SparseBlocks, make) == await answer(gr.Blocks, make)


@in_a_loop
async def test_what_is_left_alone_is_not_made_anew() -> None:
    page, parts = lay_out(SparseBlocks)
    before = Costly.made
    await tell(page, SessionState(page), {parts["text"]: "said"})
    assert Costly.made == before


@in_a_loop
async def test_an_update_of_before_still_holds_in_the_next() -> None:
    """A part that was given other choices is asked about those, in its session alone."""
    page, parts = lay_out(SparseBlocks)
    state, other = SessionState(page), SessionState(page)
    wider = {parts["choice"]: gr.update(choices=["c", "d"])}
    await tell(page, state, wider)
    choice = parts["choice"]._id
    assert state[choice].choices == [("c", "c"), ("d", "d")]
    assert other[choice].choices == [("a", "a"), ("b", "b")]


@in_a_loop
async def test_a_session_keeps_no_answer() -> None:
    page, parts = lay_out(SparseBlocks)
    state = SessionState(page)
    await tell(page, state, {parts["picture"]: "large"})
    assert not state.config_values
    assert list(state.components) == []
