"""Mistakes in what bounds the cost of a picture, of an address and of a request."""

from __future__ import annotations

from tools.reliability.defects.code_defect import CodeDefect

_LIMITS = ("tests/unit/clothes/formats/test_limits.py",)
_GROWTH = ("tests/unit/clothes/formats/test_growth.py",)
_MEMORY = ("tests/unit/clothes/test_memory.py",)
_PREDICTOR = ("tests/unit/clothes/test_predictor.py",)
_REFUSALS = ("tests/unit/clothes/test_refusals.py",)
_ADDRESSES = ("tests/unit/clothes/fetch/test_refused_addresses.py",)
_AMOUNTS = ("tests/unit/clothes/fetch/test_amounts.py",)
_ROUTER = ("tests/unit/serving/http/test_router.py",)

PICTURE_DEFECTS = (
    CodeDefect(
        "any side",
        "clothes/formats/__init__.py",
        "max(file.width, file.height) > LARGEST_SIDE or ",
        "",
        _LIMITS,
    ),
    CodeDefect(
        "any number of pixels",
        "clothes/formats/__init__.py",
        " or file.pixels > LARGEST_PIXELS:",
        ":",
        _LIMITS,
    ),
    CodeDefect(
        "any number of PNG's chunks",
        "clothes/formats/png.py",
        "for _ in range(MAX_CHUNKS):",
        "for _ in range(10**9):",
        _LIMITS,
    ),
    CodeDefect(
        "several profiles", "clothes/formats/png.py", "if kind in chunks:", "if False:", _LIMITS
    ),
    CodeDefect(
        "any palette",
        "clothes/formats/png.py",
        "if any(len(content) > _LONGEST[kind] for kind, content in kept):",
        "if False:",
        _LIMITS,
    ),
    CodeDefect(
        "any number of JPEG's segments",
        "clothes/formats/jpeg.py",
        "for _ in range(MAX_SEGMENTS):",
        "for _ in range(10**9):",
        _LIMITS,
    ),
    CodeDefect(
        "any number of scans",
        "clothes/formats/jpeg.py",
        "if self.scans > MAX_SCANS:",
        "if False:",
        _LIMITS,
    ),
    CodeDefect(
        "any coding of a JPEG",
        "clothes/formats/jpeg.py",
        "elif marker in _OTHER_FRAMES:",
        "elif False:",
        _LIMITS,
    ),
    CodeDefect(
        "two frames in a JPEG",
        "clothes/formats/jpeg.py",
        "if self.frame is not None or len(content) < 6:",
        "if len(content) < 6:",
        _LIMITS,
    ),
    CodeDefect(
        "markers looked for from each byte of a run",
        "clothes/formats/jpeg.py",
        r'_MARKER = re.compile(rb"\xff(',
        r'_MARKER = re.compile(rb"\xff+(',
        _GROWTH,
    ),
    CodeDefect(
        "ends of scans looked for from each byte of a run",
        "clothes/formats/jpeg.py",
        r'_END_OF_SCAN = re.compile(rb"\xff(',
        r'_END_OF_SCAN = re.compile(rb"\xff+(',
        _GROWTH,
    ),
    CodeDefect(
        "any number of WebP's chunks",
        "clothes/formats/webp.py",
        "for _ in range(MAX_CHUNKS):",
        "for _ in range(10**9):",
        _LIMITS,
    ),
    CodeDefect(
        "metadata handed to the decoder",
        "clothes/formats/jpeg.py",
        "elif marker in _TABLES or _says_colours(marker, content):",
        "elif marker >= 0xE0 or marker in _TABLES or _says_colours(marker, content):",
        ("tests/unit/clothes/formats/test_kept.py",),
    ),
    CodeDefect(
        "decoder's memory not held",
        "clothes/predictor.py",
        "with suppress(MemoryError), at_most(file.memory):",
        "with suppress(MemoryError):",
        _PREDICTOR,
    ),
    CodeDefect(
        "memory of any size held",
        "clothes/memory.py",
        "resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))",
        "resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))",
        _MEMORY,
    ),
    CodeDefect(
        "memory held for ever",
        "clothes/memory.py",
        "resource.setrlimit(resource.RLIMIT_DATA, before)",
        "pass",
        _MEMORY,
    ),
    CodeDefect(
        "memory not given back",
        "clothes/memory.py",
        "CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)",
        "CDLL(None).mallopt",
        _MEMORY,
    ),
    CodeDefect(
        "a decoder kept by what it raised",
        "clothes/picture.py",
        "        picture = None\n",
        "        raise damaged()\n",
        ("tests/unit/clothes/test_picture.py",),
    ),
    CodeDefect(
        "any number of pixels together",
        "clothes/reading.py",
        "if pixels > REQUEST_PIXELS:",
        "if False:",
        _REFUSALS,
    ),
    CodeDefect(
        "pictures begun at any time",
        "clothes/reading.py",
        "if time.monotonic() - started > last:",
        "if False:",
        _REFUSALS,
    ),
    CodeDefect(
        "a number looked up as a name",
        "clothes/fetch/urls.py",
        "if not isinstance(addresses.parse(host[1:-1]), IPv6Address):",
        "if False:",
        _ADDRESSES,
    ),
    CodeDefect(
        "anything received around a picture",
        "clothes/fetch/http_response.py",
        "if self._left <= 0:",
        "if False:",
        _AMOUNTS,
    ),
    CodeDefect(
        "a download kept by what it met",
        "clothes/fetch/downloads.py",
        "error.with_traceback(None)",
        "error",
        ("tests/unit/clothes/fetch/test_downloads.py",),
    ),
    CodeDefect(
        "a refused request kept",
        "serving/http/router.py",
        "response, status, headers = self._refusal(error, request_id, line)",
        "kept = error; response, status, headers = self._refusal(error, request_id, line)",
        _ROUTER,
    ),
    CodeDefect(
        "a document posted to",
        "serving/http/router.py",
        'known = path in self._routes and (request.matched or path != "/")',
        "known = path in self._routes and request.matched",
        _ROUTER,
    ),
    CodeDefect(
        "HEAD with a body",
        "serving/http/router.py",
        '"body": "" if head else response.body',
        '"body": response.body',
        _ROUTER,
    ),
)
