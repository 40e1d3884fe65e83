package dev.lariat.glib;

import dev.lariat.host.Watch;

/** A source that runs whenever a descriptor can be read, or has failed. */
final class DescriptorSource implements Watch {
  private static final long OFF = 0;

  private final Source source;
  private final int descriptor;
  private boolean closed;

  /** What GLib knows the descriptor by while it is watched. */
  private long tag = OFF;

  DescriptorSource(long context, int priority, int descriptor, Runnable body) {
    source = Source.timed(context, priority, body);
    this.descriptor = descriptor;
    setEnabled(true);
  }

  void setPriority(int priority) {
    if (!closed) {
      source.setPriority(priority);
    }
  }

  @Override
  public void setEnabled(boolean enabled) {
    if (closed || enabled == (tag != OFF)) {
      return;
    }
    if (enabled) {
      tag = source.watch(descriptor);
    } else {
      source.endWatch(tag);
      tag = OFF;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      source.destroy();
    }
  }
}
