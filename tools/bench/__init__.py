"""Cold starts, warm calls, memory and packages of our function and of its peers, side by side."""

import model_training as model_training  # puts lambda_src on the path, as Lambda does
