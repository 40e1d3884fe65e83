package dev.lariat.glib;

/** Runs main loops of one context, each but the first inside another. */
final class MainLoops {
  private final long context;
  private final boolean isDefault;
  private long innermost;

  MainLoops(long context) {
    this.context = context;
    isDefault = context == Native.contextDefault();
  }

  /** Runs one, until {@link #quit}. */
  void run() {
    long outer = innermost;
    innermost = Native.loopNew(context);
    try {
      inContext(() -> Native.loopRun(innermost));
    } finally {
      Native.loopUnref(innermost);
      innermost = outer;
    }
  }

  /** Ends the innermost one. */
  void quit() {
    Native.loopQuit(innermost);
  }

  /** Runs something whose operations are to come back to this context. */
  void inContext(Runnable body) {
    boolean pushed = !isDefault && Native.pushThreadDefault(context);
    try {
      body.run();
    } finally {
      if (pushed) {
        Native.popThreadDefault(context);
      }
    }
  }

  @Override
  public String toString() {
    return isDefault
        ? "GLib's default main context"
        : "GLib main context 0x" + Long.toHexString(context);
  }
}
