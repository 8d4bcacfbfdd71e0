# A TensorPool on this machine, which costs nothing: see the guide on the simulator.
provider "tensorpool" {
  endpoint = "http://127.0.0.1:8080"
  api_key  = "sim-key"
}
