"""stub"""
import json
from tests.bench import measure
def write(project, service, bench, lab, parity, effort):
    for v in bench.variants:
        print(v.name, {k: round(x,3) for k,x in measure.summary(lab.samples[v.name]).items()}, bench.sizes[v.name])
    print(parity, bench.onnx)
