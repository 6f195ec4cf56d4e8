"""Every interactive figure of the course, one face: controls, numbers(), describe(), a stored picture."""

from course_lib.views.analogy_share import AnalogyShare
from course_lib.views.colour_mix import ColourMix
from course_lib.views.cost import CostView
from course_lib.views.encoder_decoder import EncoderDecoder
from course_lib.views.explorer import AttentionExplorer
from course_lib.views.families import ModelFamilies
from course_lib.views.gradient_spread import GradientSpread
from course_lib.views.growth import GrowthPlot
from course_lib.views.heads import HeadsView
from course_lib.views.heat_map import HeatMap
from course_lib.views.heat_pair import HeatPair
from course_lib.views.painter import MaskPainter
from course_lib.views.plane import EmbeddingPlane
from course_lib.views.predict import Predict
from course_lib.views.recall import RecallView
from course_lib.views.scaling import ScalingView
from course_lib.views.score_functions import ScoreFunctionsView
from course_lib.views.softmax import SoftmaxView
from course_lib.views.stepper import AttentionStepper
from course_lib.views.timed import Run, Timed
from course_lib.views.whole_flow import WholeFlow
from course_lib.views.word_map import WordMap

__all__ = [
    "AnalogyShare",
    "AttentionExplorer",
    "AttentionStepper",
    "ColourMix",
    "CostView",
    "EmbeddingPlane",
    "EncoderDecoder",
    "GradientSpread",
    "GrowthPlot",
    "HeadsView",
    "HeatMap",
    "HeatPair",
    "MaskPainter",
    "ModelFamilies",
    "Predict",
    "RecallView",
    "Run",
    "ScalingView",
    "ScoreFunctionsView",
    "SoftmaxView",
    "Timed",
    "WholeFlow",
    "WordMap",
]
