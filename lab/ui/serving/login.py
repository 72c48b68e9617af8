"""Names and passwords that the page asks for, where the environment sets them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path

from lab.ui.serving.login_tries import LoginTries
from lab.visits.complaints import Complaint


class Login:
    """Whether a name and a password are among those known; takes as long for any that are not.

    Keeps salted digests alone. gradio's `auth`: a callable of both, which gradio calls on its event
    loop. So tries come one after another and none may wait in here; and it must stay a plain
    method, since gradio would take the coroutine of an async one for a yes.
    """

    def __init__(self, passwords: Mapping[str, str], tries: LoginTries | None = None) -> None:
        self._salt = secrets.token_bytes(32)
        self._known = {self._digest(name, word) for name, word in passwords.items()}
        self._tries = tries or LoginTries(passwords)

    def __call__(self, name: str, password: str) -> bool:
        """A try that comes too soon is answered as a wrong one is, and takes as long."""
        may_try, is_right = self._tries.may_try(name), self._is_known(name, password)
        if may_try:
            self._tries.note(name, is_right)
        return may_try and is_right

    def _is_known(self, name: str, password: str) -> bool:
        """Compare with each, whatever the first ones said."""
        asked = self._digest(name, password)
        return sum(hmac.compare_digest(asked, known) for known in self._known) > 0

    def _digest(self, name: str, password: str) -> bytes:
        both = hashlib.sha256(name.encode()).digest() + password.encode()
        return hmac.digest(self._salt, both, "sha256")


def read_login(environment: Mapping[str, str]) -> Login | None:
    """LAB_USER with LAB_PASSWORD, and LAB_LOGINS, a file of lines name:password; None: no login.

    Raises Complaint where one is without the other, or the file says nothing: a page that was to
    be closed is not served open.
    """
    user, word = environment.get("LAB_USER", ""), environment.get("LAB_PASSWORD", "")
    file = environment.get("LAB_LOGINS", "")
    if bool(user) != bool(word):
        raise Complaint("login_half")
    passwords = {user: word} if user else {}
    if file:
        passwords |= _read_file(Path(file))
    return Login(passwords) if passwords else None


def _read_file(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        raise Complaint("login_file", name=path.name) from None
    pairs = [line.partition(":") for line in lines if line.strip()]
    if not pairs or not all(name.strip() and word for name, _, word in pairs):
        raise Complaint("login_file", name=path.name)
    return {name.strip(): word for name, _, word in pairs}
