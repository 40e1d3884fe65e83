package dev.lariat.gio.internal;

import java.util.ArrayDeque;
import org.gnome.gio.Cancellable;

/**
 * Cancellables of operations that ended well, to be used again: making one costs as much as a short
 * operation.
 */
final class Cancellables {
  private static final int ENOUGH = 256;
  private static final ArrayDeque<Cancellable> FREE = new ArrayDeque<>();

  private Cancellables() {}

  static Cancellable take() {
    synchronized (FREE) {
      if (!FREE.isEmpty()) {
        return FREE.pop();
      }
    }
    return new Cancellable();
  }

  static void giveBack(Cancellable used) {
    synchronized (FREE) {
      if (FREE.size() < ENOUGH) {
        FREE.push(used);
      }
    }
  }
}
