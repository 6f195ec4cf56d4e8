"""Lesson 01: the tiny world's words as a map, a flat shadow of vectors that counting gave them."""

from functools import cache

import numpy as np

from course_lib.embeddings import cosine
from course_lib.tiny_world import WordVectors, sentences, word_vectors
from course_lib.views.base import View
from course_lib.views.placing import place_labels
from course_lib.views.style import BLUE, FAINT, GREEN, INK, PURPLE, SMALL, VERMILION, percent

# name -> marker, colour, words. Neighbours differ in both; light colours would be lost in the dark theme.
GROUPS = {
    "people": ("o", BLUE, "man woman boy girl father mother uncle aunt king queen prince princess".split()),
    "animals": ("s", VERMILION, "cat kitten dog puppy cow calf horse foal bird mouse rabbit".split()),
    "countries": ("^", GREEN, "france italy spain japan egypt norway".split()),
    "capitals": ("v", PURPLE, "paris rome madrid tokyo cairo oslo".split()),
    "languages": ("D", INK, "french italian spanish japanese arabic norwegian".split()),
    "food": ("P", VERMILION, "cheese pizza rice sushi beans salmon".split()),
    "moods": ("X", PURPLE, "happy sad angry tired hungry scared sleepy".split()),
    "roads": ("*", FAINT, "street road bridge lane".split()),
}
WORDS = [word for *_, words in GROUPS.values() for word in words]
PEOPLE = GROUPS["people"][2]
NAMED = ["king", "queen", "cat", "dog", "paris", "pizza", "french", "happy", "street"]  # by name on the large map
PAIRS = [("man", "woman"), ("king", "queen"), ("prince", "princess")]


@cache
def trained_world():
    """Return the vectors that lesson 01 trains: 4,000 sentences, 40 numbers a word."""
    return word_vectors(sentences(4000, np.random.default_rng(0)))


class WordMap(View):
    """Words of eight groups where the two principal axes of their vectors put them; beside it the people alone.

    world: a WordVectors, by default the lesson's own. label: where its numbers come from.
    """

    size = (760, 500)

    def __init__(self, world=None, label="trained"):
        self.world, self.label = trained_world() if world is None else world, label
        if not isinstance(self.world, WordVectors):
            raise ValueError(f"world must be what word_vectors returns, not {type(world).__name__}")
        missing = [word for word in WORDS if word not in self.world.words]
        if missing:
            raise ValueError(f"the map needs vectors for all its words, and has none for {', '.join(missing[:5])}")
        super().__init__()

    def numbers(self):
        """Return places of all words (n, 2) and of the people (12, 2), how much these keep, and who is at home.

        at_home: the share of words whose nearest other word by cosine, in all dimensions, is of their own group.
        """
        rows = _units(self.world, WORDS)
        places, kept = flattened(rows)
        people, people_kept = flattened(_units(self.world, PEOPLE))
        near = cosine(rows[:, None], rows[None]) - 2 * np.eye(len(rows))
        group = np.repeat(range(len(GROUPS)), [len(words) for *_, words in GROUPS.values()])
        at_home = float((group[near.argmax(1)] == group).mean())
        return {"places": places, "kept": kept, "people": people, "people_kept": people_kept, "at_home": at_home}

    def describe(self):
        """Return what is shown, what the two maps keep of the vectors, and how many words are at home."""
        n = self.numbers()
        return (
            f"A map of {len(WORDS)} words in {len(GROUPS)} groups by their {self.label} vectors of "
            f"{self.world.table.shape[1]} numbers, and a map of the {len(PEOPLE)} people alone; the maps keep "
            f"{percent(n['kept'])} and {percent(n['people_kept'])} of the spread. Of all words, "
            f"{percent(n['at_home'])} have their nearest other word by cosine in their own group."
        )

    def build(self, figure):
        """Draw a marker for each word, names for some, and the people with their names and three pairs."""
        n = self.numbers()
        everyone = figure.add_axes((0.01, 0.15, 0.475, 0.76))
        people = figure.add_axes((0.515, 0.15, 0.475, 0.76))
        for axes, places, title in ((everyone, n["places"], "all groups"), (people, n["people"], "the people alone")):
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set(visible=True, color=FAINT)
            axes.set_title(title, loc="left")
            middle, reach = (places.max(0) + places.min(0)) / 2, np.ptp(places, axis=0) * [0.7, 0.6]
            axes.set(xlim=middle[0] + reach[0] * np.array([-1, 1]), ylim=middle[1] + reach[1] * np.array([-1, 1]))
        at = dict(zip(WORDS, n["places"], strict=True))
        for name, (marker, colour, words) in GROUPS.items():
            look = {"marker": marker, "color": colour, "s": 80, "linewidth": 0}
            everyone.scatter(*np.array([at[word] for word in words]).T, label=name, **look)
        place_labels(everyone, [at[word] for word in NAMED], NAMED, SMALL, n["places"])
        self._build_people(people, dict(zip(PEOPLE, n["people"], strict=True)))
        look = {"frameon": False, "handletextpad": 0.1, "fontsize": SMALL, "columnspacing": 1.5}
        everyone.legend(loc="upper left", bbox_to_anchor=(0, -0.01), ncols=4, **look)
        figure.text(0.99, 0.06, self.label, ha="right", style="italic")

    def _build_people(self, axes, at):
        for pair in PAIRS:
            axes.plot(*np.array([at[word] for word in pair]).T, color=FAINT, lw=2, ls=(0, (4, 3)))
        marker, colour, words = GROUPS["people"]
        axes.scatter(*np.array(list(at.values())).T, marker=marker, color=colour, s=80, linewidth=0, zorder=3)
        along = [at[one] + step * (at[other] - at[one]) for one, other in PAIRS for step in np.linspace(0, 1, 30)]
        place_labels(axes, list(at.values()), words, SMALL, along)


def flattened(rows):
    """Return rows (n, d) on their two principal axes, (n, 2), and the share of their spread that these keep."""
    U, S, _ = np.linalg.svd(rows - rows.mean(0), full_matrices=False)
    places = U[:, :2] * S[:2]
    upright = np.sign(places[np.abs(places).argmax(0), [0, 1]])  # an SVD leaves the signs to chance
    return places * upright, float((S[:2] ** 2).sum() / (S**2).sum())


def _units(world, words):
    rows = world.table[world.ids(*words)]
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
