/** Route reason and feature of a call that was sent a second time to be looked at, while its caller had another answer. */
export const shadowLabel = "shadow";
