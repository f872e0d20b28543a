"""Where Chromium is, and what it is told on a machine without a screen."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoChromium(RuntimeError):
    """There is none; the message is the command that installs it."""


def find() -> str:
    """The path of an installed Chromium. Raises `NoChromium`."""
    for name in NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    raise NoChromium("A page is looked at in Chromium: apt-get install chromium")


def flags() -> list[str]:
    """No screen, no background traffic, and no sandbox only where root leaves no choice."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return ["--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", *quiet, *sandbox]
