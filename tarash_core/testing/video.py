"""The video that a fake service serves."""

from __future__ import annotations

import base64
import zlib

# One second of H.264, 32 x 32, four frames, made with PyAV and compressed with zlib.
_VIDEO = (
    "eNpjYGBQSCupLMgszs9lYGBiANFAbJRYlmyYW2BiyMDAwJFWlJoKpGfkpiSWAGnG1I4WK8EuBiYmwwMMPQUMAkyT1+0BiTvOUrBaXOjA4NBnwcDB"
    "dpyBkTnHf/75BxApB7DUE6By3j4GJrYb8+3nH4DIJFjtSQlg0BVh4HZlYLrowLCFOM429civICOYlXLz88uARuXklmWkMKAA5hdgzMgAQgjAiKoK"
    "ne/AgBcwAZFPSVFiNpAdU5INtpMZ0zSQ3fjtwWqvAhQzMKikppQUA2mZ1JziEoQOqLlgvYxHclMyE0E6clPQ/e4AxqFHwBzdjJScIphMWWZKKrLK"
    "MCA/3yMxLyUnFaSGEZgC8tKADJGyXLChyM5USYHIyaQUpaYheYOntChHAcJm1C8uScoBspcXlxSnIKmZDkpUOIIC5GkFBg8g7YFTBTqQ+P8f5DWg"
    "qc6MTge4/j9kEE0H0rdUF4IiBBRUDBz8QmoLGBlYM84xz2kAeSmppAgalmInGBhYQGISxSXgcIZZysLAIABiiwCdjywOwjJAsWQ0MRYorQKUq0Jy"
    "HkhcAoilgVgKiJ0hZibnI+k3AOKk0pQSUBxG5aaCaRBQRI4vYBwXJRYU5CD7XTcTkihUV5bkgwyUBebNRFio+SSWpZkZ6RkCkYERAGaWjeA="
)


def tiny_video() -> bytes:
    """A playable MP4 of 994 bytes."""
    return zlib.decompress(base64.b64decode(_VIDEO))
