"""What one visitor may see and do of another's: nothing, though every endpoint is asked by hand.

A real server, served as to strangers; the requests are such as no page sends.
"""

from __future__ import annotations

import contextlib
import getpass
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ui.raw_http import RawVisitor, RefusedError
from tests.ui.serve import serve

ROOT = Path(__file__).parents[2]
TOKEN = "hf_thisIsASecretOfTheServer"
SECRET = "a-file-name-of-my-own.csv"
PAIRS = "en,ko\n" + "".join(f"a secret of mine {i},비밀 {i}\n" for i in range(24))
STRANGE = ["made up", None, 7, ["a"], {"a": 1}, True, ""]
FORM = {"model": "tiny-bert", "rank": 2, "epochs": 1, "batch": 8, "control": "none"}
ADDRESS = re.compile(r'"(?:url|path)": ?"([^"]*-(?:lora|run)\.zip|[^"]*report\.html)"')


@dataclass(frozen=True)
class Lab:
    """A served page: where it is, where its runs are, and one visitor with a finished run."""

    address: str
    runs: Path
    owner: RawVisitor


def fill(visitor: RawVisitor, **values: Any) -> list[Any]:
    """The form's values as a page would send them, some of them changed."""
    row = next(row for row in visitor.config["dependencies"] if row["api_name"] == "on_choose")
    parts = {part["id"]: part["props"] for part in visitor.config["components"]}
    chosen = {**FORM, **values}
    fields = [parts[key] for key in row["inputs"][3:]]
    return [chosen.get(part.get("elem_id"), part.get("value")) for part in fields]


def choose(visitor: RawVisitor, **values: Any) -> dict[str, Any]:
    return visitor.last("on_choose", visitor.id, None, None, *fill(visitor, **values))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home = tmp_path_factory.mktemp("lab")
    limits = {"LAB_PUBLIC": "1", "LAB_FILE_MB": "1", "HF_TOKEN": TOKEN}
    with serve(home / "runs", **limits) as address:
        owner = RawVisitor(address)
        (path,) = owner.upload(SECRET, PAIRS.encode())
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        owner.last("on_upload", owner.id, None, None, file, *fill(owner))
        owner.last("on_start", owner.id, *fill(owner, pairs=SECRET, layers=["query"]))
        owner.last("on_watch", owner.id)
        owner.last("on_show_3", owner.id)
        yield Lab(address, home / "runs", owner)


@pytest.fixture(scope="module")
def stranger(lab: Lab) -> RawVisitor:
    return RawVisitor(lab.address)


def heard(visitor: RawVisitor) -> str:
    return "".join(visitor.heard)


def test_the_owner_has_a_run(lab: Lab) -> None:
    assert SECRET in heard(lab.owner)
    assert len(ADDRESS.findall(heard(lab.owner))) >= 3


@pytest.mark.parametrize("made_up", STRANGE, ids=repr)
def test_a_made_up_id_becomes_a_new_visitor(lab: Lab, stranger: RawVisitor, made_up: Any) -> None:
    answer = stranger.last("on_open", made_up)["visitor"]
    assert re.fullmatch("[0-9a-f]{32}", answer)
    assert answer not in (lab.owner.id, stranger.id, made_up)


@pytest.mark.parametrize("asker", [*STRANGE, "stranger"], ids=repr)
def test_nobody_else_is_shown_anything_of_a_run(lab: Lab, stranger: RawVisitor, asker: Any) -> None:
    asker = stranger.id if asker == "stranger" else asker
    for handler in ("on_show", "on_show_1", "on_measure", "on_stop", "on_watch", "on_show_3",
                    "look", "on_seen"):  # fmt: skip
        assert stranger.last(handler, asker) is not None
    for handler, sent in (
        ("export", {"strength": 0.5}),
        ("pick", {"numbers": [1, 2]}),
        ("point", {"index": 0}),
    ):
        stranger.last(handler, asker, event_data=sent)
    stranger.last("layout", asker, 5, 0.1, "cosine")
    stranger.last("use", asker, None, event_data={"number": 1})
    said = heard(stranger)
    assert SECRET not in said
    assert "a secret of mine" not in said
    assert not ADDRESS.findall(said)


@pytest.mark.parametrize("sent", [None, [], "x", 1, {}, {"numbers": {}}, {"numbers": [[1], "1"]}])
def test_an_event_may_carry_anything(lab: Lab, sent: Any) -> None:
    owner = lab.owner
    for handler, given in (("pick", ()), ("point", ()), ("use", (None,)), ("export", ())):
        assert owner.last(handler, owner.id, *given, event_data=sent) is not None


@pytest.mark.parametrize("index", [-1, 10**9, 1.5, "0", True, None, [0]])
def test_an_item_out_of_range_is_none(lab: Lab, index: Any) -> None:
    answer = lab.owner.last("point", lab.owner.id, event_data={"index": index})
    assert "a secret of mine" not in str(answer)


def status_of(answer: dict[str, Any]) -> str:
    return str(answer["status"])


def test_a_path_as_a_model_is_refused_alike_whether_or_not_it_is_there(
    lab: Lab, stranger: RawVisitor
) -> None:
    (run,) = [path for path in lab.runs.iterdir() if not path.name.startswith(".")]
    there = [
        "/etc",
        str(ROOT),
        str(run),
        "../" + ROOT.name,
        "~",
        "lab/ui",
        "assets/models/../models",
    ]
    missing = ["/no/such/place", "../no-such-place", "/etc/\0", "x" * 5000]
    said = {status_of(choose(stranger, model=model)) for model in (*there, *missing)}
    assert len(said) == 1
    assert "folders of the server are not open" in said.pop()


