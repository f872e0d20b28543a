"""Obfuscation is undone; what is none stays as it is; and no text takes long."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portable.errors import UnsupportedModel
from spam_or_ham.normalisation import VERSION, normalise, normaliser
from spam_or_ham.obfuscation.common_words import COMMON_WORDS
from spam_or_ham.obfuscation.lookalikes import FOREIGN, STYLED
from spam_or_ham.obfuscation.spacing import segment

LAMBDA_SRC = Path(__file__).resolve().parents[3] / "lambda_src"

OBFUSCATED = {
    "zero-width": ("f\u200br\u200ce\u200de c\u2060a\ufeffs\u00adh", "free cash"),
    "bidirectional": ("\u202efree\u202c \u2066cash\u2069", "free cash"),
    "variation selectors": ("f\ufe0fr\U000e0101ee", "free"),
    "tags": ("f\U000e0066\U000e0072ree", "free"),
    "controls": ("f\x00r\x08e\x9fe", "free"),
    "Cyrillic": ("\u0441\u0430sh fr\u0435\u0435", "cash free"),
    "Greek": ("fr\u03b5\u03b5 \u03a1\u03a1I", "free PPI"),
    "a word of look-alikes only, in a Latin text": (
        "win \u0441\u0430\u0455\u04bb now",
        "win cash now",
    ),
    "a common word of look-alikes only, alone": ("\u0441\u0430\u0455\u04bb", "cash"),
    "fullwidth": ("\uff46\uff52\uff45\uff45\u3000\uff43\uff41\uff53\uff48", "free cash"),
    "mathematical": ("\U0001d41f\U0001d42b\U0001d41e\U0001d41e", "free"),
    "circled": ("\u24d5\u24e1\u24d4\u24d4", "free"),
    "squared": ("\U0001f175\U0001f181\U0001f174\U0001f174", "FREE"),
    "small capitals": ("\ua730\u0280\u1d07\u1d07", "free"),
    "struck through": ("f\u0336r\u0336e\u0336e\u0336", "free"),
    "accents": ("fr\u00eb\u00e9 \u00e7\u00e1sh", "free cash"),
    "spaced": ("now f r e e for you", "now free for you"),
    "spaced words": ("f r e e   e n t r y   t o   w i n", "free entry to win"),
    "spaced by tabs": ("f\tr\te\te", "free"),
    "dotted": ("f.r.e.e c-a-s-h w_i_n", "free cash win"),
    "short dotted words": ("w.i.n c.a.s.h t.o", "win cash to"),
    "dots and spaces": ("f. r. e. e", "free"),
    "apostrophes": ("f'r'e'e c\u2019a\u2019s\u2019h", "free cash"),
    "apostrophes after a longer word": ("it's'f'r'e'e", "it'sfree"),
    "apostrophes, then another mark": ("a'f.r.e.e", "a'free"),
    "leet": ("fr33 c4sh pr1ze", "free cash prize"),
    "leet with signs": ("c@$h $ave", "cash save"),
    "leet, any word once it is established": (
        "fr33 c4sh pr1ze t0 blorg5",
        "free cash prize to blorgs",
    ),
    "tags round a word": ("<b>free</b>", "free"),
    "tags within a word": ("fr<b></b>ee c<i>ash</i>", "free cash"),
    "blocks part words": ("free<br>cash<P>now<BR/>!", "free cash now !"),
    "comment within a word": ("fr<!-- -->ee", "free"),
    "entities": ("&#102;&#x72;&eacute;&#101", "free"),
    "invisible entities": ("f&#8203;ree&shy;", "free"),
    "spaced leet": ("f r 3 3   c 4 s h", "free cash"),
    "homoglyphs in markup": ("<b>fr\u0435\u0435</b>", "free"),
}

CLEAN = (
    "Hi, r u ok? c u l8r @ 8pm, b4 gr8 m8 2nite",
    "I C U later. U & me 4 ever",
    "Ok lar... K.. i.e. e.g. at 5 a.m. on 4-5",
    "Flat 3, SW7 3SS; ring 08001234567 from 9am, 150ppm, 18yrs, No1, mp3",
    "AT&T; R&D; &lt;#&gt; &amp; <3 :-> a<b <Forwarded from 2187>",
    "x x x x x x",
    "1 2 3 4 5 6",
    "£5 or €7?!",
    "\u041f\u0440\u0438\u0432\u0435\u0442, \u043a\u0430\u043a \u0434\u0435\u043b\u0430? OK",
    "\u03b1\u03b4\u03b5\u03bb\u03c6\u03cc\u03c2 \u03bc\u03bf\u03c5 \u03b5\u03af\u03bd\u03b1\u03b9",
    "\u4f60\u597d,\u4e16\u754c \u0645\u0631\u062d\u0628\u0627",
    "Gr\u00fc\u00dfe, caf\u00e9, na\u00efve, \u00fc ok",
    "line one\r\nline two\ttab",
    "rock'n'roll, a'b'cd, d'y'all, o'c'l'ock",
    "",
)


@pytest.mark.parametrize(("obfuscated", "plain"), OBFUSCATED.values(), ids=OBFUSCATED)
def test_obfuscation_is_undone(obfuscated: str, plain: str) -> None:
    assert normalise(obfuscated).split() == plain.split()


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_plain_stays(text: str) -> None:
    assert normalise(text) == text


def test_typographic_marks_become_plain() -> None:
    assert normalise("I\u2019m \u201cin\u201d \u2013 \u2026") == 'I\'m "in" - ...'


def test_nothing_legible_is_lost_in_markup() -> None:
    hidden = normalise("Hi <!-- free prize --> mum <b call now>x</b>")
    assert {"free", "prize", "call", "now", "Hi", "mum", "x"} <= set(hidden.split())


def test_boundaries_are_found_where_every_gap_is_alike() -> None:
    spaced = " ".join("freeentrytowinaprizecallnow")
    assert normalise(spaced).split() == ["free", "entry", "to", "win", "a", "prize", "call", "now"]


def test_letters_of_no_word_stay_together() -> None:
    assert segment("freezzyzxqcash") == ["free", "zzyzxq", "cash"]


@given(st.lists(st.sampled_from(COMMON_WORDS), min_size=1, max_size=40).map("".join))
def test_cutting_joined_words_loses_no_letter(letters: str) -> None:
    assert "".join(segment(letters)) == letters


@given(st.text(max_size=300))
def test_any_text_has_an_answer_of_bounded_length(text: str) -> None:
    assert len(normalise(text)) <= 4 * len(text) + 2


@given(st.text(alphabet="ab4$<>/!-&#;x1.' \u0430\u200b\u0301\uff46", max_size=60))
def test_hostile_pieces_in_any_order(text: str) -> None:
    assert isinstance(normalise(text), str)


# Each is repeated to fill a text: openings that never close, long runs, marks to be sorted.
REPEATED = (
    "<", "<!--", "<b ", "<b>", "&", "&;", "&#1", "&#0;", "&a;", "f r ", "f.", "f.. ", "4a", "a4a ",
    "$@", "fr33 ", ".a!", "\u200b", "\u0301", "\u0301\u0323", "e\u0301\u0323", "\ufdfa", "\u0430",
    "fr\u0435\u0435 ", "\u514d", "\uff46 ", "\x00", " ", "a       b       ", "......a",
    "f r e e e n t r y ", "a-b.c_d ", "a,. b,. ", "\u1100\u1161", "a'", "a\u2019", "a''", "a_",
)  # fmt: skip


# What follows the last unit decides whether all that was matched is given back.
ENDINGS = ("", "aa", "1", "\u00e9", "'", ">")


@pytest.mark.no_cover
@pytest.mark.parametrize("ending", ENDINGS, ids=ascii)
@pytest.mark.parametrize("unit", REPEATED, ids=ascii)
def test_time_grows_with_length_and_not_with_its_square(unit: str, ending: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length] + ending
        runs = []
        for _ in range(3):
            started = time.process_time()
            normalise(text)
            runs.append(time.process_time() - started)
        return min(runs)

    normalise(unit)
    # Eight times the text: about eight times as long; with its square, sixty-four times.
    assert seconds(32_768) < 24 * max(seconds(4_096), 0.0005)


def test_the_tables_of_look_alikes_are_unambiguous() -> None:
    alike = [
        character for table in (STYLED, FOREIGN) for row in table.values() for character in row
    ]
    assert len(alike) == len(set(alike))
    assert not any(character.isascii() for character in alike)


def test_a_clean_text_imports_nothing() -> None:
    code = (
        "import sys; from spam_or_ham.normalisation import normalise; normalise('Call me at 8, ok? "
        "\u00a35'); print(sorted(n for n in sys.modules if 'obfuscation' in n or n in "
        "('unicodedata', 'html')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=LAMBDA_SRC, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_manifest_names_its_normalisation() -> None:
    assert normaliser(VERSION) is normalise
    assert normaliser(None)("f r e e") == "f r e e"
    with pytest.raises(UnsupportedModel, match="'v0'"):
        normaliser("v0")
