package dev.lariat.qt;

/** To come. */
public final class QtSignals {
  private QtSignals() {}
}
