package dev.lariat.internal.sync;

import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import org.jspecify.annotations.Nullable;

/** The loop that a primitive belongs to: the first one that a task waits for it in. */
public final class LoopBinding {
  private final Object owner;
  private @Nullable EventLoop loop;

  /** Makes a binding of {@code owner}, which error messages name. */
  public LoopBinding(Object owner) {
    this.owner = owner;
  }

  /** Binds to the running loop, or finds that it is bound to it. */
  EventLoop bind() {
    EventLoop running = Asyncio.getRunningLoop();
    if (loop == null) {
      loop = running;
    } else if (loop != running) {
      throw new IllegalStateException(owner + " is bound to a different event loop");
    }
    return running;
  }
}
