// stateful.h - what the two dialects' sigma share.
#pragma once

namespace tick {

// Standard deviations of x from the running mean, x included. zero_for_equal: 0 where all values so far are equal;
// Kapacitor 0.2 gave NaN there from the second value on.
double Sigma(void *state, double x, bool zero_for_equal);

}  // namespace tick
