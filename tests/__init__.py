"""The suite: real parts, no mocks where a real part can run."""
