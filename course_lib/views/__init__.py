"""Every interactive figure of the course, one face: controls, numbers(), describe(), a stored picture."""

from course_lib.views.predict import Predict
from course_lib.views.scaling import ScalingView
from course_lib.views.score_functions import ScoreFunctionsView
from course_lib.views.softmax import SoftmaxView

__all__ = ["Predict", "ScalingView", "ScoreFunctionsView", "SoftmaxView"]
