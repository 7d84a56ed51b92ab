//! What the HTTP server promises, seen by clients that speak raw TCP. The mill behind it is a double.

#![cfg(test)]

mod client;
mod double;
mod fault_29_nothing_yet;
mod fault_46_conditions;
mod fault_47_targets;
mod fault_48_methods;
mod fault_49_heads;
mod fault_51_claims;
mod life;
mod surface;
