"""Tongxing 同行: a school looks after the students who need it most."""

__version__ = "0.1.0"
