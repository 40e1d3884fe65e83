package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.EventLoop;

/**
 * Each thread can have an event loop of its own.
 *
 * <pre>{@code
 * loop = asyncio.new_event_loop()
 * asyncio.set_event_loop(loop)
 * # use loop...
 * }</pre>
 *
 * <p>{@code getEventLoop} never makes one by itself, in no thread; so it is since Python 3.14.
 */
class LoopInAnotherThread {
  static void main() throws InterruptedException {
    Thread worker = Thread.ofPlatform().name("worker").start(LoopInAnotherThread::useALoop);
    worker.join();
  }

  static void useALoop() {
    try {
      getEventLoop();
    } catch (IllegalStateException e) {
      IO.println("no loop yet");
    }

    try (EventLoop loop = newEventLoop()) {
      setEventLoop(loop);
      IO.println("the loop that was set: " + (getEventLoop() == loop));
      loop.runUntilComplete(
          () -> IO.println("a coroutine runs in the " + Thread.currentThread().getName()));
    } finally {
      setEventLoop(null);
    }
  }
}
