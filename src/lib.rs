//! The TensorPool provider.
