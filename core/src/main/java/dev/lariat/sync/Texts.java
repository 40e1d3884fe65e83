package dev.lariat.sync;

import dev.lariat.internal.sync.WaitQueue;

/** What the primitives' texts have in common. */
final class Texts {
  private Texts() {}

  static String waiters(WaitQueue waiters) {
    return waiters.isEmpty() ? "" : ", waiters:" + waiters.size();
  }
}
