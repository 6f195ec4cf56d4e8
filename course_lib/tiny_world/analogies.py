"""Questions to the tiny world's vectors: "man is to king as woman is to?" Each line ends with the right answer."""

TUNED = (  # grammar, dim and window were chosen on these
    ("man", "king", "woman", "queen"),
    ("man", "boy", "woman", "girl"),
    ("father", "mother", "king", "queen"),
    ("prince", "princess", "uncle", "aunt"),
    ("king", "prince", "queen", "princess"),
    ("france", "paris", "italy", "rome"),
    ("spain", "madrid", "japan", "tokyo"),
    ("cat", "kitten", "dog", "puppy"),
    ("cow", "calf", "cat", "kitten"),
)
HELD_OUT = (  # these were first asked when everything stood
    ("man", "prince", "woman", "princess"),
    ("boy", "girl", "father", "mother"),
    ("king", "queen", "boy", "girl"),
    ("uncle", "man", "aunt", "woman"),
    ("egypt", "cairo", "norway", "oslo"),
    ("italy", "rome", "spain", "madrid"),
    ("norway", "oslo", "france", "paris"),
    ("dog", "puppy", "horse", "foal"),
)
ANALOGIES = {"tuned": TUNED, "held_out": HELD_OUT}
