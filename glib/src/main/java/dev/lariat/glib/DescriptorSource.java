package dev.lariat.glib;

import dev.lariat.host.Watch;

/** A source that runs whenever a descriptor can be read, or has failed. */
final class DescriptorSource extends Source implements Watch {
  private static final int POLL_IN_ERR_HUP = 1 | 8 | 16;

  private final int descriptor;

  /** What GLib knows the descriptor by while it is watched, else 0. */
  private long tag;

  DescriptorSource(long context, int priority, int descriptor, Runnable body) {
    super(timedPointer(), priority, context, body);
    this.descriptor = descriptor;
    setEnabled(true);
  }

  @Override
  public void setEnabled(boolean enabled) {
    if (enabled == (tag == 0) && !isDestroyed()) {
      if (enabled) {
        tag = Native.sourceAddUnixFd(pointer, descriptor, POLL_IN_ERR_HUP);
      } else {
        Native.sourceRemoveUnixFd(pointer, tag);
        tag = 0;
      }
    }
  }

  @Override
  public void close() {
    destroy();
  }
}
