package dev.lariat.hazards;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.host.VirtualTime;

/** Runs a program as {@code Asyncio.run} does, on a loop whose clock jumps instead of waiting. */
public final class VirtualLoop {
  private VirtualLoop() {}

  public static EventLoop create() {
    return new EventLoop(new VirtualTime());
  }

  public static void run(Action main) {
    Asyncio.run(main.toCoroutine(), VirtualLoop::create);
  }

  public static <T> T call(Coroutine<T> main) {
    return Asyncio.run(main, VirtualLoop::create);
  }
}
