package dev.lariat.examples;

import static dev.lariat.Asyncio.*;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import java.time.Duration;

/**
 * Tasks of a loop that is not running yet; they start when it runs.
 *
 * <pre>{@code
 * future = loop.create_task(coroutine)
 * future = asyncio.ensure_future(coroutine, loop=loop)
 * future.add_done_callback(fn1)
 * loop.run_until_complete(future)
 * }</pre>
 *
 * <p>A task is a future as well: it can be awaited, and takes callbacks.
 */
class Tasks {
  static void main() {
    try (EventLoop loop = newEventLoop()) {
      program(loop);
    }
  }

  static int square(int n) {
    sleep(Duration.ofMillis(n));
    return n * n;
  }

  static void program(EventLoop loop) {
    Future<Integer> first = loop.createTask(() -> square(2));
    Future<Integer> second = ensureFuture(() -> square(3), loop);
    first.addDoneCallback(done -> IO.println("callback: the first is " + done.result()));

    int result = loop.runUntilComplete(second);
    IO.println("the loop has run: the second is " + result);
  }
}
