"""Support vector machines with kernels; the linear ones of liblinear are in linear_model."""
