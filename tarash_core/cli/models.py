"""``tarash models``: what the installed providers can run, and what each model takes."""

from __future__ import annotations

import click


@click.group()
def models() -> None:
    """x"""
