"""The core's tiny video, looked at with what the mock has to look at videos: the core itself has no decoder."""

from __future__ import annotations

from tarash_mock.testing import film_of

from tarash_core.testing import tiny_video


def test_it_plays() -> None:
    film = film_of(tiny_video())
    assert (film.codecs, film.width, film.height, len(film.frames)) == (("h264",), 32, 32, 4)
