"""A seeded toy language: 22 templates, 131 words, regular roles. Words of one role meet the same neighbours.

A template draws one row from each table it names, so that "the queen" and "her", or "paris" and "french", agree.
"""

from string import Formatter

import numpy as np


def _table(fields, text):
    """Return one dict per line of `text`: the words of that line under the names in `fields`."""
    return tuple(dict(zip(fields.split(), line.split(), strict=True)) for line in text.strip().splitlines())


def _column(field, words):
    return tuple({field: word} for word in words.split())


PEOPLE = _table("person he his himself", """
    man he his himself
    woman she her herself
    boy he his himself
    girl she her herself
    father he his himself
    mother she her herself
    uncle he his himself
    aunt she her herself
    king he his himself
    queen she her herself
    prince he his himself
    princess she her herself
""")
ADULTS, CHILDREN, PARENTS, RELATIVES, RULERS, HEIRS = (PEOPLE[start : start + 2] for start in range(0, 12, 2))
SPECIES = _table("grown young sound feed", """
    cat kitten meows milk
    dog puppy barks bones
    cow calf moos grass
    horse foal neighs hay
""")
NATIONS = _table("country capital language food", """
    france paris french cheese
    italy rome italian pizza
    spain madrid spanish rice
    japan tokyo japanese sushi
    egypt cairo arabic beans
    norway oslo norwegian salmon
""")
ANIMALS = _column("animal", "cat kitten dog puppy cow calf horse foal animal bird mouse rabbit")
ROADS = _column("road", "street road bridge lane")
WIDTHS = _column("width", "wide narrow busy long")
WEARY = _column("weary", "tired hungry scared sleepy")
MOODS = _column("mood", "happy sad angry tired hungry scared sleepy")

TEMPLATES = (
    ("the {person} ruled {his} kingdom", RULERS),
    ("the {person} left {his} castle", HEIRS),
    ("the {person} took {his} toy to school", CHILDREN),
    ("the {person} told {his} child a story", PARENTS),
    ("the {person} drove {his} car to work", ADULTS),
    ("the {person} sent {his} family a gift", RELATIVES),
    ("the {person} said {he} was {mood}", PEOPLE, MOODS),
    ("the {animal} bites the {person}", ANIMALS, PEOPLE),
    ("{he} is a {person}", PEOPLE),
    ("the {person} took {his} money to the bank", PEOPLE),
    ("the {person} cleans {his} crown {himself}", RULERS + HEIRS),
    ("the {grown} {sound} for {feed} outside", SPECIES),
    ("the little {young} {sound} for {feed}", SPECIES),
    ("the {young} plays with the {grown}", SPECIES),
    ("the {animal} sleeps on the river bank", ANIMALS),
    ("the {animal} which was hungry ate the fish", ANIMALS),
    ("the {animal} did not cross the {road} because it was too {weary}", ANIMALS, ROADS, WEARY),
    ("the {animal} did not cross the {road} because it was too {width}", ANIMALS, ROADS, WIDTHS),
    ("the {road} to {capital} is {width}", ROADS, NATIONS, WIDTHS),
    ("{capital} is the capital of {country}", NATIONS),
    ("people in {country} speak {language} and eat {food}", NATIONS),
    ("in {capital} you hear {language} and smell {food}", NATIONS),
)


def _vocabulary():
    words = set()
    for text, *tables in TEMPLATES:
        pieces = list(Formatter().parse(text))  # pairs of what stands between the slots, and a slot's name
        words |= {word for between, *_ in pieces for word in between.split()}
        words |= {row[slot] for _, slot, *_ in pieces for table in tables for row in table if slot in row}
    return tuple(sorted(words))


VOCABULARY = _vocabulary()


def sentences(n, rng):
    """Return `n` sentences, lists of words: each from a template drawn at random, its slots filled at random.

    `n` int, `rng` a Generator. 4,000 sentences hold about 27,700 words.

    >>> [" ".join(words) for words in sentences(2, np.random.default_rng(0))]
    ['the road to rome is wide', 'the horse sleeps on the river bank']
    """
    order = rng.integers(len(TEMPLATES), size=n)
    written = [None] * n
    for number, (text, *tables) in enumerate(TEMPLATES):
        places = np.flatnonzero(order == number)
        draws = [rng.integers(len(table), size=len(places)) for table in tables]
        for place, *rows in zip(places, *draws, strict=True):
            written[place] = _fill(text, [table[row] for table, row in zip(tables, rows, strict=True)])
    return written


def _fill(text, rows):
    words = {}
    for row in rows:
        words |= row
    return text.format(**words).split()


def shuffled(corpus, rng):
    """Return the corpus with its words dealt out anew: same words, same sentence lengths, no neighbours kept.

    >>> shuffled([["a", "b"], ["c"]], np.random.default_rng(0))
    [['c', 'a'], ['b']]
    """
    words = np.array([word for sentence in corpus for word in sentence])
    dealt = iter(rng.permutation(words).tolist())
    return [[next(dealt) for _ in sentence] for sentence in corpus]
