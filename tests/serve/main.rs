//! What the HTTP server promises, seen by clients that speak raw TCP. The mill behind it is a double,
//! but where the promise is the whole program's.

#![cfg(test)]

mod client;
mod double;
mod fault_28_hanging_origin;
mod fault_29_nothing_yet;
mod fault_46_conditions;
mod fault_47_targets;
mod fault_48_methods;
mod fault_49_heads;
mod fault_50_crowds;
mod fault_51_claims;
mod fault_52_stop;
mod life;
mod sockets;
#[path = "../support/mod.rs"]
mod support;
mod surface;
