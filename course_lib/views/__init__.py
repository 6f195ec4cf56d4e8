"""Every interactive figure of the course, one face: controls, numbers(), describe(), a stored picture."""

from course_lib.views.analogy_share import AnalogyShare
from course_lib.views.colour_mix import ColourMix
from course_lib.views.explorer import AttentionExplorer
from course_lib.views.gradient_spread import GradientSpread
from course_lib.views.heat_map import HeatMap
from course_lib.views.heat_pair import HeatPair
from course_lib.views.plane import EmbeddingPlane
from course_lib.views.predict import Predict
from course_lib.views.scaling import ScalingView
from course_lib.views.score_functions import ScoreFunctionsView
from course_lib.views.softmax import SoftmaxView
from course_lib.views.stepper import AttentionStepper
from course_lib.views.word_map import WordMap

__all__ = [
    "AnalogyShare",
    "AttentionExplorer",
    "AttentionStepper",
    "ColourMix",
    "EmbeddingPlane",
    "GradientSpread",
    "HeatMap",
    "HeatPair",
    "Predict",
    "ScalingView",
    "ScoreFunctionsView",
    "SoftmaxView",
    "WordMap",
]
