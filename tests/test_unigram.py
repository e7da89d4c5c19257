"""The tokenizer of multilingual-e5-small gives the ids that the library gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, normalizers

from corpus.conversion import ensure_converted
from corpus.e5_weights import read_e5_vocabulary
from corpus.unigram import UnigramTokenizer, Vocabulary
from corpus.weights import E5_SMALL

SAMPLES = [
    "How much is the travel grant?  Between 100 and\n1,999 km: EUR 309 (green travel: 417).",
    "Ποιο είναι το ποσό για το ταξίδι; Η προθεσμία είναι 5 Μαρτίου 2026, 12:00 (ώρα Βρυξελλών).",
    "Les établissements d’enseignement supérieur doivent être titulaires d'une charte ECHE.",
    "Die Zuschüsse für Unterkunft betragen 120 € pro Tag – außer für Begleitpersonen.",
    "Каква е максималната сума? Заявление се подава до 17:00 ч.",
    "KA122-SCH ‘courses and training’ … ﬁnancing ½ ① ² ㎏ e\u0301te\u0301 ήμερα",
    "https://erasmus-plus.ec.europa.eu/programme-guide/part-b?x=1#y\t\tAgency\u00a0\u200bcode",
    "日本からの参加者は応募できますか。 هل يمكنني التقديم؟",
    "\U0001f600 unknown \u1bd5\u1bd6\u1bd7 characters \ue000\ue001x",
    "",
    "   ",
    "a" * 700,
]
LETTERS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0xA0, max_codepoint=0x24F),
        st.characters(min_codepoint=0x391, max_codepoint=0x3C9, categories=["L"]),
        st.characters(min_codepoint=0x1F00, max_codepoint=0x1FFC, categories=["L"]),
        st.characters(min_codepoint=0x400, max_codepoint=0x45F),
        st.sampled_from("\n\t \u0301\u0308\u2019\u201c\u2026\u20ac\u2022\u2013\ufb01\u00ad\u4f60"),
    ),
    max_size=60,
)


@pytest.fixture(scope="module")
def library(model_home: Path) -> Tokenizer:
    return Tokenizer.from_file(str(ensure_converted(model_home, E5_SMALL) / "tokenizer.json"))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_e5_vocabulary()


@pytest.fixture(scope="module")
def tokenizer(vocabulary: Vocabulary) -> UnigramTokenizer:
    return UnigramTokenizer(vocabulary)


@pytest.mark.parametrize("text", SAMPLES)
def test_ids_of_real_text(text: str, library: Tokenizer, tokenizer: UnigramTokenizer) -> None:
    expected = library.encode(text, add_special_tokens=False).ids
    assert tokenizer.encode(text) == expected
    assert tokenizer.count_tokens([text, text]) == [len(expected)] * 2


@settings(max_examples=300, deadline=None)
@given(text=LETTERS)
def test_ids_of_any_text(text: str, library: Tokenizer, tokenizer: UnigramTokenizer) -> None:
    assert tokenizer.encode(text) == library.encode(text, add_special_tokens=False).ids


def test_the_map_of_characters_is_the_normaliser_of_the_library(vocabulary: Vocabulary) -> None:
    library = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC()])
    differing = {
        code
        for code in range(1, 0x110000)
        if not 0xD800 <= code < 0xE000
        and vocabulary.replacements.get(code, chr(code)) != library.normalize_str(chr(code))
    }
    # SentencePiece keeps the full-width tilde; the other came with a later Unicode.
    assert differing == {0xFF5E, 0x1F23B}


def test_markers_in_text_are_text(vocabulary: Vocabulary, tokenizer: UnigramTokenizer) -> None:
    assert not vocabulary.special_ids & set(tokenizer.encode("</s> <pad> <mask>"))


def test_special_pieces_are_the_known_ones(vocabulary: Vocabulary) -> None:
    names = [vocabulary.pieces[i] for i in sorted(vocabulary.special_ids)]
    assert names == ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    ids = (vocabulary.start_id, vocabulary.pad_id, vocabulary.end_id, vocabulary.unknown_id)
    assert ids == (0, 1, 2, 3)
