"""Socket.IO: who may connect, taps in, panels out."""