@pytest.mark.parametrize("field", ["pairs", "control"])
@pytest.mark.parametrize("path", ["/etc/passwd", SECRET, "assets/pairs/captions-en-ko.csv"])
def test_pairs_are_never_a_path_nor_another_visitor_s(
    stranger: RawVisitor, field: str, path: str
) -> None:
    known = {"pairs": "captions-en-ko", "layers": ["query"]}
    values = fill(stranger, **{**known, field: path})
    assert "no upload" in status_of(stranger.last("on_start", stranger.id, *values))
    chosen = choose(stranger, **{field: path})
    assert field == "control" or "no upload" in status_of(chosen)
    assert not re.search("root:x:|a secret of mine", heard(stranger))


@pytest.mark.parametrize(
    "values",
    [
        {"model": ["tiny-bert"]},
        {"model": {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}},
        {"rank": "8"},
        {"rank": 10**400},
        {"epochs": float("nan")},
        {"layers": "query"},
        {"layers": [{"a": 1}]},
        {"first": 10**9},
        {"seed": -1},
    ],
    ids=repr,
)
def test_a_form_may_hold_anything(stranger: RawVisitor, values: dict[str, Any]) -> None:
    """Refused, or answered with a sentence; the next one is served as if nothing had been."""
    for handler, kept in (("on_choose", 2), ("on_count", 1), ("on_rank", 1)):
        with contextlib.suppress(RefusedError):
            stranger.last(handler, stranger.id, *[None] * kept, *fill(stranger, **values))
    assert not re.search("Traceback|root:x:", heard(stranger))
    assert choose(stranger)["start"]


@pytest.mark.parametrize("field", ["layers", "parents", "towers"])
def test_layers_are_ticked_never_described(stranger: RawVisitor, field: str) -> None:
    """A regular expression among the ticks is no tick."""
    choose(stranger)
    slow = "(.+)+$"
    values = fill(stranger, **{"layers": ["query", slow], field: ["query", slow]})
    counted = stranger.last("on_count", stranger.id, None, *values)
    assert counted["totals"]
    assert slow not in str(counted)


def test_no_run_starts_for_a_page_that_the_lab_does_not_know(stranger: RawVisitor) -> None:
    answer = stranger.last("on_start", "made up", *fill(stranger))
    assert "reload it" in status_of(answer)


def test_only_what_was_uploaded_is_read(lab: Lab, stranger: RawVisitor) -> None:
    inside = [str(path) for path in lab.runs.rglob("*") if path.is_file()]
    assert any(".uploads" in path for path in inside)
    for path in ["/etc/passwd", str(ROOT / "app.py"), "app.py", *inside]:
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        with pytest.raises(RefusedError):
            stranger.last("on_upload", stranger.id, None, None, file, *fill(stranger))


def test_files_of_the_server_are_not_served(lab: Lab, stranger: RawVisitor) -> None:
    inside = [str(path) for path in lab.runs.rglob("*")]
    for path in ["/etc/passwd", str(ROOT / "app.py"), "app.py", "lab/ui/serving/login.py", *inside]:
        for route in ("gradio_api/file=", "file=", "gradio_api/file/", "gradio_api/proxy="):
            status, _ = stranger.get(route + path.replace(" ", "%20"))
            assert status in (400, 403, 404, 405), route + path
    for address in ("https://example.com/", "http://127.0.0.1/", "https:/example.com", "ftp://a/"):
        assert stranger.get("gradio_api/file=" + address)[0] == 403


def test_a_download_has_an_address_that_nobody_guesses(lab: Lab) -> None:
    """Whoever has the address has the file: that is what is promised, and no more."""
    for path in set(ADDRESS.findall(heard(lab.owner))):
        assert re.search("/[0-9a-f]{64}/", path)


def test_uploads_without_room_are_turned_away(stranger: RawVisitor) -> None:
    assert stranger.upload("large.csv", b"x" * (3 << 20)) == 413


def test_nothing_that_a_visitor_hears_or_takes_home_tells_of_the_server(
    lab: Lab, stranger: RawVisitor
) -> None:
    traces = [TOKEN, str(lab.runs), str(lab.runs.parent), str(ROOT), str(Path.home()) + "/"]
    said = heard(lab.owner) + heard(stranger)
    kept = [path for path in lab.runs.rglob("*") if path.is_file() and ".uploads" not in path.parts]
    texts = {str(path): path.read_bytes() for path in kept}
    for path in kept:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                texts |= {f"{path}!{name}": packed.read(name) for name in packed.namelist()}
                assert not [name for name in packed.namelist() if name.startswith(("/", ".."))]
    assert any(name.endswith("adapter_config.json") for name in texts)
    for trace in traces:
        # What the strangers' requests asked for themselves is told back in the refusals.
        assert trace not in heard(lab.owner), trace
        assert not [name for name, data in texts.items() if trace.encode() in data], trace
    assert TOKEN not in said
    assert not [n for n, data in texts.items() if tempfile.gettempdir().encode() + b"/" in data]
    user = getpass.getuser()
    assert not [n for n, data in texts.items() if f'"{user}"'.encode() in data]
