//! TensorPool client.
