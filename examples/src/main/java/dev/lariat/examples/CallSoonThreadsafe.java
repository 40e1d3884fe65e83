package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.EventLoop;
import dev.lariat.Future;

/**
 * The way into a loop from another thread.
 *
 * <pre>{@code
 * loop.call_soon_threadsafe(callback, *args)
 * }</pre>
 *
 * <p>A loop and its futures belong to one thread. Touching them from another is refused at once,
 * not only in debug mode.
 */
class CallSoonThreadsafe {
  static void main() {
    run(CallSoonThreadsafe::program);
  }

  static void postman(EventLoop loop, Future<String> letter) {
    try {
      letter.setResult("a letter");
    } catch (IllegalStateException wrongThread) {
      IO.println("refused: this is the " + Thread.currentThread().getName());
    }
    loop.callSoonThreadsafe(() -> letter.setResult("a letter"));
  }

  static void program() {
    EventLoop loop = getRunningLoop();
    Future<String> letter = loop.createFuture();
    Thread.ofPlatform().name("postman").start(() -> postman(loop, letter));
    IO.println("received: " + letter.await());
  }
}
