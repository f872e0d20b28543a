"""Characters that pass for Latin letters at a glance, by the letter they pass for.

A selection of ours from what Unicode's Technical Standard 39 calls confusables
(https://www.unicode.org/reports/tr39/). What NFKC makes a plain letter anyway, as fullwidth and
mathematical letters are, needs no entry.
"""

# Latin letters in costume: small capitals, phonetic and African letters, squared letters. Read
# plainly wherever they stand.
from __future__ import annotations

STYLED = {
    "a": "ɑɐᴀ⍺", "b": "ƄƅɓƃʙᏏ", "c": "ƈᴄɕ", "d": "ɗɖƌᴅ", "e": "ǝəɛᴇ℮ꬲ", "f": "ƒꜰꬵꞙẝ",
    "g": "ɡɠɢƍᶃ", "h": "ɦʜɥ", "i": "ıɩɪɨ⍳", "j": "ȷɉᴊʝ", "k": "ƙĸᴋ", "l": "ƖǀɭɫʟƗ∣",
    "m": "ɱᴍ", "n": "ɲƞɴŋ", "o": "ɔᴏᴑꬽ", "p": "ƥᴘ⍴", "q": "ʠɋꞯ", "r": "ɾɽʀꭇꭈɹ", "s": "ʂꜱƽ",
    "t": "ƭʈᴛ", "u": "ʉʊʋᴜꞟꭎꭒ", "v": "ʌᴠ∨", "w": "ɯᴡʍ", "x": "×", "y": "ɣʏƴᶌỿꭚ", "z": "ʐᴢƶ",
    "B": "Ɓ", "D": "Ɗ", "E": "ƎƐ", "F": "Ꞙ", "G": "Ɠ", "J": "Ʝ", "K": "Ƙ", "N": "ƝŊ", "O": "Ɔ",
    "P": "Ƥ", "R": "Ʀ", "T": "Ƭ⊤", "U": "∪", "V": "Ʋ", "X": "Ꭓ", "Y": "Ƴ", "Z": "Ƶ",
}  # fmt: skip
SQUARED = range(0x1F170, 0x1F18A), range(0x1F150, 0x1F16A)
"""Negative squared and negative circled A to Z, which NFKC leaves as they are."""

# Letters of other scripts. Read as Latin in a word or a text that is otherwise Latin.
FOREIGN = {
    "a": "аαաꭺ", "b": "ЬьвβҌᖯ", "c": "сςⲥꮯ", "d": "ԁᏧꓒժ", "e": "еёєҽεҿ", "f": "քϝғ",
    "g": "ցԍ", "h": "һнհᏂћ", "i": "іїιꙇꭵᎥ", "j": "јϳյ", "k": "кκқ", "l": "ӏІӀⲒꓲ", "m": "м",
    "n": "пηոռπ", "o": "оοσօөⲟჿ", "p": "рρⲣ", "q": "ԛզգ", "r": "гⲅᴦꮁґ", "s": "ѕꮪտ",
    "t": "тτҭ", "u": "υսμц", "v": "νѵꮩ", "w": "ѡԝωшꮃ", "x": "хҳχ", "y": "уүγყўҷ", "z": "ꮓ",
    "A": "АΑᎪꓮᗅ", "B": "ВΒᏴꓐᗷ", "C": "СᏟꓚⲤ", "D": "ᎠꓓᗞᗪԀ", "E": "ЕΕЁЄᎬꓰ", "F": "ϜꓝᖴҒ",
    "G": "ԌᏀᏳꓖ", "H": "НΗᎻꓧᕼⲎ", "I": "ΙЇⵏ", "J": "ЈͿᎫꓙᒍ", "K": "КΚᏦꓗⲔҚ", "L": "ԼᏞꓡᒪⳐ",
    "M": "МΜϺᎷꓟᗰⲘ", "N": "ΝꓠⲚ", "O": "ОΟՕӨꓳⲞ", "P": "РΡᏢꓑᑭⲢ", "Q": "Ԛⵕ", "R": "ᎡᏒꓣᖇ",
    "S": "ЅՏᏕᏚꓢ", "T": "ТΤᎢꓔⲦ", "U": "ՍሀꓴᑌЦ", "V": "ѴᏙꓦᐯ", "W": "ԜᎳᏔꓪШ", "X": "ХΧꓫⲬ",
    "Y": "УΥҮᎩᎽꓬⲨ", "Z": "ΖᏃꓜ",
}  # fmt: skip
