"""The trained file under LiteRT, as the function runs it."""

import numpy
from ai_edge_litert.interpreter import Interpreter as LiteRt

from model_training.clothes.pixels import normalised


class Interpreter:
    """Answers pictures with logits; loaded once."""

    def __init__(self, file: bytes, threads: int = 1) -> None:
        self._runtime = LiteRt(model_content=file, num_threads=threads)
        self._runtime.allocate_tensors()
        (entered,) = self._runtime.get_input_details()
        (left,) = self._runtime.get_output_details()
        self._input, self._output = entered["index"], left["index"]
        self.size = int(entered["shape"][1])
        self.classes = int(left["shape"][-1])

    def logits(self, pictures: numpy.ndarray) -> numpy.ndarray:
        """float32 (N, classes) of uint8 (N, size, size, 3)."""
        rows = []
        for picture in pictures:
            self._runtime.set_tensor(self._input, normalised(picture[None]))
            self._runtime.invoke()
            rows.append(self._runtime.get_tensor(self._output)[0])
        return numpy.stack(rows)
