"""A small world of 131 words: a grammar that writes sentences, and the word vectors that counting them gives."""

from course_lib.tiny_world.analogies import ANALOGIES
from course_lib.tiny_world.grammar import TEMPLATES, VOCABULARY, sentences, shuffled
from course_lib.tiny_world.vectors import WordVectors, cooccurrence, ppmi, word_vectors

__all__ = [
    "ANALOGIES",
    "TEMPLATES",
    "VOCABULARY",
    "WordVectors",
    "cooccurrence",
    "ppmi",
    "sentences",
    "shuffled",
    "word_vectors",
]
