"""The demonstration: a made-up firm with its clients, so that a first look has something to look at."""

from core.demo.loader import DemoError, load
from core.demo.sign_ins import SignIn, read_sign_ins

__all__ = ["DemoError", "SignIn", "load", "read_sign_ins"]
