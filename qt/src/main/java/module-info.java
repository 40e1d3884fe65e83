/**
 * Lariat on Qt's main loop. Start at {@link dev.lariat.qt.QtAsyncio}.
 *
 * <p>It needs Qt 6's core library, and no binding of it. Where QtJambi is there, {@link
 * dev.lariat.qt.QtSignals} knows its signals and windows.
 */
@org.jspecify.annotations.NullMarked
module dev.lariat.qt {
  requires static transitive org.jspecify;
  requires static transitive qtjambi;
  requires transitive dev.lariat.core;

  exports dev.lariat.qt;
}
