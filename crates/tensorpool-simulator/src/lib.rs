//! TensorPool simulator.
